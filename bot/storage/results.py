"""How broadcasts turn out: how far they are, their results, and who is told of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import case, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Message
from bot.storage.dialects import insert_unless_known
from bot.storage.outbox import sending
from bot.storage.owing import lost
from bot.storage.records import BroadcastState, DeliveryState, Missed, Progress, Summary, UnderWay
from bot.storage.tables import broadcasts, chats, deliveries, followed, messages

_MOST_PARTS_NAMED = 20
_THROUGH = (BroadcastState.DONE, BroadcastState.CANCELLED)


async def progress(db: AsyncConnection, broadcast_id: int) -> Progress | None:
    """Count what became of a broadcast's deliveries; None where there is no such broadcast."""
    columns = (broadcasts.c.finished_at.is_not(None), broadcasts.c.recalled_at.is_not(None))
    found = (await db.execute(select(*columns).where(broadcasts.c.id == broadcast_id))).first()
    if found is None:
        return None
    done, taken_back = found
    counts = await _counts(db, broadcast_id, taken_back=taken_back)
    return _progress(counts, done=done, taken_back=taken_back)


class _Count(NamedTuple):
    state: str
    reason: str | None
    waits: bool
    recall: bool
    corrected: bool
    n: int


async def _counts(db: AsyncConnection, broadcast_id: int, *, taken_back: bool) -> list[_Count]:
    """Count the deliveries of each kind."""
    reason = case((lost(), deliveries.c.reason), else_=None)
    # What is being corrected is there meanwhile.
    corrected = (
        deliveries.c.sent_id.is_not(None)
        & deliveries.c.message.is_not(None)
        & ~deliveries.c.recall
        & deliveries.c.settled_at.is_(None)
    )
    state = case((corrected, DeliveryState.SENT), else_=deliveries.c.state)
    waits = deliveries.c.waits & (state == DeliveryState.PENDING)
    kinds = (state, reason, waits, deliveries.c.recall, corrected)
    # What a correction has no use for is no part of it any more.
    counts_at_all = true() if taken_back else deliveries.c.message.is_not(None)
    statement = (
        select(*kinds, func.count())
        .where(deliveries.c.broadcast_id == broadcast_id, counts_at_all)
        .group_by(*kinds)
    )
    return [_Count(*row) for row in await db.execute(statement)]


def _progress(counts: Sequence[_Count], *, done: bool, taken_back: bool) -> Progress:
    def of(*states: DeliveryState) -> int:
        """Count the deliveries in any of the *states*."""
        return sum(one.n for one in counts if one.state in states)

    def by_reason(wanted: DeliveryState) -> dict[str, int]:
        """Count the deliveries in a state by reason."""
        found: Counter[str] = Counter()
        for one in counts:
            if one.state == wanted:
                found[one.reason or ""] += one.n
        return dict(found)

    never_sent = sum(
        one.n for one in counts if one.state == DeliveryState.RECALLED and not one.recall
    )
    return Progress(
        total=sum(one.n for one in counts),
        sent=of(DeliveryState.SENT),
        recalled=of(DeliveryState.RECALLED) - never_sent,
        never_sent=never_sent,
        failed=by_reason(DeliveryState.FAILED),
        skipped=by_reason(DeliveryState.SKIPPED),
        pending=of(DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.RETRY),
        retrying=of(DeliveryState.RETRY),
        in_doubt=of(DeliveryState.IN_DOUBT),
        correcting=sum(one.n for one in counts if one.corrected),
        waiting=sum(one.n for one in counts if one.waits),
        done=done,
        taken_back=taken_back,
    )


async def opening(db: AsyncConnection, broadcast_id: int) -> Message | None:
    """Read the first message of a broadcast as it was at first, which tells people which it is."""
    statement = select(messages.c.body).where(messages.c.broadcast_id == broadcast_id)
    body = await db.scalar(statement.order_by(messages.c.id).limit(1))
    return body and msgspec.json.decode(body, type=Message)


