"""The formats of digests that real publishers write, each tried in order."""
