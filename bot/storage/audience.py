"""Who is owed a broadcast: targets at once, subscribers each at their own moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialects import insert_unless_known
from bot.storage.instant import Instant
from bot.storage.owing import behind_another, lost, owed, unreachable
from bot.storage.preferences import has_wishes, wishes_as
from bot.storage.records import DeliveryState, Target, Variant
from bot.storage.tables import (
    chats,
    deliveries,
    messages,
    preferences,
    subscriptions,
    targets,
)
from bot.storage.waves import Wave, laid_out, waves

_OWED = (
    "broadcast_id",
    "message",
    "part",
    "chat_id",
    "thread_id",
    "state",
    "due_at",
    "attempts",
    "waits",
)


class _Moment(NamedTuple):
    """In SQL: when it is due, and whether that is the chat's own moment."""

    due_at: ColumnElement[datetime]
    waits: ColumnElement[bool]


_THEIRS = _Moment(waves.c.due_at, waves.c.waits)


def _at_once(now: datetime) -> _Moment:
    return _Moment(literal(now, Instant), literal(value=False))


async def owe_targets(
    db: AsyncConnection, broadcast_id: int, places: Sequence[Target], now: datetime
) -> int:
    """Owe the broadcast to each of *places* that it is not owed to yet; tell how many messages."""
    count = 0
    for place in places:
        there = _parts_for(broadcast_id, place, now).where(chats.c.gone_at.is_(None))
        count += await _owe(db, there)
    return count


async def leave_out(
    db: AsyncConnection, broadcast_id: int, places: Sequence[Target], now: datetime
) -> None:
    """Write down those of *places* that cannot be reached: who reads the result shall know."""
    for place in places:
        gone = _parts_for(broadcast_id, place, now).where(chats.c.gone_at.is_not(None))
        if await _owe(db, gone):
            theirs = _of_place(broadcast_id, place)
            await db.execute(update(deliveries).where(*theirs).values(**unreachable(now)))


async def owe_failed(
    db: AsyncConnection, broadcast_id: int, places: Sequence[Target], now: datetime
) -> int:
    """Owe the broadcast once more to those of *places* that missed it; tell how many messages.

    They refused it, or were gone and are back. What may be there is not sent twice.
    """
    there = exists().where(chats.c.id == deliveries.c.chat_id, chats.c.gone_at.is_(None))
    by_wish = deliveries.c.reason.in_(("unsubscribed", "cancelled", "migrated"))
    missed = and_(lost(), ~by_wish, deliveries.c.doubts == 0, ~behind_another(), there)
    count = 0
    for place in places:
        theirs = (*_of_place(broadcast_id, place), deliveries.c.sent_id.is_(None))
        first = await db.scalar(select(deliveries.c.part).where(*theirs, missed))
        if first is not None:
            due = case((deliveries.c.part == first, literal(now, Instant)), else_=None)
            again = update(deliveries).where(*theirs, deliveries.c.part >= first)
            count += (await db.execute(again.values(**owed(now) | {"due_at": due}))).rowcount
    return count


def _of_place(broadcast_id: int, place: Target) -> tuple[ColumnElement[bool], ...]:
    return (
        deliveries.c.broadcast_id == broadcast_id,
        deliveries.c.chat_id == place.chat_id,
        deliveries.c.thread_id == place.thread_id,
    )


async def owe_groups(
    db: AsyncConnection, broadcast_id: int, before: datetime, now: datetime
) -> int:
    """Owe the broadcast to the groups that subscribed before *before* and do not have it."""
    has_it = exists().where(
        deliveries.c.broadcast_id == broadcast_id, deliveries.c.chat_id == chats.c.id
    )
    groups = _subscribed(broadcast_id, _at_once(now), before).where(
        chats.c.id < 0, messages.c.variant == Variant.GROUP, ~has_it
    )
    return await _owe(db, groups)


async def owe_people(
    db: AsyncConnection, broadcast_id: int, before: datetime, now: datetime, own: Sequence[Wave]
) -> int:
    """Owe the broadcast to people, each in their language where it has that.

    Those who wish for something get it when *own* says, all others now.
    """
    theirs = preferences.c.chat_id == chats.c.id
    to_people = (
        chats.c.id > 0,
        messages.c.variant == Variant.PRIVATE,
        messages.c.language == await _language(db, broadcast_id),
    )
    rest = _subscribed(broadcast_id, _at_once(now), before).join(preferences, theirs, isouter=True)
    nothing_chosen = preferences.c.chat_id.is_(None) | ~has_wishes()
    count = await _owe(db, rest.where(*to_people, nothing_chosen))
    if own:
        # Whoever wishes for something has a row, and is found by it.
        waiting = _subscribed(broadcast_id, _THEIRS, before).join(preferences, theirs)
        async with laid_out(db, own):
            count += await _owe(db, waiting.join(waves, wishes_as(waves)).where(*to_people))
    return count


async def recipients(db: AsyncConnection) -> int:
    """Count the chats that an announcement would go to."""
    subscribed = select(subscriptions.c.chat_id).union(
        select(targets.c.chat_id).where(targets.c.active)
    )
    statement = select(func.count()).where(chats.c.id.in_(subscribed), chats.c.gone_at.is_(None))
    return int(await db.scalar(statement) or 0)


async def _language(db: AsyncConnection, broadcast_id: int) -> ColumnElement[str]:
    """Say in SQL in which language a person gets a broadcast: the own one where it has that."""
    of_it = messages.c.broadcast_id == broadcast_id
    languages = await db.scalars(select(messages.c.language).distinct().where(of_it))
    spoken = func.coalesce(preferences.c.language, chats.c.language)
    return case({language: language for language in languages}, value=spoken, else_="")


def _subscribed(broadcast_id: int, moment: _Moment, before: datetime) -> Select[Any]:
    return (
        _parts(broadcast_id, moment, literal(0))
        .join(subscriptions, subscriptions.c.chat_id == chats.c.id)
        .where(subscriptions.c.since < before, chats.c.gone_at.is_(None))
    )


def _parts_for(broadcast_id: int, place: Target, now: datetime) -> Select[Any]:
    return _parts(broadcast_id, _at_once(now), literal(place.thread_id, BigInteger)).where(
        chats.c.id == place.chat_id, messages.c.variant == Variant.GROUP
    )


def _parts(broadcast_id: int, moment: _Moment, thread_id: ColumnElement[int]) -> Select[Any]:
    # Only a first part is due; settling a part makes the next one due.
    due = case((messages.c.part == 0, moment.due_at), else_=None)
    return (
        select(
            messages.c.broadcast_id,
            messages.c.id,
            messages.c.part,
            chats.c.id,
            thread_id,
            literal(DeliveryState.PENDING.value),
            due,
            literal(0),
            moment.waits,
        )
        .select_from(chats)
        .join(messages, (messages.c.broadcast_id == broadcast_id) & messages.c.current)
        # Not by part as well: SQLite would sort the parts of each chat, a quarter of all the time.
        .order_by(chats.c.id)
    )


async def _owe(db: AsyncConnection, owed: Select[Any]) -> int:
    statement = insert_unless_known(deliveries).from_select(_OWED, owed)
    result = await db.execute(statement.on_conflict_do_nothing())
    return result.rowcount
