"""What all rows of the index are read by, at hand for every search."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from msgspec import Struct

from bot.search.days import Days
from bot.search.packing import Packing
from bot.search.schema import as_written


class Frame(Struct, frozen=True):
    """How ids hold days, how digests are packed, and which items share a story: few do."""

    days: Days
    packing: Packing
    labels: Mapping[int, int]


class Frames:
    """Gives the frame, read anew when the index has changed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._version: int | None = None
        self._frame = Frame(Days(), Packing(), {})

    def __call__(self) -> Frame:
        """Give the frame of the rows that are there now."""
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            labels = self._connection.execute("SELECT item, story FROM stories").fetchall()
            self._frame = Frame(
                days_of(self._connection), packing_of(self._connection), dict(labels)
            )
            self._version = version
        return self._frame

    @contextmanager
    def at_one_time(self) -> Iterator[Frame]:
        """Read rows that belong together, whatever is written meanwhile."""
        self._connection.execute("BEGIN")
        try:
            yield self()
        finally:
            # SQLite ends a transaction by itself where reading failed badly.
            if self._connection.in_transaction:
                self._connection.execute("COMMIT")


@as_written()
def days_of(connection: sqlite3.Connection) -> Days:
    """Read how ids hold days."""
    bits = _fact(connection, "bits")
    return Days() if bits is None else Days(int(bits))


@as_written()
def packing_of(connection: sqlite3.Connection) -> Packing:
    """Read how digests are packed."""
    return Packing(_fact(connection, "dictionary") or b"")


def _fact(connection: sqlite3.Connection, name: str) -> bytes | None:
    query = "SELECT value FROM facts WHERE name = ?"
    row: tuple[bytes] | None = connection.execute(query, (name,)).fetchone()
    return row and row[0]


def state(connection: sqlite3.Connection, name: str, value: str | bytes | int) -> None:
    """Write down by what the rows are read."""
    query = "INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)"
    connection.execute(query, (name, value))
