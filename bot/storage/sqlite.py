"""SQLite: a file, its owner, and what its errors mean."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import Dialect, ExecutionContext
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.storage.errors import DatabaseUnavailable, DatabaseUnreadable, StorageError
from bot.storage.journal import Journal, unbuffered
from bot.storage.ownership import sibling, sole_owner
from bot.storage.sqlite_statements import StatementConnection

PUT_OFF = "put_off"
"""The option of a statement that is carried out together with the next."""
_WRITES = "writes"


@asynccontextmanager
async def opened(
    url: str, *, beside: bool, busy_timeout: float
) -> AsyncIterator[tuple[AsyncEngine, AsyncEngine, Journal]]:
    """Open the file at *url*; see `Dialect`."""
    path = _file_of(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise DatabaseUnavailable(str(exc)) from exc
    with nullcontext(Journal()) if beside else _owned(path) as journal:
        _try_to_open(path)
        engine = _engine(url, busy_timeout)
        try:
            yield _that(engine, writes=True), _that(engine, writes=False), journal
        finally:
            await engine.dispose()


def fault(error: Exception) -> StorageError | None:
    """Say what *error* means to an operator; None where it is a bug."""
    match error:
        case OperationalError():
            return DatabaseUnavailable(f"the database cannot be used: {error.orig}")
        case DatabaseError() if "not a database" in str(error) or "malformed" in str(error):
            return DatabaseUnreadable(f"the database cannot be read: {error.orig}")
    return None


@contextmanager
def _owned(path: Path) -> Iterator[Journal]:
    notes = sibling(path, ".answers")
    with sole_owner(path):
        try:
            file = unbuffered(notes)
        except OSError as exc:
            raise DatabaseUnavailable(f"{notes} cannot be written: {exc}") from exc
        with file:
            yield Journal(file)


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
    event.listen(engine.sync_engine, "do_connect", _connect)
    event.listen(engine.sync_engine, "connect", _configure)
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "before_cursor_execute", _put_off)
    event.listen(engine.sync_engine, "invalidate", _let_go)
    return engine


def _that(engine: AsyncEngine, *, writes: bool) -> AsyncEngine:
    return engine.execution_options(**{_WRITES: writes})


def _connect(
    dialect: Dialect, _record: object, args: tuple[Any, ...], options: dict[str, Any]
) -> StatementConnection:
    connection = dialect.connect(*args, **options)
    return StatementConnection(dialect.dbapi, dialect.get_driver_connection(connection))


def _configure(connection: Any, _record: object) -> None:
    # The driver's own transactions would begin late and as readers; _begin opens ours.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES)
    dbapi: Any = connection.connection.dbapi_connection
    dbapi.begin("BEGIN IMMEDIATE" if writes else "BEGIN")


def _put_off(
    _connection: Connection,
    cursor: Any,
    _statement: str,
    _parameters: object,
    context: ExecutionContext | None,
    _many: bool,  # noqa: FBT001 - as SQLAlchemy calls it
) -> None:
    if context is not None and context.execution_options.get(PUT_OFF):
        cursor.put_off()


def _let_go(connection: Any, _record: object, _error: object) -> None:
    # Of a task that was cancelled. Closed with a statement under way, SQLite would keep the lock.
    connection.rollback()
