from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locale.days import parse_day, parse_week

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
        ("星期天", date(2026, 1, 11)),
        ("周天", date(2026, 1, 11)),
        ("礼拜天", date(2026, 1, 11)),
        ("礼拜三", date(2026, 1, 14)),
        ("上周一", date(2026, 1, 5)),
        ("上周日", date(2026, 1, 11)),
        ("上个星期天", date(2026, 1, 11)),
        ("上礼拜三", date(2026, 1, 7)),
        ("这周一", date(2026, 1, 12)),
        ("本周五", date(2026, 1, 16)),
        ("3天前", date(2026, 1, 11)),
        ("两天前", date(2026, 1, 12)),
        ("十天前", date(2026, 1, 4)),
        ("1 day ago", date(2026, 1, 13)),
        ("10 days ago", date(2026, 1, 4)),
        ("Jan 10", date(2026, 1, 10)),
        ("10 Jan", date(2026, 1, 10)),
        ("10 january 2025", date(2025, 1, 10)),
        ("Dec. 30", date(2025, 12, 30)),
        ("December 30, 2024", date(2024, 12, 30)),
        ("last friday", date(2026, 1, 9)),
        ("last Mon", date(2026, 1, 12)),
        ("last wednesday", date(2026, 1, 7)),
        ("8日", date(2026, 1, 8)),
        ("15号", date(2026, 1, 15)),
        ("16号", date(2025, 12, 16)),
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
        "Feb 30",
        "30 Smarch",
        "上",
        "十二周",
        "99999天前",
    ],
)
def test_what_is_no_day_gives_none(text: str) -> None:
    assert parse_day(text, WEDNESDAY) is None


@given(st.text(), st.dates())
def test_anything_typed_is_answered(text: str, today: date) -> None:
    parse_day(text, today)
    parse_week(text, today)


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(9998, 12, 31)))
def test_a_written_day_is_read_back(day: date) -> None:
    assert parse_day(day.isoformat(), WEDNESDAY) == day


@pytest.mark.parametrize(
    ("text", "sunday"),
    [
        ("上周", date(2026, 1, 11)),
        ("上个星期", date(2026, 1, 11)),
        ("上上周", date(2026, 1, 4)),
        ("Last week", date(2026, 1, 11)),
        ("-1", date(2026, 1, 11)),
        ("-2", date(2026, 1, 4)),
        ("2026-01-08", date(2026, 1, 11)),
        ("上周一", date(2026, 1, 11)),
        ("2026-W01", date(2026, 1, 4)),
        ("2026w2", date(2026, 1, 11)),
        ("2026年第2周", date(2026, 1, 11)),
    ],
)
def test_a_week_is_read_by_its_name_its_number_or_a_day(text: str, sunday: date) -> None:
    assert parse_week(text, WEDNESDAY) == sunday


@pytest.mark.parametrize(
    "text", ["这周", "本周", "this week", "-0", "昨天", "tomorrow", "2026-W03"]
)
def test_this_week_ends_today(text: str) -> None:
    assert parse_week(text, WEDNESDAY) == WEDNESDAY


@pytest.mark.parametrize(
    "text", ["", "上个月", "2026-W60", "0000-W01", "9999-W60", "9999-W52", "-99999", "week"]
)
def test_what_names_no_week_is_none(text: str) -> None:
    assert parse_week(text, WEDNESDAY) is None
