"""Statements that go to the database with the next one."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime

import pytest
from sqlalchemy import null, select, update
from sqlalchemy.exc import IntegrityError

from bot.storage import chats
from bot.storage.database import Database
from bot.storage.dialects import put_off
from bot.storage.records import ChatSeen
from bot.storage.tables import chats as chats_table

NOW = datetime(2026, 1, 14, tzinfo=UTC)
RENAME = put_off(update(chats_table).values(title=chats_table.c.title + "!"))
BREAK = put_off(update(chats_table).values(kind=null()))


@pytest.fixture
async def group(database: Database) -> Database:
    async with database.transaction() as db:
        await chats.note(db, ChatSeen(-1, "group", "a"), NOW)
    return database


async def title(database: Database) -> str:
    async with database.reading() as db:
        return str(await db.scalar(select(chats_table.c.title)))


async def test_it_is_carried_out_before_what_follows(group: Database) -> None:
    async with group.transaction() as db:
        await db.execute(RENAME)
        await db.execute(RENAME)
        assert await db.scalar(select(chats_table.c.title)) == "a!!"
        await db.execute(RENAME)

    assert await title(group) == "a!!!"


async def test_alone_it_is_carried_out_with_the_commit(group: Database) -> None:
    async with group.transaction() as db:
        await db.execute(RENAME)

    assert await title(group) == "a!"


async def rename_and_fail(database: Database) -> None:
    async with database.transaction() as db:
        await db.execute(RENAME)
        raise ValueError("no")


async def rename_and_break(database: Database, *, ends_so: bool) -> None:
    async with database.transaction() as db:
        await db.execute(RENAME)
        await db.execute(BREAK)
        if not ends_so:
            await db.scalar(select(chats_table.c.title))


async def test_nothing_of_it_is_left_where_the_transaction_fails(group: Database) -> None:
    with pytest.raises(ValueError, match="no"):
        await rename_and_fail(group)
    async with group.transaction():
        pass

    assert await title(group) == "a"


@pytest.mark.parametrize("ends_so", [True, False])
async def test_its_error_undoes_the_transaction(group: Database, *, ends_so: bool) -> None:
    with pytest.raises(IntegrityError):
        await rename_and_break(group, ends_so=ends_so)

    assert await title(group) == "a"


async def rename_twice(database: Database) -> None:
    async with database.transaction() as db:
        await db.execute(RENAME)
        await db.scalar(select(chats_table.c.title))
        await db.execute(RENAME)


async def test_who_is_cancelled_leaves_all_of_it_or_nothing(group: Database) -> None:
    dice = random.Random(1)
    for _ in range(100):
        task = asyncio.create_task(rename_twice(group))
        await asyncio.sleep(dice.random() * 0.006)
        task.cancel()
        await asyncio.wait([task])

    await rename_twice(group)
    assert len(await title(group)) % 2 == 1
