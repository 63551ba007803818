"""The outbox: the deliveries that are due, and who takes them.

A delivery has a `due_at` exactly while it may be tried, and a `claimed_at` exactly while somebody
tries it, so both partial indexes stay as small as the work at hand. What the worker asks at each
beat is built once: that costs more than to carry it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import bindparam, case, exists, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Message
from bot.storage.instant import Instant
from bot.storage.records import BroadcastState, Delivery, DeliveryState
from bot.storage.tables import broadcasts, deliveries, messages

COLUMNS = (
    deliveries.c.id,
    deliveries.c.broadcast_id,
    deliveries.c.chat_id,
    deliveries.c.thread_id,
    deliveries.c.part,
    deliveries.c.message,
    deliveries.c.attempts,
    deliveries.c.tried_at,
    deliveries.c.main_thread,
    deliveries.c.recall,
    deliveries.c.sent_id,
    deliveries.c.doubts,
    deliveries.c.pieces,
)
"""What `delivery_of` reads."""

_NOW = bindparam("now", type_=Instant)
_STOPPED = broadcasts.c.state == BroadcastState.CANCELLED
_SENDING = (
    select(broadcasts.c.id, _STOPPED)
    .where(
        _STOPPED | (broadcasts.c.state == BroadcastState.SENDING),
        broadcasts.c.reported_at.is_(None),
        broadcasts.c.finished_at.is_(None),
    )
    .order_by(broadcasts.c.id)
)


async def sending(db: AsyncConnection) -> dict[int, bool]:
    """Give the broadcasts that still owe something, and whether they were stopped."""
    return {row[0]: row[1] for row in await db.execute(_SENDING)}


_busy = deliveries.alias("busy")
_in_hand = exists().where(_busy.c.chat_id == deliveries.c.chat_id, _busy.c.claimed_at.is_not(None))
_other = deliveries.alias("other")
_behind_another = exists().where(
    _other.c.broadcast_id == deliveries.c.broadcast_id,
    _other.c.chat_id == deliveries.c.chat_id,
    # As one value: for two conditions SQLite would look through all that is due, not the chat's.
    tuple_(_other.c.due_at, _other.c.id) < tuple_(deliveries.c.due_at, deliveries.c.id),
)
_due = (
    select(deliveries.c.id)
    .where(
        deliveries.c.broadcast_id == bindparam("of_broadcast"),
        deliveries.c.due_at <= _NOW,
        ~_in_hand,
        ~_behind_another,
    )
    .order_by(deliveries.c.due_at, deliveries.c.id)
    .limit(bindparam("most"))
)
# What was not tried when it was due, because the bot was down, is tried as if for the first time.
_LATE = timedelta(hours=1)
_was_tried = deliveries.c.tried_at.is_not(None) & (
    deliveries.c.due_at > bindparam("late", type_=Instant)
)
_CLAIM = (
    update(deliveries)
    .where(deliveries.c.id.in_(_due.scalar_subquery()))
    .values(
        state=DeliveryState.SENDING,
        due_at=None,
        claimed_at=_NOW,
        tried_at=case((_was_tried, deliveries.c.tried_at), else_=_NOW),
        attempts=deliveries.c.attempts + 1,
    )
    .returning(*COLUMNS)
)


async def claim(
    db: AsyncConnection, broadcast_id: int, limit: int, now: datetime
) -> list[Delivery]:
    """Take up to *limit* due deliveries, the oldest first, at most one of a chat.

    The try is counted here, so that a crash leaves its evidence.
    """
    wanted = {"of_broadcast": broadcast_id, "most": limit, "now": now, "late": now - _LATE}
    claimed = [delivery_of(tuple(row)) for row in await db.execute(_CLAIM, wanted)]
    return sorted(claimed, key=lambda delivery: delivery.id)


async def claimed(db: AsyncConnection) -> list[Delivery]:
    """Give what is being tried."""
    rows = await db.execute(select(*COLUMNS).where(deliveries.c.claimed_at.is_not(None)))
    return [delivery_of(tuple(row)) for row in rows]


def delivery_of(row: tuple[Any, ...]) -> Delivery:
    """Read a delivery from its `COLUMNS`."""
    *known, pieces = row
    return Delivery(*[*known, msgspec.json.decode(pieces, type=tuple[int, ...])])


_NEXT_DUE = select(func.min(deliveries.c.due_at)).where(
    deliveries.c.broadcast_id == bindparam("of_broadcast"), deliveries.c.due_at > _NOW
)


async def next_due(
    db: AsyncConnection, broadcast_ids: Iterable[int], now: datetime
) -> datetime | None:
    """Give the next moment after *now* at which a delivery of these may be tried."""
    moments = [
        await db.scalar(_NEXT_DUE, {"of_broadcast": broadcast_id, "now": now})
        for broadcast_id in broadcast_ids
    ]
    return min((moment for moment in moments if moment is not None), default=None)


async def finish(db: AsyncConnection, now: datetime) -> tuple[int, ...]:
    """Close the broadcasts that owe nothing more; give them."""
    owed = exists().where(
        deliveries.c.broadcast_id == broadcasts.c.id, deliveries.c.due_at.is_not(None)
    )
    in_hand = exists().where(
        deliveries.c.broadcast_id == broadcasts.c.id, deliveries.c.claimed_at.is_not(None)
    )
    sending = broadcasts.c.state == BroadcastState.SENDING
    statement = (
        update(broadcasts)
        .where(
            sending | (broadcasts.c.state == BroadcastState.CANCELLED),
            broadcasts.c.reported_at.is_(None),
            broadcasts.c.finished_at.is_(None),
            ~owed,
            ~in_hand,
        )
        .values(
            state=case((sending, BroadcastState.DONE), else_=broadcasts.c.state), finished_at=now
        )
        .returning(broadcasts.c.id)
    )
    return tuple(await db.scalars(statement))


async def bodies(db: AsyncConnection, wanted: Iterable[int]) -> dict[int, Message]:
    """Read the frozen messages *wanted*."""
    statement = select(messages.c.id, messages.c.body).where(messages.c.id.in_(wanted))
    rows = await db.execute(statement)
    return {row.id: msgspec.json.decode(row.body, type=Message) for row in rows}
