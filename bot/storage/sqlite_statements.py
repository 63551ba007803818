"""Statements of SQLite, each carried out with one visit to aiosqlite's thread.

SQLAlchemy's own cursor goes there to be opened, to execute, to fetch and to be closed; while
messages go out by the thousand, the loop comes back to it only after some milliseconds each time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
)


class Statement:
    """What SQLAlchemy takes for aiosqlite's cursor: its results are all there at once."""

    arraysize = 1

    def __init__(self, connection: aiosqlite.Connection, beginning: str | None) -> None:
        self._connection = connection
        self._beginning = beginning
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Statement:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Carry out a statement and read all that it gives."""
        await self._carry_out(lambda cursor: cursor.execute(sql, parameters))

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Carry out a statement for each of the parameters."""
        await self._carry_out(lambda cursor: cursor.executemany(sql, parameters))

    async def fetchall(self) -> list[Any]:
        """Give all rows."""
        return self._rows

    async def close(self) -> None:
        """Do nothing: it is closed already."""

    async def _carry_out(self, carry_out: Callable[[sqlite3.Cursor], object]) -> None:
        # Nothing public of aiosqlite gives rows and their description in one visit.
        visit: Any = self._connection._execute  # noqa: SLF001
        await visit(self._carried_out, carry_out)

    def _carried_out(self, carry_out: Callable[[sqlite3.Cursor], object]) -> None:
        cursor = self._connection._conn.cursor()  # noqa: SLF001
        try:
            if self._beginning:
                cursor.execute(self._beginning)
            carry_out(cursor)
            self._rows = cursor.fetchall()
            self.description, self.rowcount = cursor.description, cursor.rowcount
            self.lastrowid = cursor.lastrowid
        finally:
            cursor.close()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    def _make_new_cursor(self, connection: Any) -> Any:
        adapted: Any = self._adapt_connection
        return Statement(connection, adapted.take_beginning())


class StatementConnection(AsyncAdapt_aiosqlite_connection):
    """A connection whose statements each take one visit, the first that of its BEGIN, too."""

    __slots__ = ("_beginning",)
    _cursor_cls = _Cursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self._beginning: str | None = None

    def begin(self, statement: str) -> None:
        """Begin a transaction with the next statement."""
        self._beginning = statement

    def take_beginning(self) -> str | None:
        """Give what is to be carried out before the next statement."""
        statement, self._beginning = self._beginning, None
        return statement

    def rollback(self) -> None:
        """Undo what is open; after each commit the pool asks for it, too, and nothing is."""
        if self._connection._connection and self._connection.in_transaction:  # noqa: SLF001
            super().rollback()
