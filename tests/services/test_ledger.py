"""The ledger where what it writes cannot be written to its end."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from bot.model import Message
from bot.services.broadcasting import Broadcasts
from bot.services.ledger import Ledger
from bot.services.outcomes import Gone, Sent
from bot.services.subscriptions import Subscriptions
from bot.storage import tables
from bot.storage.errors import DatabaseUnavailable
from tests.databases import ON_SQLITE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.storage.database import Database
    from tests.services.conftest import Clock

ADMIN = 99
NO_LIMIT = 0xFFFFFFFE
TOO_LONG = "gone " * 1_000_000


@asynccontextmanager
async def full(database: Database) -> AsyncIterator[None]:
    """Let the database's file not grow, as on a full disk."""
    await allow(database, 1)
    yield
    await allow(database, NO_LIMIT)


async def allow(database: Database, pages: int) -> None:
    # Fewer than there are already means: no more.
    async with database.transaction() as db:
        await db.execute(text(f"PRAGMA max_page_count = {pages}"))


@ON_SQLITE
async def test_a_clock_set_back_is_heeded_until_that_is_written_down(
    database: Database, clock: Clock, subscriptions: Subscriptions
) -> None:
    for chat_id in (1, 2):
        await subscriptions.subscribe(chat_id)
    clock.pass_by(seconds=1)
    broadcasts = Broadcasts(database, clock)
    draft = await broadcasts.draft(ADMIN, [Message("hi")])
    assert await broadcasts.confirm(draft.id, ADMIN)
    ledger = Ledger(database, clock(), None)
    (first,) = (await ledger.settle_and_take((), 1, clock())).claimed
    clock.pass_by(hours=-3)

    async with full(database):
        with pytest.raises(DatabaseUnavailable):
            await ledger.settle([(first, Gone(TOO_LONG))], clock())
    beat = await ledger.settle_and_take([(first, Sent(1))], 1, clock())

    assert [delivery.chat_id for delivery in beat.claimed] == [2]


async def test_a_broadcast_ends_beside_another_where_no_beat_both_settles_and_takes(
    database: Database, clock: Clock, subscriptions: Subscriptions
) -> None:
    broadcasts = Broadcasts(database, clock)
    for chat_id in (1, 2):
        await subscriptions.subscribe(chat_id)
        clock.pass_by(seconds=1)
        draft = await broadcasts.draft(ADMIN, [Message("hi")])
        assert await broadcasts.confirm(draft.id, ADMIN)
    ledger = Ledger(database, clock(), None)
    (first,) = (await ledger.settle_and_take((), 1, clock())).claimed

    await ledger.settle([(first, Sent(1))], clock())
    clock.pass_by(seconds=1)
    beat = await ledger.settle_and_take((), 1, clock())

    assert beat.claimed
    assert list(beat.finished) == [first.broadcast_id]


async def test_who_joined_while_the_clock_ran_ahead_receives(
    database: Database, clock: Clock, subscriptions: Subscriptions
) -> None:
    clock.pass_by(days=300)
    await subscriptions.subscribe(1)
    clock.pass_by(days=-300)

    await Ledger(database, clock(), None).recover((), clock())

    async with database.reading() as db:
        assert list(await db.scalars(select(tables.subscriptions.c.since))) == [clock()]
