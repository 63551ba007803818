"""The outbox: the deliveries that are due. Claim, settle, recover.

A delivery has a `due_at` exactly while it may be tried, and a `claimed_at` exactly while somebody
tries it, so both partial indexes stay as small as the work at hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Boolean, bindparam, case, exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Message
from bot.storage.instant import Instant
from bot.storage.owing import dropped
from bot.storage.records import BroadcastState, Delivery, DeliveryState, Doubt, Settlement
from bot.storage.tables import broadcasts, deliveries, messages

_DELIVERY = (
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
    deliveries.c.pieces,
)


async def sending(db: AsyncConnection) -> tuple[int, ...]:
    """Give the broadcasts that still owe something."""
    statement = select(broadcasts.c.id).where(
        broadcasts.c.state == BroadcastState.SENDING, broadcasts.c.reported_at.is_(None)
    )
    return tuple(await db.scalars(statement.order_by(broadcasts.c.id)))


async def claim(
    db: AsyncConnection, broadcast_id: int, limit: int, now: datetime
) -> list[Delivery]:
    """Take up to *limit* due deliveries, the oldest first, at most one part of a chat.

    The try is counted here, so that a crash leaves its evidence.
    """
    busy = deliveries.alias("busy")
    in_hand = exists().where(busy.c.chat_id == deliveries.c.chat_id, busy.c.claimed_at.is_not(None))
    due = (
        select(deliveries.c.id)
        .where(deliveries.c.broadcast_id == broadcast_id, deliveries.c.due_at <= now, ~in_hand)
        .order_by(deliveries.c.due_at, deliveries.c.id)
        .limit(limit)
    )
    statement = (
        update(deliveries)
        .where(deliveries.c.id.in_(due.scalar_subquery()))
        .values(
            state=DeliveryState.SENDING,
            due_at=None,
            claimed_at=now,
            tried_at=func.coalesce(deliveries.c.tried_at, now),
            attempts=deliveries.c.attempts + 1,
        )
        .returning(*_DELIVERY)
    )
    claimed = [_delivery(tuple(row)) for row in await db.execute(statement)]
    return sorted(claimed, key=lambda delivery: delivery.id)


def _delivery(row: tuple[Any, ...]) -> Delivery:
    *known, pieces = row
    return Delivery(*[*known, msgspec.json.decode(pieces, type=tuple[int, ...])])


async def settle(db: AsyncConnection, settled: Sequence[Settlement], now: datetime) -> None:
    """Write down what became of claimed deliveries, and let the next parts follow."""
    if not settled:
        return
    await db.execute(_SETTLE, [_row(one, now) for one in settled])
    sent = [
        {**_place(one.delivery), "main": one.main_thread}
        for one in settled
        if one.state is DeliveryState.SENT
    ]
    if sent:
        await db.execute(_NEXT_PART, sent)
    lost = [
        {**_place(one.delivery), "now": now}
        for one in settled
        if one.state in {DeliveryState.FAILED, DeliveryState.SKIPPED}
    ]
    if lost:
        await db.execute(_LATER_PARTS, lost)


# What was corrected or taken back while it was under way is due again at once.
_OVERTAKEN = bindparam("is_through", type_=Boolean) & (
    deliveries.c.message.is_distinct_from(bindparam("done"))
)
_SETTLE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"))
    .values(
        state=case((_OVERTAKEN, DeliveryState.PENDING), else_=bindparam("new_state")),
        due_at=case(
            (_OVERTAKEN, bindparam("now", type_=Instant)),
            else_=bindparam("new_due_at", type_=Instant),
        ),
        claimed_at=None,
        settled_at=case((_OVERTAKEN, None), else_=bindparam("new_settled_at", type_=Instant)),
        sent_id=bindparam("new_sent_id"),
        pieces=bindparam("new_pieces"),
        reason=bindparam("new_reason"),
        main_thread=bindparam("new_main_thread"),
    )
)
_THROUGH = {DeliveryState.SENT, DeliveryState.RECALLED}


# A part that follows is due before all that has not begun: nobody waits with half a post.
_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
_IN_PLACE = (
    deliveries.c.broadcast_id == bindparam("place_broadcast"),
    deliveries.c.chat_id == bindparam("place_chat"),
    deliveries.c.thread_id == bindparam("place_thread"),
)
_NEXT_PART = (
    update(deliveries)
    .where(
        *_IN_PLACE,
        deliveries.c.part == bindparam("place_part") + 1,
        deliveries.c.state == DeliveryState.PENDING,
    )
    .values(due_at=_AT_ONCE, main_thread=bindparam("main"))
)
_LATER_PARTS = (
    update(deliveries)
    .where(
        *_IN_PLACE,
        deliveries.c.part > bindparam("place_part"),
        deliveries.c.state == DeliveryState.PENDING,
    )
    .values(
        state=DeliveryState.SKIPPED,
        reason="an earlier part failed",
        due_at=None,
        settled_at=bindparam("now"),
    )
)


def _place(delivery: Delivery) -> dict[str, object]:
    return {
        "place_broadcast": delivery.broadcast_id,
        "place_chat": delivery.chat_id,
        "place_thread": delivery.thread_id,
        "place_part": delivery.part,
    }


def _row(one: Settlement, now: datetime) -> dict[str, object]:
    return {
        "delivery": one.delivery.id,
        "done": one.delivery.message,
        "is_through": one.state in _THROUGH,
        "now": now,
        "new_state": one.state,
        "new_due_at": one.due_at,
        "new_settled_at": now if one.due_at is None else None,
        "new_sent_id": one.sent_id,
        "new_pieces": msgspec.json.encode(one.pieces).decode(),
        "new_reason": one.reason,
        "new_main_thread": one.main_thread,
    }


async def recover(db: AsyncConnection, now: datetime, doubt_until: datetime) -> None:
    """After a crash: repeat what was in flight to people, put posts in groups in doubt."""
    # An edit does no harm when it is made twice, nor does a deletion.
    harmless = (deliveries.c.chat_id > 0) | deliveries.c.sent_id.is_not(None)
    for which, state, due_at in (
        (harmless, DeliveryState.PENDING, now),
        (~harmless, DeliveryState.IN_DOUBT, doubt_until),
    ):
        await db.execute(
            update(deliveries)
            .where(deliveries.c.claimed_at.is_not(None), which)
            .values(state=state, due_at=due_at, claimed_at=None, reason="interrupted")
        )


async def heed_clock(db: AsyncConnection, now: datetime) -> None:
    """After the clock was set back: what was due at once still is."""
    await db.execute(
        update(deliveries)
        .where(
            deliveries.c.broadcast_id.in_(await sending(db)),
            deliveries.c.due_at > now,
            deliveries.c.state == DeliveryState.PENDING,
            ~deliveries.c.waits,
        )
        .values(due_at=now)
    )


async def owe_again(db: AsyncConnection, chat_id: int, since: datetime, now: datetime) -> None:
    """Owe a chat that is back what was begun after *since* and did not reach it."""
    recent = select(broadcasts.c.id).where(
        broadcasts.c.state.in_((BroadcastState.SENDING, BroadcastState.DONE)),
        broadcasts.c.started_at > since,
    )
    ahead = deliveries.alias("ahead")
    waits = exists().where(
        ahead.c.broadcast_id == deliveries.c.broadcast_id,
        ahead.c.chat_id == deliveries.c.chat_id,
        ahead.c.thread_id == deliveries.c.thread_id,
        ahead.c.part < deliveries.c.part,
        ahead.c.state != DeliveryState.SENT,
    )
    lost = (DeliveryState.FAILED, DeliveryState.SKIPPED)
    wanted = deliveries.c.message.is_not(None)
    revived = await db.scalars(
        update(deliveries)
        .where(
            deliveries.c.broadcast_id.in_(recent),
            deliveries.c.chat_id == chat_id,
            deliveries.c.state.in_(lost),
            wanted,
        )
        .values(
            state=DeliveryState.PENDING,
            due_at=case((waits, None), else_=literal(now, Instant)),
            tried_at=None,
            settled_at=None,
        )
        .returning(deliveries.c.broadcast_id)
    )
    await db.execute(
        update(broadcasts)
        .where(broadcasts.c.id.in_(set(revived)), broadcasts.c.state == BroadcastState.DONE)
        .values(state=BroadcastState.SENDING, resumed_at=now, finished_at=None, reported_at=None)
    )


async def next_due(db: AsyncConnection, now: datetime) -> datetime | None:
    """Give the next moment after *now* at which a delivery may be tried."""
    moments = [
        await db.scalar(
            select(func.min(deliveries.c.due_at)).where(
                deliveries.c.broadcast_id == broadcast_id, deliveries.c.due_at > now
            )
        )
        for broadcast_id in await sending(db)
    ]
    return min((moment for moment in moments if moment is not None), default=None)


async def finish(db: AsyncConnection, now: datetime) -> tuple[int, ...]:
    """Close the broadcasts that owe nothing more; give them."""
    await _drop_cancelled(db, now)
    owed = exists().where(
        deliveries.c.broadcast_id == broadcasts.c.id, deliveries.c.due_at.is_not(None)
    )
    in_hand = exists().where(
        deliveries.c.broadcast_id == broadcasts.c.id, deliveries.c.claimed_at.is_not(None)
    )
    statement = (
        update(broadcasts)
        .where(broadcasts.c.state == BroadcastState.SENDING, ~owed, ~in_hand)
        .values(state=BroadcastState.DONE, finished_at=now)
        .returning(broadcasts.c.id)
    )
    return tuple(await db.scalars(statement))


async def _drop_cancelled(db: AsyncConnection, now: datetime) -> None:
    """Skip what came back for another try after its broadcast was cancelled."""
    cancelled = select(broadcasts.c.id).where(
        broadcasts.c.state == BroadcastState.CANCELLED, broadcasts.c.reported_at.is_(None)
    )
    await db.execute(
        update(deliveries)
        .where(deliveries.c.broadcast_id.in_(cancelled), deliveries.c.due_at.is_not(None))
        .values(**dropped("cancelled", now))
    )


async def bodies(db: AsyncConnection, wanted: Iterable[int]) -> dict[int, Message]:
    """Read the frozen messages *wanted*."""
    statement = select(messages.c.id, messages.c.body).where(messages.c.id.in_(wanted))
    rows = await db.execute(statement)
    return {row.id: msgspec.json.decode(row.body, type=Message) for row in rows}


async def doubtful(db: AsyncConnection) -> tuple[Doubt, ...]:
    """Give the deliveries of which nobody knows whether they arrived."""
    statement = (
        select(
            deliveries.c.id,
            deliveries.c.broadcast_id,
            deliveries.c.chat_id,
            deliveries.c.part,
            deliveries.c.due_at,
            deliveries.c.reason,
        )
        .where(
            deliveries.c.broadcast_id.in_(await sending(db)),
            deliveries.c.due_at.is_not(None),
            deliveries.c.state == DeliveryState.IN_DOUBT,
        )
        .order_by(deliveries.c.id)
    )
    return tuple(Doubt(*row) for row in await db.execute(statement))


async def resolve(db: AsyncConnection, delivery_id: int, *, sent: bool, now: datetime) -> bool:
    """Take an admin's word on a delivery in doubt; tell whether it still was."""
    of_it = (deliveries.c.id == delivery_id, deliveries.c.state == DeliveryState.IN_DOUBT)
    row = (await db.execute(select(*_DELIVERY).where(*of_it))).first()
    if row is None:
        return False
    delivery = _delivery(tuple(row))
    if sent:
        # Its message id is not known: 0 stands for "an admin saw it".
        await settle(db, [Settlement(delivery, DeliveryState.SENT, sent_id=0)], now)
    else:
        await settle(db, [Settlement(delivery, DeliveryState.PENDING, due_at=now)], now)
    return True
