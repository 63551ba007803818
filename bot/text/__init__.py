"""What text is made of: units, graphemes, normal forms. Pure."""
