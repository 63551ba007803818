"""PostgreSQL: who owns a database, one writer at a time, and what its errors mean.

The connection that writes holds the lock of the owner, so whoever is not the owner cannot write:
a connection that breaks takes the lock along, and the next one has to win it again.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.storage.errors import (
    DatabaseInUse,
    DatabaseUnreadable,
    ServerUnavailable,
    StorageError,
)
from bot.storage.journal import Journal

OLDEST = 14
# Advisory locks of the database, by numbers that nobody else there is likely to use.
_OURS = 1684629349
OWN = f"SELECT pg_try_advisory_lock({_OURS}, 1)"
_WRITE = f"SELECT pg_advisory_xact_lock({_OURS}, 2)"
_HOLDER = """
SELECT pid, datname, coalesce(application_name, '') AS name
FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND (classid, objid, objsubid) = ($1, 1, 2) AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
# What is written down was said to have arrived: a crash of the server may not take it back.
_LASTING = {"synchronous_commit": "on"}
_SNAPSHOT = {
    "default_transaction_isolation": "repeatable read",
    "default_transaction_read_only": "on",
}
# The server cuts longer ones, and knows no other letters than ASCII's.
_LONGEST_NAME = 63
_CONNECT_SECONDS = 10
# A server that went away without a word; longer than any statement takes.
_ANSWER_SECONDS = 120
# So that the server, too, lets go of one that went away without a word.
_KEEPALIVE = {
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}

_AGAIN = "try again"
_UNREADABLE = ("XX001", "XX002")
# By the beginning of SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html
_REMEDIES = {
    "08": _AGAIN,
    "25006": "this server only reads: name the one that writes",
    "28": "mend user and password, or what pg_hba.conf says of them",
    "3D": "create it: createdb --encoding=UTF8 NAME",
    "40": _AGAIN,
    "42501": "the bot's user must own the database, or be allowed to create tables there",
    "53": "the server needs room, or more connections",
    "55P03": "another process has been writing for long",
    "57": "the server stops or starts",
    "58": "see the server's log",
}


@asynccontextmanager
async def opened(
    url: str, *, beside: bool, busy_timeout: float
) -> AsyncIterator[tuple[AsyncEngine, AsyncEngine, Journal]]:
    """Reach the database at *url*; see `Dialect`."""
    process = _Process()
    waits = _LASTING | {"lock_timeout": f"{busy_timeout * 1000:.0f}"}
    writer = process.connect if beside else process.connect_as_owner
    writing = _engine(url, writer, waits, pool_size=1, max_overflow=0)
    reading = _engine(url, process.connect, waits | _SNAPSHOT)
    event.listen(writing.sync_engine, "begin", _wait_for_other_writers)
    try:
        yield writing, reading, Journal()
    finally:
        await writing.dispose()
        await reading.dispose()


def fault(error: Exception) -> StorageError | None:
    """Say what *error* means to an operator; None where it is a bug."""
    if isinstance(error, OSError):
        return ServerUnavailable(f"the database cannot be reached: {error or 'no answer'}")
    if not isinstance(error, DBAPIError):
        return None
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in _UNREADABLE:
        return DatabaseUnreadable(f"the database cannot be read: {error.orig}")
    remedy = next((it for begin, it in _REMEDIES.items() if state.startswith(begin)), None)
    if remedy is None and not error.connection_invalidated:
        return None
    return ServerUnavailable(f"the database cannot be used: {error.orig}: {remedy or _AGAIN}")


class _Process:
    """Who connects: its connections know each other by their name."""

    def __init__(self) -> None:
        name = f"{secrets.token_hex(4)} process {os.getpid()} on {socket.gethostname()}"
        self._name = name.encode("ascii", "replace").decode()[:_LONGEST_NAME]

    async def connect(
        self, *, server_settings: dict[str, str], **options: Any
    ) -> asyncpg.Connection:
        """Connect to a server that the bot can work with."""
        named = server_settings | {"application_name": self._name}
        try:
            connection = await asyncpg.connect(**options, server_settings=named)
        except (TypeError, ValueError) as exc:
            raise ServerUnavailable(f"what its address asks for cannot be had: {exc}") from exc
        try:
            _check(connection)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def connect_as_owner(self, **options: Any) -> asyncpg.Connection:
        """Connect, and hold the database for this process alone, or raise `DatabaseInUse`."""
        connection = await self.connect(**options)
        try:
            while not await connection.fetchval(OWN):
                await self._make_room(connection)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _make_room(self, connection: asyncpg.Connection) -> None:
        """End a session of our own that outlived its connection; another's stays."""
        holder = await connection.fetchrow(_HOLDER, _OURS)
        if holder is None:
            return
        if holder["name"] != self._name:
            raise DatabaseInUse(_in_use(holder))
        await connection.fetchval("SELECT pg_terminate_backend($1, 1000)", holder["pid"])


def _check(connection: asyncpg.Connection) -> None:
    version = connection.get_server_version()
    if version.major < OLDEST:
        raise ServerUnavailable(
            f"PostgreSQL {version.major} is too old: {OLDEST} or newer is needed"
        )
    encoding = connection.get_settings().server_encoding
    if encoding != "UTF8":
        raise ServerUnavailable(
            f"the database holds {encoding}, not all languages: create it with --encoding=UTF8"
        )


def _in_use(holder: asyncpg.Record) -> str:
    name = holder["name"].partition(" ")[2] or "another user's process"
    return (
        f"the database {holder['datname']} is in use by {name}: "
        "stop it first, or give this one a DATABASE_URL of its own"
    )


def _engine(
    url: str,
    connect: Callable[..., Awaitable[asyncpg.Connection]],
    server_settings: dict[str, str],
    **pool: int,
) -> AsyncEngine:
    options = {
        "async_creator_fn": connect,
        "server_settings": _KEEPALIVE | server_settings,
        "timeout": _CONNECT_SECONDS,
        "command_timeout": _ANSWER_SECONDS,
    }
    engine = create_async_engine(url, connect_args=options, **pool)
    event.listen(engine.sync_engine, "checkout", _only_alive)
    return engine


def _only_alive(connection: Any, _record: object, _proxy: object) -> None:
    # After a restart of the server, the pool then connects anew.
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _wait_for_other_writers(connection: Connection) -> None:
    # As BEGIN IMMEDIATE does: what is read from here on nobody else changes meanwhile.
    connection.exec_driver_sql(_WRITE)
