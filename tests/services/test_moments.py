"""A chat's own moments: hours, weekdays and quiet hours through all that clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import EVERY_DAY, Quiet, Timing
from bot.services.moments import DAY_OFF_ENDS, make_up, moment, next_moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "Antarctica/Troll",
    "Pacific/Apia",
)
# Apia left a whole day out in December 2011.
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=20 * 365)).map(
    lambda since: datetime(2011, 1, 1, tzinfo=UTC) + since
)
HOURS = st.integers(0, 23)
QUIET = st.builds(Quiet, HOURS, HOURS).filter(lambda quiet: quiet.since != quiet.until)
TIMINGS = st.builds(
    Timing,
    hour=st.none() | HOURS,
    zone=st.sampled_from(ZONES),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    quiet=st.none() | QUIET,
)
WITH_HOUR = st.builds(
    Timing,
    hour=HOURS,
    zone=st.sampled_from(ZONES),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def wall(instant: datetime, timing: Timing) -> datetime:
    assert timing.zone
    return instant.astimezone(ZoneInfo(timing.zone)).replace(tzinfo=None)


@given(MOMENTS, TIMINGS)
def test_it_is_never_before_it_is_out_nor_more_than_nine_days_later(
    out: datetime, timing: Timing
) -> None:
    due = next_moment(out, timing, SHANGHAI)

    assert out <= due <= out + timedelta(days=9)


@given(MOMENTS, TIMINGS)
def test_it_is_on_an_allowed_weekday_and_in_no_quiet_hour(out: datetime, timing: Timing) -> None:
    local = wall(next_moment(out, timing, SHANGHAI), timing)

    assert local.weekday() in timing.weekdays
    assert timing.quiet is None or local.hour not in timing.quiet


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=20)), TIMINGS)
def test_what_is_out_later_never_comes_earlier(
    out: datetime, later: timedelta, timing: Timing
) -> None:
    assert next_moment(out, timing, SHANGHAI) <= next_moment(out + later, timing, SHANGHAI)


@given(MOMENTS, TIMINGS)
def test_who_is_due_now_is_due_now(out: datetime, timing: Timing) -> None:
    due = next_moment(out, timing, SHANGHAI)

    assert next_moment(due, timing, SHANGHAI) == due


@given(MOMENTS, WITH_HOUR)
def test_it_comes_at_the_hour_or_right_after_the_gap_that_skips_it(
    out: datetime, timing: Timing
) -> None:
    assert timing.hour is not None
    due = next_moment(out, timing, SHANGHAI)
    local, before = wall(due, timing), wall(due - timedelta(minutes=1), timing)

    on_the_hour = local.time() == time(timing.hour)
    skipped = before + timedelta(minutes=1) < local
    assert on_the_hour or (skipped and before.time() < time(timing.hour) < local.time())


@given(MOMENTS, WITH_HOUR)
def test_it_comes_once_a_day(out: datetime, timing: Timing) -> None:
    first = next_moment(out, timing, SHANGHAI)
    second = next_moment(first + timedelta(microseconds=1), timing, SHANGHAI)

    assert wall(first, timing).date() < wall(second, timing).date()


@given(MOMENTS, TIMINGS)
def test_who_wishes_for_nothing_gets_it_at_once(out: datetime, timing: Timing) -> None:
    assert next_moment(out, Timing(zone=timing.zone), SHANGHAI) == out


@given(MOMENTS, TIMINGS.filter(lambda timing: timing.hour is None))
def test_nobody_waits_longer_than_needed(out: datetime, timing: Timing) -> None:
    due = next_moment(out, timing, SHANGHAI)
    if due == out:
        return
    just_before = wall(due - timedelta(minutes=1), timing)

    off = just_before.weekday() not in timing.weekdays
    after_one = (
        just_before.hour < DAY_OFF_ENDS and (just_before.weekday() - 1) % 7 not in timing.weekdays
    )
    assert off or (just_before.hour in timing.quiet if timing.quiet else after_one)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "expected"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2), "2026-03-29T03:00+02:00"),
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T03:00+02:00"),
        ("Europe/Berlin", date(2026, 10, 25), time(2), "2026-10-25T02:00+02:00"),
        ("America/New_York", date(2026, 3, 8), time(2), "2026-03-08T03:00-04:00"),
        ("America/New_York", date(2026, 11, 1), time(1), "2026-11-01T01:00-04:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2), "2026-10-04T02:30+11:00"),
        ("Antarctica/Troll", date(2026, 3, 29), time(2), "2026-03-29T03:00+02:00"),
        ("Pacific/Apia", date(2011, 12, 30), time(9), "2011-12-31T00:00+14:00"),
        ("Asia/Shanghai", date(2026, 1, 14), time(8), "2026-01-14T08:00+08:00"),
    ],
)
def test_a_gap_is_passed_and_an_overlap_counts_once(
    zone: str, day: date, hour: time, expected: str
) -> None:
    assert moment(day, hour, ZoneInfo(zone)) == at(expected)


@pytest.mark.parametrize(
    ("out", "timing", "expected"),
    [
        # Wednesday, eight in Shanghai.
        ("2026-01-14T08:00+08:00", Timing(hour=20), "2026-01-14T20:00+08:00"),
        ("2026-01-14T08:00+08:00", Timing(hour=8), "2026-01-14T08:00+08:00"),
        ("2026-01-14T08:00:01+08:00", Timing(hour=8), "2026-01-15T08:00+08:00"),
        ("2026-01-14T08:00+08:00", Timing(hour=7, zone="Europe/Berlin"), "2026-01-14T07:00+01:00"),
        ("2026-01-14T08:00+08:00", Timing(weekdays=frozenset({4})), "2026-01-16T08:00+08:00"),
        (
            "2026-01-14T23:10+08:00",
            Timing(quiet=Quiet(22, 7)),
            "2026-01-15T07:00+08:00",
        ),
        (
            "2026-01-14T08:00+08:00",
            Timing(hour=23, weekdays=frozenset({4}), quiet=Quiet(22, 7)),
            "2026-01-16T07:00+08:00",
        ),
    ],
)
def test_moments_are_as_people_expect(out: str, timing: Timing, expected: str) -> None:
    assert next_moment(at(out), timing, SHANGHAI) == at(expected)


def test_an_announcement_heeds_the_quiet_hours_alone() -> None:
    timing = Timing(9, "Asia/Tokyo", frozenset({1}), Quiet(22, 7))

    assert timing.quiet_alone() == Timing(None, "Asia/Tokyo", EVERY_DAY, Quiet(22, 7))
    assert not timing.at_any_time
    assert Timing(zone="Asia/Tokyo").at_any_time


@given(MOMENTS, TIMINGS)
def test_what_is_made_up_for_another_day_comes_at_the_chosen_hour(
    now: datetime, timing: Timing
) -> None:
    made_up = make_up(now, timing, SHANGHAI)

    assert made_up >= now
    if wall(made_up, timing).date() != wall(now, timing).date():
        assert made_up == next_moment(now, timing, SHANGHAI)


@given(MOMENTS, TIMINGS)
def test_what_is_made_up_wakes_nobody_and_heeds_days_off(now: datetime, timing: Timing) -> None:
    local = wall(make_up(now, timing, SHANGHAI), timing)

    assert local.weekday() in timing.weekdays
    assert timing.quiet is None or local.hour not in timing.quiet
