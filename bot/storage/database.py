"""The state: opening, migrating, and the scope of a transaction."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.dialects import Dialect, dialect_of
from bot.storage.journal import Journal
from bot.storage.migrating import migrate

Transaction: TypeAlias = AsyncConnection
"""What the functions of this package need to read and write; services hand it through."""


class Database:
    """The state. One writer at a time, any number of readers."""

    def __init__(
        self, dialect: Dialect, writing: AsyncEngine, reading: AsyncEngine, journal: Journal
    ) -> None:
        self._dialect = dialect
        self._writing = writing
        self._reading = reading
        self.journal = journal
        self._writer = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, *, beside: bool = False, busy_timeout: float = 5.0
    ) -> AsyncIterator[Database]:
        """Open the database at *url*, brought up to date.

        *beside*: work next to the process that owns it, as commands do while the bot runs.
        """
        dialect = dialect_of(url)
        async with dialect.opened(url, beside=beside, busy_timeout=busy_timeout) as opened:
            database = cls(dialect, *opened)
            async with database.transaction() as db:
                await db.run_sync(migrate)
            yield database

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Write: all of it or nothing."""
        async with self._writer, self._begun(self._writing) as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Read one consistent state, never waiting for a writer."""
        async with self._begun(self._reading) as connection:
            yield connection

    @asynccontextmanager
    async def _begun(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        try:
            async with engine.begin() as connection:
                yield connection
        except (DBAPIError, OSError) as exc:
            if fault := self._dialect.fault(exc):
                raise fault from exc
            raise
