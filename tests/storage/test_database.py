"""Opening, migrating, transactions, and one process a database."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from bot.storage import chats, outbox, subscriptions
from bot.storage.database import Database
from bot.storage.errors import (
    DatabaseInUse,
    DatabaseTooNew,
    DatabaseUnavailable,
    DatabaseUnreadable,
)
from bot.storage.records import ChatSeen
from bot.storage.tables import chats as chats_table
from tests.databases import ON_SQLITE, locked

NOW = datetime(2026, 1, 14, tzinfo=UTC)


async def test_opening_again_keeps_what_was_written(url: str) -> None:
    async with Database.open(url) as database, database.transaction() as db:
        await chats.note(db, ChatSeen(1, "private"), NOW)
        assert await subscriptions.add(db, 1, (), NOW)

    async with Database.open(url) as database, database.reading() as db:
        assert await subscriptions.has(db, 1)


async def test_a_second_process_is_told_who_was_first(database: Database, url: str) -> None:
    script = (
        "import asyncio; from bot.storage.database import Database\n"
        f"async def main():\n  async with Database.open({url!r}): pass\n"
        "asyncio.run(main())"
    )

    second = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert second.returncode == 1
    assert f"in use by process {os.getpid()} on" in second.stderr
    with pytest.raises(DatabaseInUse, match=f"process {os.getpid()}"):
        async with Database.open(url):
            pass


@ON_SQLITE
async def test_who_comes_second_writes_no_name(url: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(path.name + ".lock")
    with closing(sqlite3.connect(lock, isolation_level=None)) as first:
        first.execute("BEGIN IMMEDIATE")

        with pytest.raises(DatabaseInUse, match="in use by another process"):
            async with Database.open(url):
                pass

    assert not path.with_name(path.name + ".owner").exists()


@ON_SQLITE
async def test_a_link_to_the_database_is_the_database(database: Database, path: Path) -> None:
    link = path.with_name("link.db")
    link.symlink_to(path)

    with pytest.raises(DatabaseInUse, match=f"process {os.getpid()}"):
        async with Database.open(f"sqlite+aiosqlite:///{link}"):
            pass


async def test_a_command_may_work_beside_the_bot(database: Database, url: str) -> None:
    async with Database.open(url, beside=True) as other, other.transaction() as db:
        await chats.note(db, ChatSeen(1, "private"), NOW)

    async with database.reading() as db:
        assert await db.scalar(select(chats_table.c.id)) == 1


@ON_SQLITE
async def test_the_journal_is_there_for_the_next_process(url: str) -> None:
    async with Database.open(url) as database:
        database.journal.add(b"heard")
    async with Database.open(url) as database:
        assert database.journal.read() == [b"heard"]


@ON_SQLITE
async def test_a_journal_that_cannot_be_opened_is_told(url: str, path: Path) -> None:
    path.with_name(path.name + ".answers").mkdir(parents=True)

    with pytest.raises(DatabaseUnavailable, match=r"answers cannot be written: .*directory"):
        async with Database.open(url):
            pass


async def test_a_database_of_a_newer_bot_is_refused(url: str) -> None:
    async with Database.open(url) as database, database.transaction() as db:
        await db.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(DatabaseTooNew, match="9999"):
        async with Database.open(url):
            pass


@pytest.fixture
def no_database(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"no database" * 1000)


@ON_SQLITE
@pytest.mark.usefixtures("no_database")
async def test_a_file_that_is_no_database_is_refused(url: str) -> None:
    with pytest.raises(DatabaseUnreadable, match="not a database"):
        async with Database.open(url):
            pass


async def test_an_address_without_a_file_is_refused() -> None:
    with pytest.raises(DatabaseUnavailable, match="name a file"):
        async with Database.open("sqlite+aiosqlite://"):
            pass


async def test_a_database_that_somebody_else_writes_is_unavailable(
    database: Database, url: str
) -> None:
    async with locked(url):
        with pytest.raises(DatabaseUnavailable, match="lock"):
            async with database.transaction() as db:
                await outbox.sending(db)


@ON_SQLITE
async def test_a_full_disk_is_unavailable_and_leaves_nothing_half(database: Database) -> None:
    async def write() -> None:
        async with database.transaction() as db:
            await chats.note(db, ChatSeen(1, "private"), NOW)
            await db.exec_driver_sql("PRAGMA max_page_count = 1")
            await chats.note(db, ChatSeen(2, "private", title="x" * 1_000_000), NOW)

    with pytest.raises(DatabaseUnavailable, match="full"):
        await write()

    async with database.reading() as db:
        assert await db.scalar(select(chats_table.c.id)) is None


async def test_a_transaction_that_fails_or_is_cancelled_leaves_nothing(database: Database) -> None:
    written = asyncio.Event()

    async def write() -> None:
        async with database.transaction() as db:
            await chats.note(db, ChatSeen(1, "private"), NOW)
            written.set()
            await asyncio.sleep(3600)

    task = asyncio.create_task(write())
    await written.wait()
    task.cancel()
    await asyncio.wait([task])

    async with database.transaction() as db:
        assert await db.scalar(select(chats_table.c.id)) is None


async def test_writers_wait_for_each_other(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.transaction() as db:
            await chats.note(db, ChatSeen(number, "private"), NOW)
            await asyncio.sleep(0)
            await chats.mark_back(db, number)

    await asyncio.gather(*(write(number) for number in range(1, 51)))

    async with database.reading() as db:
        assert len(list(await db.scalars(select(chats_table.c.id)))) == 50


async def test_moments_are_utc_and_never_naive(database: Database) -> None:
    async with database.transaction() as db:
        await chats.note(db, ChatSeen(1, "private"), NOW)
        assert await db.scalar(select(chats_table.c.first_seen)) == NOW

    with pytest.raises(StatementError, match="needs a time zone"):
        async with database.transaction() as db:
            await chats.note(db, ChatSeen(2, "private"), datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO broadcasts (state, created_at) VALUES ('nonsense', '2026-01-01')",
        "INSERT INTO subscriptions (chat_id, topics, since) VALUES (404, '[]', '2026-01-01')",
        "UPDATE chats SET gone_at = '2026-01-01'",
    ],
)
async def test_the_tables_refuse_nonsense(database: Database, statement: str) -> None:
    async with database.transaction() as db:
        await chats.note(db, ChatSeen(1, "private"), NOW)

    with pytest.raises(IntegrityError):
        async with database.transaction() as db:
            await db.exec_driver_sql(statement)
