"""Days as people type them in a query: as in /today, or a week, a month or a year. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from bot.locale.days import monday_of, parse_day, parse_week
from bot.text.normalise import normalise

_DAY = re.compile(r"(\d{4})(?:[-/.年]?(\d{1,2})(?:[-/.月]?(\d{1,2})日?|月)?|年)?")
_MONTH = re.compile(r"(\d{1,2})月")
_MONTHS_BACK = {"这个月": 0, "本月": 0, "this month": 0, "上个月": 1, "上月": 1, "last month": 1}
_YEARS_BACK = {"今年": 0, "this year": 0, "去年": 1, "last year": 1}


def first_day(text: str, today: date | None) -> date | None:
    """Read a day, or give the first one of a week, a month or a year."""
    read = _numbers(text, today)
    if read is None:
        return today and (parse_day(text, today) or monday_of(text, today))
    year, month, day = read
    return _day(year, 1 if month is None else month, 1 if day is None else day)


def last_day(text: str, today: date | None) -> date | None:
    """Read a day, or give the last one of a week, a month or a year."""
    read = _numbers(text, today)
    if read is None:
        return today and (parse_day(text, today) or parse_week(text, today))
    year, month, day = read
    month = 12 if month is None else month
    if not (1 <= year and 1 <= month <= 12):
        return None
    return _day(year, month, monthrange(year, month)[1] if day is None else day)


def _numbers(text: str, today: date | None) -> tuple[int, int | None, int | None] | None:
    match = _DAY.fullmatch(normalise(text))
    if match is None:
        return _named(normalise(text), today) if today else None
    year, month, day = match.groups()
    return int(year), int(month) if month else None, int(day) if day else None


def _named(text: str, today: date) -> tuple[int, int | None, None] | None:
    """Read a month or a year that is named from today on."""
    if match := _MONTH.fullmatch(text):
        month = int(match[1])
        return today.year - (month > today.month), month, None
    if text in _MONTHS_BACK:
        years, month = divmod(today.month - 1 - _MONTHS_BACK[text], 12)
        return today.year + years, month + 1, None
    return (today.year - _YEARS_BACK[text], None, None) if text in _YEARS_BACK else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
