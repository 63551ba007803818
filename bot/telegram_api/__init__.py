"""The edge outwards: the Bot API."""
