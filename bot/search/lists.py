"""The full-text tables: which stories hold which words, and which common characters."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from operator import attrgetter

from bot.search.columns import Columns
from bot.search.schema import COLUMNS

# How much of the words FTS5 gathers before it writes, in bytes: its own megabyte makes it merge all
# the time, and what it takes for that is half as much again.
_GATHERED = 4 << 20
_USUALLY_GATHERED = 1 << 20
# What so few digests hold is little enough to be written at once.
_FEW, _ALL_OF_FEW = 500, 8 << 20
_TABLES = ("words", "characters")

_words_of = attrgetter(*COLUMNS)
_COLUMNS = ", ".join(COLUMNS)
_VALUES = ", ".join("?" * len(COLUMNS))
_ADD_WORDS = f"INSERT INTO words (rowid, {_COLUMNS}) VALUES (?, {_VALUES})"  # noqa: S608
_DELETE_WORDS = f"INSERT INTO words (words, rowid, {_COLUMNS}) VALUES ('delete', ?, {_VALUES})"  # noqa: S608
_ADD_CHARACTERS = "INSERT INTO characters (rowid, held) VALUES (?, ?)"
_DELETE_CHARACTERS = "INSERT INTO characters (characters, rowid, held) VALUES ('delete', ?, ?)"


class Lists:
    """Enters stories into the lists of the index, and takes them out."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, numbered: Collection[tuple[int, Columns]]) -> None:
        """Let stories be found by their ids."""
        self._write(_ADD_WORDS, _ADD_CHARACTERS, numbered)

    def delete(self, numbered: Collection[tuple[int, Columns]]) -> None:
        """Take stories out, which can only be done by naming their words again."""
        self._write(_DELETE_WORDS, _DELETE_CHARACTERS, numbered)

    def clear(self) -> None:
        """Take all stories out."""
        self._command("delete-all")

    def optimise(self) -> None:
        """Make one list of all pieces of a word's list."""
        self._command("optimize")

    @contextmanager
    def gathering(self, digests: int) -> Iterator[None]:
        """Write much at once, of so many digests."""
        self._gather(_ALL_OF_FEW if digests < _FEW else _GATHERED)
        try:
            yield
        finally:
            self._gather(_USUALLY_GATHERED)

    def _write(
        self, words: str, characters: str, numbered: Collection[tuple[int, Columns]]
    ) -> None:
        self._connection.executemany(words, ((item, *_words_of(row)) for item, row in numbered))
        self._connection.executemany(characters, ((item, row.characters) for item, row in numbered))

    def _gather(self, size: int) -> None:
        query = "INSERT INTO words (words, rank) VALUES ('hashsize', ?)"
        self._connection.execute(query, (size,))

    def _command(self, name: str) -> None:
        for table in _TABLES:
            self._connection.execute(f"INSERT INTO {table} ({table}) VALUES (?)", (name,))  # noqa: S608
