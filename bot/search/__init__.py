"""The index: a cache of parsed digests with full-text search."""
