"""State: the only importer of the SQL library."""
