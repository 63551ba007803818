"""From an outcome to what is written down. Pure: the rules of trying again and giving up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

import msgspec

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
from bot.storage.records import Delivery, DeliveryState, Settlement, Task

GIVE_UP_AFTER = timedelta(days=1)
DOUBT_LASTS = timedelta(minutes=30)
# To a person, a message that comes twice does less harm than one that never comes.
_MOST_REPEATS = 3
_FIRST_WAIT = 2.0
_LONGEST_WAIT = 900.0


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
        case Migrated():
            return _later(delivery, DeliveryState.PENDING, "migrated", now)
        case _:
            assert_never(outcome)


def _arrived(delivery: Delivery, outcome: Sent | Partly, now: datetime) -> Settlement:
    if delivery.task is not Task.SEND:
        return _amended(delivery)
    if isinstance(outcome, Partly):
        return _piece(delivery, outcome, now)
    return Settlement(
        delivery,
        DeliveryState.SENT,
        sent_id=outcome.message_id,
        reason=outcome.plain,
        main_thread=delivery.main_thread,
        pieces=delivery.pieces,
    )


def _piece(delivery: Delivery, outcome: Partly, now: datetime) -> Settlement:
    """Go on with the next piece: what has arrived is written down before."""
    return Settlement(
        delivery,
        DeliveryState.PENDING,
        due_at=now,
        reason=outcome.plain,
        main_thread=delivery.main_thread,
        pieces=(*delivery.pieces, outcome.message_id),
    )


def _amended(delivery: Delivery) -> Settlement:
    deleted = delivery.task is Task.DELETE
    return Settlement(
        delivery,
        DeliveryState.RECALLED if delivery.recall else DeliveryState.SENT,
        sent_id=None if deleted else delivery.sent_id,
        main_thread=delivery.main_thread,
        pieces=() if deleted else delivery.pieces,
    )


def _doubted(delivery: Delivery, outcome: InDoubt, now: datetime, jitter: float) -> Settlement:
    """Repeat what does no harm when it is done twice; ask about posts in groups, once."""
    most = _MOST_REPEATS if delivery.private else 1
    if delivery.task is Task.SEND and outcome.times > most:
        return _failed(delivery, "not known whether it arrived")
    if delivery.private or delivery.task is not Task.SEND:
        wait = _wait(delivery, Retry(outcome.reason), jitter)
        return _again(delivery, outcome.reason, wait, now)
    return _later(delivery, DeliveryState.IN_DOUBT, outcome.reason, now + DOUBT_LASTS)


def _wait(delivery: Delivery, outcome: Retry, jitter: float) -> timedelta:
    if outcome.after is not None:
        # Never early; a little late, so that many chats do not come back at one moment.
        return timedelta(seconds=max(outcome.after, 0.0) + jitter)
    wait = min(_FIRST_WAIT * 2.0 ** min(delivery.attempts - 1, 10), _LONGEST_WAIT)
    return timedelta(seconds=wait * (0.75 + jitter / 2))


def _again(delivery: Delivery, reason: str, wait: timedelta, now: datetime) -> Settlement:
    if now + wait > delivery.tried_at + GIVE_UP_AFTER:
        return _failed(delivery, reason)
    return _later(delivery, DeliveryState.RETRY, reason, now + wait)


def _rejected(delivery: Delivery, outcome: Rejected, now: datetime) -> Settlement:
    unsent = delivery.task is Task.SEND
    if unsent and outcome.kind is Refusal.TOPIC and delivery.thread_id and not delivery.main_thread:
        moved = msgspec.structs.replace(delivery, main_thread=True)
        return _later(moved, DeliveryState.RETRY, outcome.reason, now)
    return _failed(delivery, outcome.reason)


def _later(delivery: Delivery, state: DeliveryState, reason: str, due_at: datetime) -> Settlement:
    return Settlement(
        delivery,
        state,
        due_at=due_at,
        sent_id=delivery.sent_id,
        reason=reason,
        main_thread=delivery.main_thread,
        pieces=delivery.pieces,
    )


def _failed(delivery: Delivery, reason: str) -> Settlement:
    """Give up; what cannot be edited or deleted still stands."""
    return Settlement(
        delivery,
        DeliveryState.FAILED if delivery.sent_id is None else DeliveryState.SENT,
        sent_id=delivery.sent_id,
        reason=reason,
        main_thread=delivery.main_thread,
        pieces=delivery.pieces,
    )
