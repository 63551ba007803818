"""From an outcome to what is written down. Pure: the rules of trying again and giving up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from bot.services.outcomes import (
    Gone,
    InDoubt,
    Migrated,
    Outcome,
    Refusal,
    Rejected,
    Retry,
    Sent,
)
from bot.storage.records import Delivery, DeliveryState, Settlement

GIVE_UP_AFTER = timedelta(days=1)
DOUBT_LASTS = timedelta(minutes=30)
_FIRST_WAIT = 2.0
_LONGEST_WAIT = 900.0


def settlement(delivery: Delivery, outcome: Outcome, now: datetime, jitter: float) -> Settlement:
    """Decide what becomes of *delivery*; *jitter*, from 0 to 1, spreads the waits."""
    match outcome:
        case Sent():
            return _sent(delivery, outcome)
        case Retry():
            return _again(delivery, outcome.reason, _wait(delivery, outcome, jitter), now)
        case InDoubt() if delivery.private:
            wait = _wait(delivery, Retry(outcome.reason), jitter)
            return _again(delivery, outcome.reason, wait, now)
        case InDoubt():
            return _later(delivery, DeliveryState.IN_DOUBT, outcome.reason, now + DOUBT_LASTS)
        case Gone():
            return _failed(delivery, outcome.reason)
        case Rejected():
            return _rejected(delivery, outcome, now)
        case Migrated():
            return _later(delivery, DeliveryState.PENDING, "migrated", now)
        case _:
            assert_never(outcome)


def _sent(delivery: Delivery, outcome: Sent) -> Settlement:
    return Settlement(
        delivery,
        DeliveryState.SENT,
        sent_id=outcome.message_id,
        reason=outcome.plain,
        main_thread=delivery.main_thread,
    )


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
    if outcome.kind is Refusal.TOPIC and delivery.thread_id and not delivery.main_thread:
        return Settlement(
            delivery, DeliveryState.RETRY, due_at=now, reason=outcome.reason, main_thread=True
        )
    return _failed(delivery, outcome.reason)


def _later(delivery: Delivery, state: DeliveryState, reason: str, due_at: datetime) -> Settlement:
    return Settlement(
        delivery, state, due_at=due_at, reason=reason, main_thread=delivery.main_thread
    )


def _failed(delivery: Delivery, reason: str) -> Settlement:
    return Settlement(
        delivery, DeliveryState.FAILED, reason=reason, main_thread=delivery.main_thread
    )
