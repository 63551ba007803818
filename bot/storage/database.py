"""The engine: opening, migrating, and the scope of a transaction."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.storage.errors import DatabaseUnavailable, DatabaseUnreadable
from bot.storage.migrating import migrate
from bot.storage.ownership import sole_owner

_WRITES = "writes"

Transaction: TypeAlias = AsyncConnection
"""What the functions of this package need to read and write; services hand it through."""


class Database:
    """The state. One writer at a time, any number of readers."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, *, beside: bool = False, busy_timeout: float = 5.0
    ) -> AsyncIterator[Database]:
        """Open the database at *url*, brought up to date.

        *beside*: work next to the process that owns it, as commands do while the bot runs.
        """
        path = _file_of(url)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise DatabaseUnavailable(str(exc)) from exc
        with nullcontext() if beside else sole_owner(path):
            _try_to_open(path)
            engine = _engine(url, busy_timeout)
            database = cls(engine)
            try:
                async with database.transaction() as db:
                    await db.run_sync(migrate)
                yield database
            finally:
                await engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Write: all of it or nothing."""
        async with self._writer, self._connection(writes=True) as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Read one consistent state, never waiting for a writer."""
        async with self._connection(writes=False) as connection:
            yield connection

    @asynccontextmanager
    async def _connection(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        with _translated():
            async with self._engine.connect() as connection:
                await connection.execution_options(**{_WRITES: writes})
                async with connection.begin():
                    yield connection


def _file_of(url: str) -> Path:
    database = make_url(url).database
    if not database:
        raise DatabaseUnavailable(f"{url}: name a file, as in sqlite+aiosqlite:///data/bot.db")
    return Path(database)


def _try_to_open(path: Path) -> None:
    # aiosqlite does not wait for its thread when opening fails: it may answer a loop that is gone.
    try:
        sqlite3.connect(path).close()
    except sqlite3.Error as exc:
        raise DatabaseUnavailable(f"the database cannot be used: {exc}") from exc


def _engine(url: str, busy_timeout: float) -> AsyncEngine:
    engine = create_async_engine(url, connect_args={"timeout": busy_timeout})
    event.listen(engine.sync_engine, "connect", _configure)
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "invalidate", _let_go)
    return engine


def _configure(connection: Any, _record: object) -> None:
    # The driver's own transactions would begin late and as readers; _begin opens ours.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _let_go(connection: Any, _record: object, _error: object) -> None:
    # Of a task that was cancelled. Closed with a statement under way, SQLite would keep the lock.
    connection.rollback()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as exc:
        raise DatabaseUnavailable(f"the database cannot be used: {exc.orig}") from exc
    except DatabaseError as exc:
        if "not a database" in str(exc.orig) or "malformed" in str(exc.orig):
            raise DatabaseUnreadable(f"the database cannot be read: {exc.orig}") from exc
        raise
