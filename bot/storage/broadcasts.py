"""Broadcasts: one thing sent to many chats, with its frozen messages and what it owes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import bindparam, case, delete, func, insert, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Message
from bot.storage.dialects import insert_unless_known
from bot.storage.outbox import sending
from bot.storage.owing import lost
from bot.storage.records import (
    BroadcastState,
    DeliveryState,
    Missed,
    Progress,
    Rendered,
    Summary,
    UnderWay,
)
from bot.storage.tables import broadcasts, chats, deliveries, followed, messages

_MOST_PARTS_NAMED = 20
_THROUGH = (BroadcastState.DONE, BroadcastState.CANCELLED)


async def add_digest(db: AsyncConnection, digest_id: str, content_hash: str, now: datetime) -> int:
    """Open the broadcast of a digest."""
    statement = insert(broadcasts).values(
        digest_id=digest_id,
        content_hash=content_hash,
        state=BroadcastState.SENDING,
        created_at=now,
        started_at=now,
    )
    return int(await db.scalar(statement.returning(broadcasts.c.id)) or 0)


async def discard(db: AsyncConnection, broadcast_id: int) -> None:
    """Take a broadcast back that nobody is owed."""
    await db.execute(delete(messages).where(messages.c.broadcast_id == broadcast_id))
    await db.execute(delete(broadcasts).where(broadcasts.c.id == broadcast_id))


async def of_digest(db: AsyncConnection, digest_id: str) -> int | None:
    """Find the broadcast of a digest."""
    found = await db.scalar(select(broadcasts.c.id).where(broadcasts.c.digest_id == digest_id))
    return None if found is None else int(found)


async def by_content(db: AsyncConnection) -> dict[str, str]:
    """Give the digests that were published by what they said, the latest of those that say it."""
    statement = select(broadcasts.c.content_hash, broadcasts.c.digest_id)
    known = statement.where(broadcasts.c.content_hash.is_not(None)).order_by(broadcasts.c.id)
    return {row.content_hash: row.digest_id for row in await db.execute(known)}


async def is_taken_back(db: AsyncConnection, broadcast_id: int) -> bool:
    """Tell whether a broadcast was recalled."""
    recalled = (broadcasts.c.id == broadcast_id) & broadcasts.c.recalled_at.is_not(None)
    return await db.scalar(select(broadcasts.c.id).where(recalled)) is not None


async def is_stopped(db: AsyncConnection, broadcast_id: int) -> bool:
    """Tell whether a broadcast was stopped."""
    stopped = (broadcasts.c.id == broadcast_id) & (broadcasts.c.state == BroadcastState.CANCELLED)
    return await db.scalar(select(broadcasts.c.id).where(stopped)) is not None


# Built once: a broadcast may be refused by many groups at a time.
_NAMES = (
    select(broadcasts.c.digest_id, chats.c.title)
    .outerjoin_from(broadcasts, chats, chats.c.id == bindparam("chat"))
    .where(broadcasts.c.id == bindparam("broadcast"))
)


async def names(
    db: AsyncConnection, broadcast_id: int, chat_id: int
) -> tuple[str | None, str | None]:
    """Find the digest of a broadcast, None for an announcement, and the title of a chat."""
    row = (await db.execute(_NAMES, {"broadcast": broadcast_id, "chat": chat_id})).one()
    return row.digest_id, row.title


async def add_draft(db: AsyncConnection, admin_id: int, now: datetime) -> int:
    """Open an announcement that nobody gets before it is confirmed."""
    statement = insert(broadcasts).values(
        admin_id=admin_id, state=BroadcastState.DRAFT, created_at=now
    )
    return int(await db.scalar(statement.returning(broadcasts.c.id)) or 0)


async def freeze(db: AsyncConnection, broadcast_id: int, rendered: Rendered) -> None:
    """Keep the messages as they are now: a retry sends the same bytes."""
    rows = [
        {
            "broadcast_id": broadcast_id,
            "variant": edition.variant,
            "language": edition.language,
            "part": part,
            "body": msgspec.json.encode(message).decode(),
            "current": True,
        }
        for edition in rendered.editions()
        for part, message in enumerate(edition.parts)
    ]
    await db.execute(insert(messages), rows)


async def start(db: AsyncConnection, broadcast_id: int, admin_id: int, now: datetime) -> bool:
    """Let a draft of *admin_id* go out; tell whether it was one."""
    result = await db.execute(
        update(broadcasts)
        .where(
            broadcasts.c.id == broadcast_id,
            broadcasts.c.admin_id == admin_id,
            broadcasts.c.state == BroadcastState.DRAFT,
        )
        .values(state=BroadcastState.SENDING, started_at=now)
    )
    return result.rowcount == 1


async def drop(db: AsyncConnection, draft_id: int, now: datetime) -> bool:
    """Drop a draft; tell whether it was one."""
    result = await db.execute(
        update(broadcasts)
        .where(broadcasts.c.id == draft_id, broadcasts.c.state == BroadcastState.DRAFT)
        .values(state=BroadcastState.CANCELLED, finished_at=now)
    )
    return result.rowcount == 1


async def reopen(db: AsyncConnection, broadcast_id: int, now: datetime) -> None:
    """Note that a broadcast owes something again; one that was stopped stays so."""
    stopped = broadcasts.c.state == BroadcastState.CANCELLED
    await db.execute(
        update(broadcasts)
        .where(broadcasts.c.id == broadcast_id, broadcasts.c.finished_at.is_not(None))
        .values(
            state=case((stopped, broadcasts.c.state), else_=BroadcastState.SENDING),
            resumed_at=now,
            finished_at=None,
            reported_at=None,
        )
    )


async def stop(db: AsyncConnection, broadcast_id: int) -> bool:
    """Note that a broadcast was stopped; tell whether it was being sent."""
    result = await db.execute(
        update(broadcasts)
        .where(
            broadcasts.c.id == broadcast_id,
            broadcasts.c.state == BroadcastState.SENDING,
            # What is taken back may not be left standing half way.
            broadcasts.c.recalled_at.is_(None),
        )
        .values(state=BroadcastState.CANCELLED)
    )
    return result.rowcount == 1


async def progress(db: AsyncConnection, broadcast_id: int) -> Progress | None:
    """Count what became of a broadcast's deliveries; None where there is no such broadcast."""
    columns = (broadcasts.c.finished_at.is_not(None), broadcasts.c.recalled_at.is_not(None))
    found = (await db.execute(select(*columns).where(broadcasts.c.id == broadcast_id))).first()
    if found is None:
        return None
    done, taken_back = found
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
    counts = [_Count(*row) for row in await db.execute(statement)]
    return _progress(counts, done=done, taken_back=taken_back)


class _Count(NamedTuple):
    state: str
    reason: str | None
    waits: bool
    recall: bool
    corrected: bool
    n: int


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
