from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locale.days import parse_day

WEDNESDAY = date(2026, 1, 14)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天", date(2026, 1, 14)),
        ("昨天", date(2026, 1, 13)),
        ("前天", date(2026, 1, 12)),
        ("Yesterday", date(2026, 1, 13)),
        ("-1", date(2026, 1, 13)),
        ("-0", date(2026, 1, 14)),
        ("2025-12-30", date(2025, 12, 30)),
        ("2025/1/3", date(2025, 1, 3)),
        ("2025年12月30日", date(2025, 12, 30)),
        ("20251230", date(2025, 12, 30)),
        ("２０２５－１２－３０", date(2025, 12, 30)),
        ("12-30", date(2025, 12, 30)),
        ("1月3日", date(2026, 1, 3)),
        ("01-15", date(2026, 1, 15)),
        ("1-16", date(2025, 1, 16)),
        ("2-29", date(2024, 2, 29)),
        ("monday", date(2026, 1, 12)),
        ("Wed", date(2026, 1, 14)),
        ("周四", date(2026, 1, 8)),
        ("星期日", date(2026, 1, 11)),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: date) -> None:
    assert parse_day(text, WEDNESDAY) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-02-30",
        "0",
        "day",
        "99999-01-01",
        "9999-12-31",
        "0000-01-01",
        "-99999",
        "13-45",
        "12-0",
    ],
)
def test_what_is_no_day_gives_none(text: str) -> None:
    assert parse_day(text, WEDNESDAY) is None


@given(st.text(), st.dates())
def test_anything_typed_is_answered(text: str, today: date) -> None:
    parse_day(text, today)


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(9998, 12, 31)))
def test_a_written_day_is_read_back(day: date) -> None:
    assert parse_day(day.isoformat(), WEDNESDAY) == day
