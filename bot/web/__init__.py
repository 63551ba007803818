"""The edge for machines: health, and the word that the archive has changed."""
