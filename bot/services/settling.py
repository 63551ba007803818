"""From an outcome to what is written down. Pure: the rules of trying again and giving up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

from msgspec.structs import replace

from bot.services.outcomes import (
    Gone,
    InDoubt,
    Migrated,
    Outcome,
    Partly,
    Refusal,
    Rejected,
    Retry,
    Sent,
)
from bot.storage.records import NO_NUMBER, NOT_KNOWN, Delivery, DeliveryState, Settlement, Task

GIVE_UP_AFTER = timedelta(days=1)
DOUBT_LASTS = timedelta(minutes=30)
# To a person, a message that comes twice does less harm than one that never comes: it is repeated
# until an answer comes, but a network that is down for hours does not make a hundred of it.
_DOUBT_WAITS = (2.0, 60.0, 900.0, 21_600.0)
_FIRST_WAIT = 2.0
_LONGEST_WAIT = 900.0

Answer: TypeAlias = tuple[Delivery, Outcome]
"""A delivery as it was before a try, and what came of that."""


def settlement(delivery: Delivery, outcome: Outcome, now: datetime, jitter: float) -> Settlement:
    """Decide what becomes of *delivery*; *jitter*, from 0 to 1, spreads the waits."""
    match outcome:
        case Sent() | Partly():
            return _arrived(delivery, outcome, now)
        case Retry():
            return _again(delivery, outcome.reason, _wait(delivery, outcome, jitter), now)
        case InDoubt():
            return _doubted(delivery, outcome, now, jitter)
        case Gone():
            return _failed(delivery, outcome.reason)
        case Rejected():
            return _rejected(delivery, outcome, now)
        case Migrated(new_id) if new_id == delivery.chat_id:
            return _again(delivery, "migrated", _backoff(delivery, jitter), now)
        case Migrated():
            return Settlement(delivery, DeliveryState.PENDING, now, "migrated")
        case _:
            assert_never(outcome)


def _arrived(delivery: Delivery, outcome: Sent | Partly, now: datetime) -> Settlement:
    if delivery.task is not Task.SEND:
        return _amended(delivery)
    if isinstance(outcome, Partly):
        further = replace(delivery, pieces=(*delivery.pieces, outcome.message_id))
        return Settlement(further, DeliveryState.PENDING, due_at=now, reason=outcome.plain)
    there = replace(delivery, sent_id=outcome.message_id)
    return Settlement(there, DeliveryState.SENT, reason=outcome.plain)


def _amended(delivery: Delivery) -> Settlement:
    """Note what was edited or deleted, unless there may be another of it."""
    if delivery.sent_id == 0:
        return _failed(delivery, NO_NUMBER)
    there = None if delivery.task is Task.DELETE else delivery.sent_id
    changed = replace(delivery, sent_id=there, pieces=())
    if delivery.recall and delivery.doubts:
        return _failed(changed, NOT_KNOWN)
    return Settlement(changed, DeliveryState.RECALLED if delivery.recall else DeliveryState.SENT)


def _doubted(delivery: Delivery, outcome: InDoubt, now: datetime, jitter: float) -> Settlement:
    """Repeat what does no harm when it is done twice; ask about posts in groups, once."""
    if delivery.task is not Task.SEND:
        return _again(delivery, outcome.reason, _backoff(delivery, jitter), now)
    doubted = replace(delivery, doubts=delivery.doubts + 1)
    if delivery.private:
        return _again(doubted, outcome.reason, _doubt_wait(doubted, now, jitter), now)
    if doubted.doubts > 1:
        return _failed(doubted, NOT_KNOWN)
    return Settlement(doubted, DeliveryState.IN_DOUBT, now + DOUBT_LASTS, outcome.reason)


def _doubt_wait(doubted: Delivery, now: datetime, jitter: float) -> timedelta:
    """Wait longer with each doubt; the last try is when the day is over."""
    wait = _DOUBT_WAITS[min(doubted.doubts, len(_DOUBT_WAITS)) - 1]
    left = doubted.tried_at + GIVE_UP_AFTER - now
    return min(_spread(wait, jitter), max(left, timedelta(seconds=1)))


def _wait(delivery: Delivery, outcome: Retry, jitter: float) -> timedelta:
    if outcome.after is not None:
        # Never early; a little late, so that many chats do not come back at one moment.
        return timedelta(seconds=max(outcome.after, 0.0) + jitter)
    return _backoff(delivery, jitter)


def _backoff(delivery: Delivery, jitter: float) -> timedelta:
    """Wait longer with each try, where nobody said for how long."""
    return _spread(min(_FIRST_WAIT * 2.0 ** min(delivery.attempts - 1, 10), _LONGEST_WAIT), jitter)


def _spread(seconds: float, jitter: float) -> timedelta:
    return timedelta(seconds=seconds * (0.75 + jitter / 2))


def _again(delivery: Delivery, reason: str, wait: timedelta, now: datetime) -> Settlement:
    if now + wait > delivery.tried_at + GIVE_UP_AFTER:
        return _failed(delivery, reason)
    return Settlement(delivery, DeliveryState.RETRY, now + wait, reason)


def goes_to_main_thread(delivery: Delivery, outcome: Rejected) -> bool:
    """Tell whether what is refused in its topic is sent to the main thread of the group."""
    in_topic = delivery.thread_id and not delivery.main_thread
    may_move = delivery.task is Task.SEND and outcome.kind is not Refusal.CONTENT
    return bool(in_topic and may_move)


def _rejected(delivery: Delivery, outcome: Rejected, now: datetime) -> Settlement:
    if goes_to_main_thread(delivery, outcome):
        moved = replace(delivery, main_thread=True)
        return Settlement(moved, DeliveryState.RETRY, now, outcome.reason)
    return _failed(delivery, outcome.reason)


def _failed(delivery: Delivery, reason: str) -> Settlement:
    """Give up; what cannot be edited or deleted still stands."""
    if delivery.sent_id is not None:
        return Settlement(delivery, DeliveryState.SENT, reason=reason)
    may_be_there = delivery.doubts > 0
    return Settlement(delivery, DeliveryState.FAILED, reason=NOT_KNOWN if may_be_there else reason)
