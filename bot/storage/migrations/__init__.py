"""The history of the tables, forward only; a released step is never edited."""
