"""Finds a digest's day: what its author says, else its file's name, else its heading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

FIELDS = ("date", "publishdate", "pubdate")

_WEEK = re.compile(r"(?<!\d)(\d{4})-?W(\d{2})(?!\d)", re.IGNORECASE)
_DAY = re.compile(
    r"(?<!\d)(\d{4})(?:\s*[-_./年]\s*(\d{1,2})\s*[-_./月]\s*(\d{1,2})|(\d{2})(\d{2}))(?!\d)"
)
_SHORT = re.compile(r"(?<!\d)(\d{2})[-_.](\d{2})[-_.](\d{2})(?!\d)")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_ENGLISH = re.compile(
    rf"\b(?:{_MONTH}\s+(?P<day>\d{{1,2}})|(?P<first>\d{{1,2}})(?:st|nd|rd|th)?\s+"
    rf"{_MONTH.replace('month', 'then')})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"[\d\s年月日号:：./+TZ~〜–—-]+")


class When(NamedTuple):
    """A day, and the instant of publication where a time was given."""

    day: date
    published: datetime | None = None


class Named(NamedTuple):
    """The day in a file's name, and what follows it there."""

    day: date
    rest: str


def authored(values: Mapping[str, object]) -> When | None:
    """Read the first usable date of the front matter."""
    found = (_when(values[field]) for field in FIELDS if field in values)
    return next((when for when in found if when), None)


def unusable(values: Mapping[str, object]) -> str | None:
    """Quote what stands as a date but is none."""
    return next((str(values[field]) for field in FIELDS if values.get(field)), None)


def in_path(path: str) -> Named | None:
    """Read the day from a file's name, or from folders such as 2026/01/02.md."""
    stem = path.rpartition(".")[0] or path
    name = stem.rpartition("/")[2]
    return _named(name) or _named("/".join(stem.split("/")[-4:]))


def in_text(text: str) -> date | None:
    """Read the first day in a text."""
    return _first(_DAY, text)


def is_dateline(text: str) -> bool:
    """Tell whether a text is nothing but a date or a time."""
    return bool(_DATELINE.fullmatch(text))


def _named(name: str) -> Named | None:
    week = _WEEK.search(name)
    if week and (day := _last_of_week(int(week[1]), int(week[2]))):
        return Named(day, name[week.end() :])
    for pattern in (_DAY, _SHORT):
        found = pattern.search(name)
        if found and (day := _day(found)):
            return Named(day, name[found.end() :])
    return None


def _when(value: object) -> When | None:
    if isinstance(value, datetime):
        return _dated(value)
    if isinstance(value, date):
        return When(value) if _plausible(value) else None
    return _worded(value.strip()) if isinstance(value, str) else None


def _worded(text: str) -> When | None:
    if len(text) > 10 and (moment := _moment(text[:60])):
        return _dated(moment)
    day = _first(_DAY, text[:60]) or _english(text[:60])
    return When(day) if day else None


def _english(text: str) -> date | None:
    """Read ``Jan 3, 2026`` or ``3 January 2026``."""
    found = _ENGLISH.search(text)
    if not found:
        return None
    month = _MONTHS.index((found["month"] or found["then"])[:3].lower()) + 1
    try:
        day = date(int(found["year"]), month, int(found["day"] or found["first"]))
    except ValueError:
        return None
    return day if _plausible(day) else None


def _moment(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _dated(moment: datetime) -> When | None:
    if not _plausible(moment.date()):
        return None
    return When(moment.date(), moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _first(pattern: re.Pattern[str], text: str) -> date | None:
    return next((day for found in pattern.finditer(text) if (day := _day(found))), None)


def _day(found: re.Match[str]) -> date | None:
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        result = date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return None
    return result if _plausible(result) else None


def _last_of_week(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 1) + timedelta(days=6)
    except (ValueError, OverflowError):
        return None


def _plausible(day: date) -> bool:
    return 1990 <= day.year <= 2100
