"""Days as people write them: ``昨天``, ``-1``, ``12-30``, ``monday``, ``2025年12月30日``."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from bot.locale import LANGUAGES, words

FARTHEST_BACK = 36_500
LAST_YEAR = 9999  # the last that dates can have: no day comes after it
RELATIVE = {
    "今天": 0,
    "今日": 0,
    "today": 0,
    "昨天": 1,
    "昨日": 1,
    "yesterday": 1,
    "前天": 2,
    "前日": 2,
    "大前天": 3,
    "明天": -1,
    "tomorrow": -1,
}
FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
SHORT = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
BACK = re.compile(r"[-−](\d{1,5})")


def parse_day(text: str, today: date) -> date | None:
    """Read a day; one without a year is the latest such day, a weekday the latest such day too."""
    text = unicodedata.normalize("NFKC", text).strip().lower()
    if text in RELATIVE:
        return _back(today, RELATIVE[text])
    if match := BACK.fullmatch(text):
        return _back(today, int(match[1]))
    if match := FULL.fullmatch(text) or COMPACT.fullmatch(text):
        return _date(*map(int, match.groups()))
    if match := SHORT.fullmatch(text):
        return _latest(today, int(match[1]), int(match[2]))
    return _weekday(text, today)


def _back(today: date, days: int) -> date | None:
    return today - timedelta(days=days) if days <= FARTHEST_BACK else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year < LAST_YEAR else None
    except ValueError:
        return None


def _latest(today: date, month: int, day: int) -> date | None:
    """Find the latest such day up to tomorrow; leap days may lie eight years back."""
    candidates = (_date(today.year - back, month, day) for back in range(-1, 9))
    return next((day for day in candidates if day and day <= today + timedelta(days=1)), None)


def _weekday(text: str, today: date) -> date | None:
    for language in LANGUAGES:
        number = words(language).weekday_names().get(text.replace("礼拜", "星期").rstrip("."))
        if number is not None:
            return today - timedelta(days=(today.weekday() - number) % 7)
    return None
