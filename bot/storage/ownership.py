"""One process a database: whoever comes second is told who was first.

The lock is a transaction held open on a small SQLite file beside the database, so the operating
system releases it however the process ends, on every platform that SQLite runs on.
"""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.storage.errors import DatabaseInUse, DatabaseUnavailable


@contextmanager
def sole_owner(database: Path) -> Iterator[None]:
    """Hold *database* for this process alone, or raise `DatabaseInUse`."""
    real = database.resolve()  # a link leads to the same database
    path = real.with_name(real.name + ".lock")
    with closing(_connect(path)) as connection:
        try:
            _write_name(connection)
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise DatabaseUnavailable(f"{path} cannot be written: {exc}") from exc
            raise DatabaseInUse(_who(connection, database)) from exc
        yield


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(path, timeout=0, isolation_level=None)
    except sqlite3.OperationalError as exc:
        raise DatabaseUnavailable(f"{path} cannot be opened: {exc}") from exc


def _write_name(connection: sqlite3.Connection) -> None:
    name = f"process {os.getpid()} on {socket.gethostname()}"
    since = datetime.now(UTC).isoformat(" ", "seconds")
    connection.execute("CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY, name, since)")
    connection.execute("REPLACE INTO owner VALUES (1, ?, ?)", (name, since))


def _who(connection: sqlite3.Connection, database: Path) -> str:
    name, since = connection.execute("SELECT name, since FROM owner").fetchone()
    return (
        f"{database} is in use by {name}, running since {since}: "
        "stop it first, or give this one a DATABASE_URL of its own"
    )
