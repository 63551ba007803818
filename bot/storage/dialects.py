"""What the databases differ in, in one place."""

from __future__ import annotations

from sqlalchemy import Table
from sqlalchemy.dialects.sqlite import Insert, insert


def insert_unless_known(table: Table) -> Insert:
    """Start an INSERT that may end in ``on_conflict_…``: SQLite's, which PostgreSQL reads too."""
    return insert(table)
