"""Which items tell one story, at hand for every search: of many items, few share theirs."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping


class Labels:
    """The labels of the items that share a story, read anew when the index has changed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._version: int | None = None
        self._labels: dict[int, int] = {}

    def __call__(self) -> Mapping[int, int]:
        """Give the label of each item that has one."""
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            query = "SELECT id, story FROM items WHERE story IS NOT NULL"
            self._labels = dict(self._connection.execute(query).fetchall())
            self._version = version
        return self._labels
