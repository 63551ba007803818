"""How ids hold days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.search.days import Days

DAYS = Days.for_most(300)


@given(st.dates(max_value=date.max - timedelta(days=1)))
def test_a_newer_day_has_lesser_ids(day: date) -> None:
    newer = day + timedelta(days=1)

    assert 0 <= DAYS.last_item(newer) < DAYS.first_item(day) < DAYS.last_item(day)


@given(st.dates(), st.integers(0, 600))
def test_an_id_tells_its_day(day: date, place: int) -> None:
    assert date.fromordinal(DAYS.ordinal_of(DAYS.first_item(day) + place)) == day
