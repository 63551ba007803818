"""A PostgreSQL server: who owns a database there, and what happens when it is not there."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Connection, select

from bot.storage import chats, postgresql
from bot.storage.database import Database
from bot.storage.errors import DatabaseInUse, ServerUnavailable
from bot.storage.records import ChatSeen
from bot.storage.tables import chats as chats_table
from bot.storage.tables import metadata
from tests.databases import Server

NOW = datetime(2026, 1, 14, tzinfo=UTC)
CONSTRAINTS = """
SELECT conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conname NOT LIKE 'alembic%'
"""
INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public' AND indexname NOT LIKE 'alembic%'
"""
COLUMNS = """
SELECT table_name || '.' || column_name,
    data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '')
FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE 'alembic%'
"""
SESSIONS = """
SELECT pid FROM pg_stat_activity
WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), $1)
"""
NAMES = "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE '% process %'"


@pytest.fixture
def url(postgresql_url: str) -> str:
    return postgresql_url


async def note(database: Database, chat_id: int) -> None:
    async with database.transaction() as db:
        await chats.note(db, ChatSeen(chat_id, "private"), NOW)


async def noted(database: Database) -> list[int]:
    async with database.reading() as db:
        return sorted(await db.scalars(select(chats_table.c.id)))


@asynccontextmanager
async def somebody_else(url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        yield connection
    finally:
        await connection.close()


async def end_all_sessions(url: str, but: int = 0) -> None:
    async with somebody_else(url) as other:
        for row in await other.fetch(SESSIONS, but):
            await other.fetchval("SELECT pg_terminate_backend($1, 5000)", row["pid"])


async def test_the_steps_and_the_tables_make_the_same(
    database: Database, postgresql_server: Server
) -> None:
    def made(connection: Connection) -> dict[str, str]:
        return {
            name: spelled
            for query in (CONSTRAINTS, INDEXES, COLUMNS)
            for name, spelled in map(tuple, connection.exec_driver_sql(query))
        }

    async with database.reading() as db:
        by_steps = await db.run_sync(made)
    name = postgresql_server.create()
    async with Database.open(postgresql_server.url(name)) as other, other.transaction() as db:
        await db.run_sync(metadata.drop_all)
        await db.run_sync(metadata.create_all)
        by_tables = await db.run_sync(made)
    postgresql_server.drop(name)

    assert len(by_steps) > 50
    assert by_steps == by_tables


async def test_the_owner_dies_and_the_next_one_may_begin(url: str) -> None:
    script = (
        "import asyncio; from bot.storage.database import Database\n"
        f"async def main():\n  async with Database.open({url!r}):\n"
        "    print('open', flush=True); await asyncio.sleep(3600)\n"
        "asyncio.run(main())"
    )
    first = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE
    )
    assert first.stdout is not None
    assert await first.stdout.readline() == b"open\n"

    with pytest.raises(DatabaseInUse, match=f"in use by process {first.pid} on "):
        async with Database.open(url):
            pass
    first.kill()
    await first.wait()
    async with asyncio.timeout(10):
        while not await opens(url):  # noqa: ASYNC110 - the server has to notice
            await asyncio.sleep(0.05)


async def opens(url: str) -> bool:
    try:
        async with Database.open(url):
            return True
    except DatabaseInUse:
        return False


async def test_connections_that_broke_are_made_anew(database: Database, url: str) -> None:
    await note(database, 1)
    assert await noted(database) == [1]

    await end_all_sessions(url)
    await asyncio.sleep(0.1)

    await note(database, 2)
    assert await noted(database) == [1, 2]


async def test_a_transaction_whose_connection_breaks_is_none(database: Database, url: str) -> None:
    async def write() -> None:
        async with database.transaction() as db:
            await chats.note(db, ChatSeen(1, "private"), NOW)
            await end_all_sessions(url)
            await chats.note(db, ChatSeen(2, "private"), NOW)

    with pytest.raises(ServerUnavailable):
        await write()

    assert await noted(database) == []
    await note(database, 3)