async def under_way(db: AsyncConnection) -> list[UnderWay]:
    """Give the broadcasts that still owe something, and how far they are."""
    columns = (broadcasts.c.id, broadcasts.c.digest_id)
    statement = select(*columns).where(broadcasts.c.id.in_(await sending(db)))
    found = [(row, await progress(db, row.id)) for row in await db.execute(statement)]
    return [UnderWay(row.digest_id, so_far) for row, so_far in found if so_far]


async def summary(db: AsyncConnection, broadcast_id: int) -> Summary | None:
    """Give the result of a broadcast, once all is through but what waits."""
    columns = (
        broadcasts.c.id,
        broadcasts.c.digest_id,
        broadcasts.c.admin_id,
        func.coalesce(broadcasts.c.resumed_at, broadcasts.c.started_at).label("began_at"),
        func.coalesce(broadcasts.c.finished_at, broadcasts.c.through_at).label("finished_at"),
        broadcasts.c.recalled_at.is_not(None),
        broadcasts.c.state == BroadcastState.CANCELLED,
        broadcasts.c.resumed_at.is_not(None)
        | (broadcasts.c.through_at.is_not(None) & broadcasts.c.finished_at.is_not(None)),
    )
    row = (await db.execute(select(*columns).where(broadcasts.c.id == broadcast_id))).first()
    counts = await progress(db, broadcast_id)
    if row is None or counts is None or row.began_at is None or row.finished_at is None:
        return None
    missed, seen = await _missed(db, broadcast_id), await _followed(db, broadcast_id)
    return Summary(*[*row, counts, await opening(db, broadcast_id), missed, seen])


async def _missed(db: AsyncConnection, broadcast_id: int) -> tuple[Missed, ...]:
    """Give the places in groups that missed a part of it, each with the first part's reason."""
    columns = (deliveries.c.chat_id, deliveries.c.thread_id, chats.c.title, deliveries.c.reason)
    statement = (
        select(*columns)
        .outerjoin(chats, chats.c.id == deliveries.c.chat_id)
        .where(deliveries.c.broadcast_id == broadcast_id, deliveries.c.chat_id < 0, lost())
        .order_by(deliveries.c.chat_id, deliveries.c.thread_id, deliveries.c.part)
        .limit(_MOST_PARTS_NAMED)
    )
    places: dict[tuple[int, int], Missed] = {}
    for one in [Missed(*row) for row in await db.execute(statement)]:
        places.setdefault((one.chat_id, one.thread_id), one)
    return tuple(places.values())


async def follow(db: AsyncConnection, broadcast_id: int, chat_id: int, message_id: int) -> None:
    """Note that a message shows an admin how far a broadcast is."""
    place = {"broadcast_id": broadcast_id, "chat_id": chat_id, "message_id": message_id}
    await db.execute(insert_unless_known(followed).values(place).on_conflict_do_nothing())


async def _followed(db: AsyncConnection, broadcast_id: int) -> tuple[tuple[int, int], ...]:
    statement = select(followed.c.chat_id, followed.c.message_id)
    rows = await db.execute(statement.where(followed.c.broadcast_id == broadcast_id))
    return tuple((row.chat_id, row.message_id) for row in rows)


async def unreported(db: AsyncConnection) -> tuple[int, ...]:
    """Give the broadcasts that are through and whose result nobody was told."""
    statement = select(broadcasts.c.id).where(
        broadcasts.c.state.in_(_THROUGH),
        broadcasts.c.started_at.is_not(None),
        broadcasts.c.finished_at.is_not(None),
        broadcasts.c.reported_at.is_(None),
    )
    return tuple(await db.scalars(statement))


async def mark_reported(db: AsyncConnection, told: Summary, now: datetime) -> None:
    """Note that a result was told, unless the broadcast owes something again since."""
    await db.execute(
        update(broadcasts)
        .where(
            broadcasts.c.id == told.broadcast_id,
            broadcasts.c.state.in_(_THROUGH),
            broadcasts.c.finished_at == told.finished_at,
        )
        .values(reported_at=now)
    )
