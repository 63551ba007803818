"""One process a database: whoever comes second is told who was first.

The lock is a transaction held open on a small SQLite file beside the database, so the operating
system releases it however the process ends, on every platform that SQLite runs on. Whoever holds
it, and nobody else, writes its name into another file.
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
    lock, owner = sibling(database, ".lock"), sibling(database, ".owner")
    with closing(_connect(lock)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            owner.write_text(_name(), encoding="utf-8")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise DatabaseUnavailable(f"{lock} cannot be written: {exc}") from exc
            raise DatabaseInUse(_refusal(database, owner)) from exc
        except OSError as exc:
            raise DatabaseUnavailable(f"{owner} cannot be written: {exc}") from exc
        yield


def sibling(database: Path, suffix: str) -> Path:
    """Name a file that belongs to *database*; a link leads to the same database."""
    real = database.resolve()
    return real.with_name(real.name + suffix)


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(path, timeout=0, isolation_level=None)
    except sqlite3.OperationalError as exc:
        raise DatabaseUnavailable(f"{path} cannot be opened: {exc}") from exc


def _name() -> str:
    since = datetime.now(UTC).isoformat(" ", "seconds")
    return f"process {os.getpid()} on {socket.gethostname()}, running since {since}"


def _refusal(database: Path, owner: Path) -> str:
    try:
        name = owner.read_text(encoding="utf-8")
    except OSError:
        name = "another process"  # which is about to write its name
    return (
        f"{database} is in use by {name}: stop it first, or give this one a DATABASE_URL of its own"
    )
