"""The rules of trying again: for how long, and how often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.services.outcomes import InDoubt
from bot.services.settling import GIVE_UP_AFTER, settlement
from bot.storage.records import Delivery, DeliveryState

BEGAN = datetime(2026, 1, 14, 1, 0, tzinfo=UTC)


@given(st.floats(0, 1))
def test_a_lost_answer_to_a_person_is_repeated_for_a_day_and_seldom(jitter: float) -> None:
    delivery = Delivery(1, 1, 7, 0, 0, message=1, attempts=1, tried_at=BEGAN)
    moments = [BEGAN]

    while True:
        settled = settlement(delivery, InDoubt("lost"), moments[-1], jitter)
        if settled.due_at is None:
            break
        moments.append(settled.due_at)
        delivery = replace(settled.delivery, attempts=delivery.attempts + 1)

    assert settled.state is DeliveryState.FAILED
    assert moments[1] - BEGAN < timedelta(seconds=3)
    assert moments[-1] - BEGAN == GIVE_UP_AFTER
    assert len(moments) <= 10
