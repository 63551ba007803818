"""Who receives: joining, leaving, vanishing, coming back, moving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.services.subscriptions import Subscriptions
from bot.storage import targets
from bot.storage.database import Database
from bot.storage.records import ChatSeen, Target
from bot.storage.tables import chats

if TYPE_CHECKING:
    from tests.services.conftest import Clock


async def chat_row(database: Database, chat_id: int) -> dict[str, object] | None:
    async with database.reading() as db:
        row = (await db.execute(select(chats).where(chats.c.id == chat_id))).mappings().first()
        return dict(row) if row else None


async def test_joining_twice_says_so(subscriptions: Subscriptions) -> None:
    assert await subscriptions.subscribe(1)
    assert not await subscriptions.subscribe(1)
    assert await subscriptions.is_subscribed(1)


async def test_leaving_twice_says_so(subscriptions: Subscriptions) -> None:
    await subscriptions.subscribe(1)

    assert await subscriptions.unsubscribe(1)
    assert not await subscriptions.unsubscribe(1)
    assert not await subscriptions.is_subscribed(1)


async def test_what_an_update_leaves_out_stays_known(
    subscriptions: Subscriptions, database: Database
) -> None:
    await subscriptions.seen(ChatSeen(1, "private", "Ann", "ann", "en"))
    await subscriptions.seen(ChatSeen(1, "private", username="ann2"))

    row = await chat_row(database, 1)

    assert row is not None
    assert (row["title"], row["username"], row["language"]) == ("Ann", "ann2", "en")


async def test_who_is_gone_keeps_the_subscription_and_comes_back_by_a_sign_of_life(
    subscriptions: Subscriptions, database: Database, clock: Clock
) -> None:
    await subscriptions.subscribe(1)
    await subscriptions.gone(1, "blocked")
    gone = await chat_row(database, 1)
    await subscriptions.seen(ChatSeen(1, "private"))
    back = await chat_row(database, 1)

    assert gone is not None
    assert (gone["gone_at"], gone["gone_reason"]) == (clock(), "blocked")
    assert back is not None
    assert back["gone_at"] is None
    assert await subscriptions.is_subscribed(1)


async def test_a_group_that_moves_takes_everything_along(
    subscriptions: Subscriptions, database: Database, clock: Clock
) -> None:
    await subscriptions.seen(ChatSeen(-1, "group", "Friends"))
    await subscriptions.subscribe(-1)
    async with database.transaction() as db:
        await targets.remember(db, Target("-1", -1, 0, clock().date()))

    await subscriptions.migrated(-1, -1001)
    await subscriptions.migrated(-1, -1001)

    async with database.reading() as db:
        (target,) = await targets.known(db, ["-1"])
    row = await chat_row(database, -1001)
    assert await chat_row(database, -1) is None
    assert row is not None
    assert (row["title"], row["kind"]) == ("Friends", "supergroup")
    assert target.chat_id == -1001
    assert await subscriptions.is_subscribed(-1001)


async def test_a_group_that_moves_to_where_it_is_keeps_its_subscription(
    subscriptions: Subscriptions,
) -> None:
    await subscriptions.subscribe(-1)

    await subscriptions.migrated(-1, -1)

    assert await subscriptions.is_subscribed(-1)


async def test_a_group_that_moves_to_where_it_is_known_stays_one(
    subscriptions: Subscriptions,
) -> None:
    await subscriptions.subscribe(-1)
    await subscriptions.subscribe(-1001)

    await subscriptions.migrated(-1, -1001)

    assert await subscriptions.is_subscribed(-1001)
    assert not await subscriptions.is_subscribed(-1)
