"""Days as people type them in a query: as in /today, or a month or a year. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from bot.locale.days import parse_day
from bot.text.normalise import normalise

_DAY = re.compile(r"(\d{4})(?:[-/.年]?(\d{1,2})(?:[-/.月]?(\d{1,2})日?|月)?|年)?")
_MONTH = re.compile(r"(\d{1,2})月")


def first_day(text: str, today: date | None) -> date | None:
    """Read a day, or give the first one of a month or a year."""
    read = _numbers(text, today)
    if read is None:
        return today and parse_day(text, today)
    year, month, day = read
    return _day(year, 1 if month is None else month, 1 if day is None else day)


def last_day(text: str, today: date | None) -> date | None:
    """Read a day, or give the last one of a month or a year."""
    read = _numbers(text, today)
    if read is None:
        return today and parse_day(text, today)
    year, month, day = read
    month = 12 if month is None else month
    if not (1 <= year and 1 <= month <= 12):
        return None
    return _day(year, month, monthrange(year, month)[1] if day is None else day)


def _numbers(text: str, today: date | None) -> tuple[int, int | None, int | None] | None:
    match = _DAY.fullmatch(normalise(text))
    if match is None:
        return _latest_month(text, today) if today else None
    year, month, day = match.groups()
    return int(year), int(month) if month else None, int(day) if day else None


def _latest_month(text: str, today: date) -> tuple[int, int, None] | None:
    match = _MONTH.fullmatch(normalise(text))
    if match is None:
        return None
    month = int(match[1])
    return today.year - (month > today.month), month, None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
