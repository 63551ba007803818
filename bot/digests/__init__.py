"""The archive: text in, digests out."""
