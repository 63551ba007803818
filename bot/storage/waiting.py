"""Deliveries that wait for their chat's own moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.owing import (
    dropped,
    nothing_there,
    of_target,
    taken_back_unsent,
    unreachable,
    wished_for,
)
from bot.storage.preferences import wishes_as
from bot.storage.records import RETIRED, BroadcastState, DeliveryState
from bot.storage.tables import broadcasts, chats, deliveries, preferences, targets
from bot.storage.turning import let_stand
from bot.storage.waves import Wave, laid_out, waves

# What is tried again within so short a time is not waiting for a chat's own moment.
_SOON = timedelta(minutes=2)

_open = (broadcasts.c.state == BroadcastState.SENDING, broadcasts.c.reported_at.is_(None))
_not_begun = (
    deliveries.c.part == 0,
    deliveries.c.state == DeliveryState.PENDING,
    deliveries.c.attempts == 0,
    deliveries.c.sent_id.is_(None),
)
_nothing_arrived = and_(
    deliveries.c.part == 0,
    deliveries.c.state.in_((DeliveryState.PENDING, DeliveryState.RETRY, DeliveryState.IN_DOUBT)),
    nothing_there(),
)
# Behind what may not have arrived nothing can follow.
_goes_on = and_(
    (deliveries.c.part > 0) | ~nothing_there(), deliveries.c.state != DeliveryState.IN_DOUBT
)
_gone = exists().where(chats.c.id == deliveries.c.chat_id, chats.c.gone_at.is_not(None))
_NEEDLESS = select(deliveries.c.id).where(
    deliveries.c.id.in_(bindparam("these", expanding=True)),
    or_(
        deliveries.c.turned,
        deliveries.c.message.is_(None),
        _gone,
        _nothing_arrived & ~wished_for(),
    ),
)


async def through(db: AsyncConnection, now: datetime) -> tuple[int, ...]:
    """Note the broadcasts of which only what waits is left; give those that were not noted yet."""
    due = exists().where(
        deliveries.c.broadcast_id == broadcasts.c.id, deliveries.c.due_at <= now + _SOON
    )
    in_hand = exists().where(
        deliveries.c.broadcast_id == broadcasts.c.id, deliveries.c.claimed_at.is_not(None)
    )
    waits = exists().where(
        deliveries.c.broadcast_id == broadcasts.c.id, deliveries.c.due_at > now, deliveries.c.waits
    )
    statement = (
        update(broadcasts)
        .where(*_open, broadcasts.c.through_at.is_(None), ~due, ~in_hand, waits)
        .values(through_at=now)
        .returning(broadcasts.c.id)
    )
    return tuple(await db.scalars(statement))


async def redate(
    db: AsyncConnection, chat_id: int, digests: datetime, announcements: datetime, now: datetime
) -> None:
    """Let what *chat_id* is still owed be due at another moment."""
    announced = broadcasts.c.digest_id.is_(None)
    for which, due_at in ((~announced, digests), (announced, announcements)):
        await db.execute(
            update(deliveries)
            .where(_of(which), deliveries.c.chat_id == chat_id, *_not_begun)
            .values(due_at=due_at, waits=due_at > now)
        )


async def hold_back(db: AsyncConnection, until: Sequence[Wave], now: datetime) -> None:
    """Let digests that are overdue wait until the moments of their readers."""
    digests = broadcasts.c.digest_id.is_not(None)
    await _hold(db, until, digests, deliveries.c.due_at <= now, *_not_begun)


async def hush(db: AsyncConnection, until: Sequence[Wave], again: datetime) -> None:
    """Let all that would be sent before *until* wait until then, also what was tried before.

    What is due from *again* on may be left to the next time.
    """
    unsent = deliveries.c.sent_id.is_(None)
    # Who has got a first part gets the others, too.
    at_an_end = (deliveries.c.part == 0) | (deliveries.c.attempts > 0)
    which = (unsent, at_an_end, deliveries.c.due_at < _end)
    soon = (_of(true()), deliveries.c.due_at < again)
    # What is fewer is looked through one by one: all that is due, or whoever wishes for something.
    wishers = select(func.count()).select_from(preferences).scalar_subquery()
    due = select(deliveries.c.id).where(*soon).limit(wishers).subquery()
    if await db.scalar(select(select(func.count(due.c.id)).scalar_subquery() < wishers)):
        await _hold_each(db, until, *soon, *which)
    else:
        await _hold(db, until, true(), *which)


_their_moment = (
    select(waves.c.due_at)
    .join(preferences, wishes_as(waves))
    .where(preferences.c.chat_id == deliveries.c.chat_id)
)
_end = _their_moment.correlate(deliveries).scalar_subquery()


async def _hold(
    db: AsyncConnection,
    until: Sequence[Wave],
    of: ColumnElement[bool],
    *which: ColumnElement[bool],
) -> None:
    # By broadcast and chat at once: SQLite would look through all that is due, for a few.
    theirs = (
        select(broadcasts.c.id, preferences.c.chat_id)
        .join_from(preferences, waves, wishes_as(waves))
        .join(broadcasts, and_(*_open, of))
    )
    place = tuple_(deliveries.c.broadcast_id, deliveries.c.chat_id)
    await _hold_each(db, until, place.in_(theirs), *which)


async def _hold_each(
    db: AsyncConnection, until: Sequence[Wave], *which: ColumnElement[bool]
) -> None:
    if until:
        async with laid_out(db, until):
            await db.execute(update(deliveries).where(*which).values(due_at=_end, waits=True))


async def skip_missed(db: AsyncConnection, before: datetime, now: datetime) -> int:
    """Skip the digests whose moment came and went before *before*; tell how many messages."""
    digests = _of(broadcasts.c.digest_id.is_not(None))
    missed = digests & (deliveries.c.due_at < before) & deliveries.c.waits
    return await _skip(db, and_(missed, *_not_begun), "too late", now)


async def let_go(db: AsyncConnection, chat_id: int, now: datetime) -> int:
    """Skip what *chat_id* is still to get, now that it wishes for nothing more."""
    theirs = _of(true()) & (deliveries.c.chat_id == chat_id)
    return await _skip(db, theirs & _nothing_arrived, "unsubscribed", now)


async def let_go_of_unbegun(db: AsyncConnection, these: Collection[int], now: datetime) -> None:
    """Owe broadcasts that were stopped to nobody more who has got nothing of them yet."""
    owed = deliveries.c.broadcast_id.in_(these) & deliveries.c.due_at.is_not(None)
    await _skip(db, owed & ~_goes_on, "cancelled", now)


async def halt(
    db: AsyncConnection, chat_id: int, reason: str, until: datetime, now: datetime
) -> None:
    """Try nothing in *chat_id* before *until*, as Telegram asked; a restart remembers that."""
    unsent = deliveries.c.state.in_((DeliveryState.PENDING, DeliveryState.RETRY))
    theirs = _of(true()) & (deliveries.c.chat_id == chat_id)
    await db.execute(
        update(deliveries)
        .where(theirs, unsent, deliveries.c.due_at < until)
        .values(
            state=DeliveryState.RETRY,
            reason=reason,
            due_at=until,
            tried_at=func.coalesce(deliveries.c.tried_at, now),
        )
    )


async def let_go_of_leavers(db: AsyncConnection, these: Collection[int], now: datetime) -> None:
    """Owe *these* no more that became needless while they were under way.

    They were taken back, their chat left, or its reader turned a page.
    """
    # Mostly there are none, which one statement tells that is built once.
    if needless := (await db.scalars(_NEEDLESS, {"these": these})).all():
        await _let_go_of(db, needless, now)


async def _let_go_of(db: AsyncConnection, these: Collection[int], now: datetime) -> None:
    await let_stand(db, these, now)
    again = deliveries.c.id.in_(these) & deliveries.c.due_at.is_not(None)
    needless = again & deliveries.c.message.is_(None) & nothing_there()
    await db.execute(update(deliveries).where(needless).values(**taken_back_unsent(now)))
    await db.execute(update(deliveries).where(again, _gone).values(**unreachable(now)))
    retired = exists().where(of_target(), ~targets.c.active)
    reason = case((retired, RETIRED), else_="unsubscribed")
    await _skip(db, and_(again, _nothing_arrived, ~wished_for()), reason, now)


async def let_go_of_retired(db: AsyncConnection, now: datetime) -> int:
    """Skip what places are still to get that are targets no longer; tell how many messages."""
    place = tuple_(deliveries.c.chat_id, deliveries.c.thread_id)
    retired = select(targets.c.chat_id, targets.c.thread_id).where(~targets.c.active)
    theirs = _of(true()) & place.in_(retired) & ~wished_for()
    return await _skip(db, theirs & _nothing_arrived, RETIRED, now)


async def _skip(
    db: AsyncConnection, which: ColumnElement[bool], reason: str | ColumnElement[str], now: datetime
) -> int:
    """Skip *which* first parts; those behind them have no moment of their own."""
    place = (deliveries.c.broadcast_id, deliveries.c.chat_id, deliveries.c.thread_id)
    skipped = select(*place).where(which)
    result = await db.execute(
        update(deliveries)
        .where(tuple_(*place).in_(skipped), deliveries.c.settled_at.is_(None))
        .values(**dropped(reason, now))
    )
    return result.rowcount


def _of(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return deliveries.c.broadcast_id.in_(select(broadcasts.c.id).where(*_open, which))
