"""Whoever is cancelled in the midst of a transaction leaves the database usable."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime

import pytest

from bot.storage import chats
from bot.storage.database import Database
from bot.storage.records import ChatSeen

NOW = datetime(2026, 1, 14, tzinfo=UTC)
ROUNDS = 100
# Longer than a transaction of two statements takes, so that some are cancelled at each await.
LONGEST = 0.008


async def note_two(database: Database, number: int) -> None:
    async with database.transaction() as db:
        await chats.note(db, ChatSeen(2 * number, "private"), NOW)
        await chats.note(db, ChatSeen(2 * number + 1, "private"), NOW)


async def rename_all(database: Database) -> None:
    """Write by a statement that gives rows: it is under way until all of them are read."""
    async with database.transaction() as db:
        for _ in range(3):
            rows = await db.exec_driver_sql("UPDATE chats SET title = 'x' RETURNING id")
            rows.all()


async def count(database: Database) -> int:
    async with database.reading() as db:
        return int((await db.exec_driver_sql("SELECT count(*) FROM chats")).scalar_one())


@pytest.mark.parametrize("cancels", [1, 2])
async def test_writers_cancelled_anywhere_leave_all_or_nothing(url: str, cancels: int) -> None:
    dice = random.Random(cancels)

    async with Database.open(url) as database:
        for number in range(ROUNDS):
            task = asyncio.create_task(note_two(database, number))
            for _ in range(cancels):
                await asyncio.sleep(dice.random() * LONGEST / cancels)
                task.cancel()
            await asyncio.wait([task])
            await note_two(database, ROUNDS + number)

        assert await count(database) % 2 == 0
        assert await count(database) >= 2 * ROUNDS


async def test_readers_cancelled_anywhere_hold_no_writer_up(url: str) -> None:
    dice = random.Random(3)

    async with Database.open(url) as database:
        for number in range(ROUNDS):
            task = asyncio.create_task(count(database))
            await asyncio.sleep(dice.random() * LONGEST / 4)
            task.cancel()
            await asyncio.wait([task])
            await note_two(database, number)

        assert await count(database) == 2 * ROUNDS


async def test_no_statement_that_gives_rows_keeps_the_lock(url: str) -> None:
    dice = random.Random(4)

    async with Database.open(url, busy_timeout=2.0) as database:
        for number in range(ROUNDS):
            await note_two(database, number)
            task = asyncio.create_task(rename_all(database))
            await asyncio.sleep(dice.random() * LONGEST)
            task.cancel()
            await asyncio.wait([task])

        assert await count(database) == 2 * ROUNDS
