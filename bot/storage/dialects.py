"""What the databases differ in: how one is opened, what its errors mean, what SQL is its own.

The module of each, `sqlite` and `postgresql`, is a `Dialect`; all else is the same for both.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sqlalchemy import Table, Update, make_url
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage import sqlite
from bot.storage.errors import ServerUnavailable, StorageError
from bot.storage.journal import Journal


class Dialect(Protocol):
    """One kind of database."""

    def opened(
        self, url: str, *, beside: bool, busy_timeout: float
    ) -> AbstractAsyncContextManager[tuple[AsyncEngine, AsyncEngine, Journal]]:
        """Give the engines of transactions that write and of those that read, and the journal.

        Unless *beside*, whoever else owns the database is told of by `DatabaseInUse`.
        """

    def fault(self, error: Exception) -> StorageError | None:
        """Say what *error* means to an operator; None where it is a bug."""


def dialect_of(url: str) -> Dialect:
    """Tell which database *url* names."""
    if not url.startswith("postgresql"):
        return sqlite
    try:
        from bot.storage import postgresql
    except ModuleNotFoundError as exc:
        raise ServerUnavailable(
            'PostgreSQL needs a driver: pip install "digestbot[postgresql]", '
            'or pip install ".[postgresql]" in the bot\'s folder'
        ) from exc
    return postgresql


def shown(url: str) -> str:
    """Give the address of a database without the password."""
    return make_url(url).difference_update_query(["password"]).render_as_string()


def insert_unless_known(table: Table) -> Insert:
    """Start an INSERT that may end in ``on_conflict_…``: PostgreSQL's, which SQLite reads too."""
    return insert(table)


def put_off(statement: Update) -> Update:
    """Let *statement*, of which nobody asks what it gives, go to the database with the next."""
    return statement.execution_options(**{sqlite.PUT_OFF: True})
