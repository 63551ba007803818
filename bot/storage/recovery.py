"""What crashes, clocks and chats that were away leave in the outbox, put right."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import waiting
from bot.storage.broadcasts import reopen
from bot.storage.instant import Instant
from bot.storage.outbox import sending
from bot.storage.owing import behind_another, lost, same_place, wished_for
from bot.storage.records import BroadcastState, DeliveryState
from bot.storage.tables import broadcasts, deliveries, subscriptions


async def begin_anew(db: AsyncConnection, now: datetime) -> None:
    """After a crash: reckon the day of tries from *now* on for what was in flight."""
    claimed = deliveries.c.claimed_at.is_not(None)
    await db.execute(update(deliveries).where(claimed).values(tried_at=now))


async def recover(db: AsyncConnection, now: datetime, doubt_until: datetime) -> None:
    """After a crash: repeat what was in flight to people, put posts in groups in doubt."""
    # An edit does no harm when it is made twice, nor does a deletion.
    amends = deliveries.c.sent_id.is_not(None) | deliveries.c.message.is_(None)
    harmless = (deliveries.c.chat_id > 0) | amends
    may_be_there = case((deliveries.c.sent_id.is_(None), 1), else_=0)
    claimed = deliveries.c.claimed_at.is_not(None)
    in_flight: list[int] = []
    for which, state, due_at in (
        (harmless, DeliveryState.PENDING, now),
        (~harmless, DeliveryState.IN_DOUBT, doubt_until),
    ):
        in_flight += await db.scalars(
            update(deliveries)
            .where(claimed, which)
            .values(
                state=state,
                due_at=due_at,
                claimed_at=None,
                tried_at=None,
                doubts=deliveries.c.doubts + may_be_there,
                reason="interrupted",
            )
            .returning(deliveries.c.id)
        )
    await waiting.let_go_of_leavers(db, in_flight, now)


async def release(db: AsyncConnection, held: Collection[int], now: datetime) -> None:
    """Owe again what is claimed and not *held*: its transaction ended where nobody heard of it."""
    claimed = deliveries.c.claimed_at.is_not(None)
    await db.execute(
        update(deliveries)
        .where(claimed, deliveries.c.id.not_in(held))
        .values(state=DeliveryState.PENDING, due_at=now, claimed_at=None)
    )


async def heed_clock(db: AsyncConnection, now: datetime, doubt_until: datetime) -> None:
    """After the clock was set back: what was due at once still is, and no doubt lasts longer.

    Nor does anyone join only in the future.
    """
    joined = subscriptions.c.since
    await db.execute(update(subscriptions).where(joined > now).values(since=now))
    owed = deliveries.c.broadcast_id.in_(await sending(db))
    ahead = update(deliveries).where(owed, deliveries.c.due_at > now)
    state = deliveries.c.state
    await db.execute(
        ahead.where(state == DeliveryState.PENDING, ~deliveries.c.waits).values(due_at=now)
    )
    # A try in the future tells that the wait was reckoned by another clock.
    await db.execute(
        ahead.where(state == DeliveryState.RETRY, deliveries.c.tried_at > now).values(
            due_at=now, tried_at=now
        )
    )
    await db.execute(
        ahead.where(state == DeliveryState.IN_DOUBT, deliveries.c.due_at > doubt_until).values(
            due_at=doubt_until
        )
    )


async def owe_again(db: AsyncConnection, chat_id: int, since: datetime, now: datetime) -> None:
    """Owe a chat that is back what was begun after *since* and did not reach it."""
    statement = update(deliveries).where(*_missed_by(chat_id, since))
    due_at = case((behind_another(), None), else_=literal(now, Instant))
    revived = await db.scalars(
        statement.values(
            state=DeliveryState.PENDING, due_at=due_at, tried_at=None, settled_at=None
        ).returning(deliveries.c.broadcast_id)
    )
    for broadcast_id in set(revived):
        await reopen(db, broadcast_id, now)


def _missed_by(chat_id: int, since: datetime) -> tuple[ColumnElement[bool], ...]:
    """Find in SQL what a chat was to see and did not get; not what it wished for no longer.

    Nor what may be there, which would come twice, and what is behind that.
    """
    recent = select(broadcasts.c.id).where(
        broadcasts.c.state.in_((BroadcastState.SENDING, BroadcastState.DONE)),
        broadcasts.c.recalled_at.is_(None),
        broadcasts.c.started_at > since,
    )
    return (
        deliveries.c.broadcast_id.in_(recent),
        deliveries.c.chat_id == chat_id,
        lost(),
        deliveries.c.message.is_not(None),
        func.coalesce(deliveries.c.reason, "").not_in(("unsubscribed", "cancelled")),
        wished_for(),
        ~_may_be_there(),
    )


def _may_be_there() -> ColumnElement[bool]:
    """Tell in SQL whether nobody knows if this part, or one ahead, arrived."""
    ahead = deliveries.alias("ahead")
    so_far = (ahead.c.part <= deliveries.c.part) & (ahead.c.doubts > 0)
    return exists().where(same_place(ahead), so_far, ahead.c.state == DeliveryState.FAILED)