async def test_whoever_loses_the_database_meanwhile_writes_no_more(
    database: Database, url: str
) -> None:
    await end_all_sessions(url)

    async with Database.open(url) as other:
        await note(other, 1)
        with pytest.raises(DatabaseInUse, match=f"process {os.getpid()} on "):
            await note(database, 2)

    assert await noted(database) == [1]
    await note(database, 2)


async def test_a_session_of_its_own_that_lives_on_is_ended(database: Database, url: str) -> None:
    """As after a cable was pulled: the server has not noticed yet, and holds the lock."""
    async with somebody_else(url) as left_alone:
        name = await left_alone.fetchval(NAMES)
        await end_all_sessions(url, but=left_alone.get_server_pid())
        await left_alone.execute(f"SET application_name = '{name}'; {postgresql.OWN}")

        await note(database, 1)

        with pytest.raises(asyncpg.InterfaceError, match="closed"):
            await left_alone.execute("SELECT 1")


async def test_what_writes_beside_waits_for_the_writer(url: str, database: Database) -> None:
    async with Database.open(url, beside=True) as other:
        async with database.transaction() as db:
            await chats.note(db, ChatSeen(1, "private"), NOW)
            waiting = asyncio.create_task(note(other, 2))
            await asyncio.sleep(0.2)
            assert not waiting.done()
        await waiting

    assert await noted(database) == [1, 2]


async def test_who_reads_sees_one_state_and_writes_nothing(database: Database) -> None:
    async with database.reading() as db:
        assert await db.scalar(select(chats_table.c.id)) is None
        await note(database, 1)
        assert await db.scalar(select(chats_table.c.id)) is None

    with pytest.raises(ServerUnavailable, match="read-only"):
        async with database.reading() as db:
            await chats.note(db, ChatSeen(2, "private"), NOW)


def nobody(url: str) -> str:
    return url.replace("bot@", "nobody@")


def no_such_database(url: str) -> str:
    return url.replace("/test", "/missing")


def no_server(url: str) -> str:
    return "postgresql+asyncpg://bot@127.0.0.1:9/test"


def no_socket(url: str) -> str:
    return "postgresql+asyncpg://bot@/test?host=/nowhere"


def unknown_option(url: str) -> str:
    return f"{url}&sslmode=require"


def unknown_value(url: str) -> str:
    return f"{url}&ssl=perhaps"


def no_such_host(url: str) -> str:
    return "postgresql+asyncpg://bot@no.such.host.invalid/test"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (nobody, 'role "nobody" does not exist: mend user'),
        (no_such_database, r'database "missing\d+" does not exist: create it'),
        (no_server, "cannot be reached"),
        (no_socket, "cannot be reached"),
        (no_such_host, "cannot be reached"),
        (unknown_option, "cannot be had: .*'sslmode'"),
        (unknown_value, "cannot be had: .*must be one of"),
    ],
)
async def test_a_server_that_cannot_be_used_is_told_in_a_line(
    url: str, wrong: Callable[[str], str], told: str
) -> None:
    with pytest.raises(ServerUnavailable, match=told) as raised:
        async with Database.open(wrong(url)):
            pass

    assert "\n" not in str(raised.value)


async def test_a_database_that_cannot_hold_all_languages_is_refused(
    postgresql_server: Server,
) -> None:
    name = postgresql_server.create("--encoding=LATIN1", "--template=template0")

    with pytest.raises(ServerUnavailable, match="holds LATIN1"):
        async with Database.open(postgresql_server.url(name)):
            pass
    postgresql_server.drop(name)


def test_without_the_driver_it_says_how_to_get_it(url: str) -> None:
    script = (
        "import asyncio, sys; sys.modules['asyncpg'] = None\n"
        "from bot.storage.database import Database\n"
        f"async def main():\n  async with Database.open({url!r}): pass\n"
        "asyncio.run(main())"
    )

    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert 'pip install "digestbot[postgresql]"' in ended.stderr.splitlines()[-1]
