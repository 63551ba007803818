"""Statements of SQLite, each carried out with one visit to aiosqlite's thread.

SQLAlchemy's own cursor goes there to be opened, to execute, to fetch and to be closed; while
messages go out by the thousand, the loop comes back to it only after some milliseconds each time.
What gives nothing that anybody asks for may be put off: it goes there with the next statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
)

Work: TypeAlias = Callable[[sqlite3.Cursor], object]


class Statement:
    """What SQLAlchemy takes for aiosqlite's cursor: its results are all there at once.

    *ahead* is what was put off. Where *waits*, it is put off itself.
    """

    arraysize = 1

    def __init__(self, connection: aiosqlite.Connection, ahead: list[Work]) -> None:
        self.waits = False
        self._connection = connection
        self._ahead = ahead
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

    async def _carry_out(self, work: Work) -> None:
        self._ahead.append(work)
        if self.waits:
            return
        works = self._ahead[:]
        self._ahead.clear()
        # Nothing public of aiosqlite gives rows and their description in one visit.
        visit: Any = self._connection._execute  # noqa: SLF001
        await visit(self._carried_out, works)

    def _carried_out(self, works: Sequence[Work]) -> None:
        cursor = self._connection._conn.cursor()  # noqa: SLF001
        try:
            for work in works:
                work(cursor)
            self._rows = cursor.fetchall()
            self.description, self.rowcount = cursor.description, cursor.rowcount
            self.lastrowid = cursor.lastrowid
        finally:
            cursor.close()


class StatementCursor(AsyncAdapt_aiosqlite_cursor):
    """One statement."""

    __slots__ = ()

    def _make_new_cursor(self, connection: Any) -> Any:
        adapted: Any = self._adapt_connection
        return Statement(connection, adapted.ahead)

    def put_off(self) -> None:
        """Let it be carried out with the next, or with the commit."""
        statement: Any = self._cursor
        statement.waits = True


class StatementConnection(AsyncAdapt_aiosqlite_connection):
    """A connection whose statements each take one visit, with BEGIN and what was put off."""

    __slots__ = ("ahead",)
    _cursor_cls = StatementCursor

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self.ahead: list[Work] = []

    def begin(self, statement: str) -> None:
        """Begin a transaction with the next statement."""
        self.ahead[:] = [lambda cursor: cursor.execute(statement)]

    def commit(self) -> None:
        """Commit, with what was put off."""
        # One without a statement has not begun.
        if self._has_begun or len(self.ahead) > 1:
            self.cursor().execute("COMMIT")

    def rollback(self) -> None:
        """Undo what is open; after each commit the pool asks for it, too, and nothing is."""
        self.ahead.clear()
        if self._has_begun:
            super().rollback()

    @property
    def _has_begun(self) -> bool:
        connection = self._connection
        return bool(connection._connection and connection.in_transaction)  # noqa: SLF001
