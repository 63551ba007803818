"""Days and weeks as people write them: ``昨天``, ``-1``, ``8号``, ``last friday``, ``2026-W01``."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import cache

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
DAY_OF_MONTH = re.compile(r"(\d{1,2})[日号]")
LONGEST_GAP = 62  # days from one 31st to the next, and more
BACK = re.compile(r"[-−](\d{1,5})")
AGO = re.compile(r"(\d{1,5}|[一二两三四五六七八九十]) ?(?:天前|日前|d|days? ago)")
NUMERALS = {"两": 2, **{numeral: n for n, numeral in enumerate("一二三四五六七八九十", 1)}}
MONTH_FIRST = re.compile(r"(?P<month>[a-z]+)\.? (?P<day>\d{1,2})(?:,? (?P<year>\d{4}))?")
DAY_FIRST = re.compile(r"(?P<day>\d{1,2}) (?P<month>[a-z]+)\.?(?:,? (?P<year>\d{4}))?")
WEEKS = {"上": 1, "这": 0, "本": 0}
LAST = "last "
SPELLINGS = {"礼拜": "周", "星期": "周", "周天": "周日", "个周": "周"}
NAMED_WEEKS = {"这周": 0, "本周": 0, "this week": 0, "上周": 1, "last week": 1, "上上周": 2}
WEEK = re.compile(r"(\d{4})(?:-?w|年第)(\d{1,2})周?")


def parse_day(text: str, today: date) -> date | None:
    """Read a day; one without a year is the latest such day, a weekday the latest such day too."""
    text = _usual(text)
    return _relative(text, today) or _dated(text, today) or _weekday(text, today)


def parse_week(text: str, today: date) -> date | None:
    """Read a week, or a day in it: give its Sunday, but no day after *today*."""
    monday = monday_of(text, today)
    return monday and min(monday + timedelta(days=6), today)


def monday_of(text: str, today: date) -> date | None:
    """Read a week, or a day in it: give its Monday."""
    text = _usual(text)
    match = BACK.fullmatch(text)
    weeks = int(match[1]) if match else NAMED_WEEKS.get(text)
    day = _numbered(text) or parse_day(text, today) if weeks is None else _back(today, 7 * weeks)
    return day and day - timedelta(days=day.weekday())


def _usual(text: str) -> str:
    """Write a day in the one way that the patterns know."""
    text = unicodedata.normalize("NFKC", text).strip().lower()
    for spelling, usual in SPELLINGS.items():
        text = text.replace(spelling, usual)
    return text


def _numbered(text: str) -> date | None:
    """Give the Monday of a week that is named by its number."""
    match = WEEK.fullmatch(text)
    if match is None or int(match[1]) >= LAST_YEAR:
        return None
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        return None


def _relative(text: str, today: date) -> date | None:
    if text in RELATIVE:
        return _back(today, RELATIVE[text])
    if match := BACK.fullmatch(text) or AGO.fullmatch(text):
        return _back(today, NUMERALS.get(match[1]) or int(match[1]))
    return None


def _dated(text: str, today: date) -> date | None:
    if match := FULL.fullmatch(text) or COMPACT.fullmatch(text):
        return _date(*map(int, match.groups()))
    if match := SHORT.fullmatch(text):
        return _latest(today, int(match[1]), int(match[2]))
    if match := DAY_OF_MONTH.fullmatch(text):
        return _latest_numbered(today, int(match[1]))
    if match := MONTH_FIRST.fullmatch(text) or DAY_FIRST.fullmatch(text):
        return _named(match, today)
    return None


def _named(match: re.Match[str], today: date) -> date | None:
    """Read a day whose month is named in English."""
    month, day = words("en").month_names().get(match["month"], 0), int(match["day"])
    return _date(int(match["year"]), month, day) if match["year"] else _latest(today, month, day)


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


def _latest_numbered(today: date, number: int) -> date | None:
    """Find the latest day up to tomorrow that has this number in its month."""
    candidates = (today + timedelta(days=1 - back) for back in range(LONGEST_GAP))
    return next((day for day in candidates if day.day == number), None)


def _weekday(text: str, today: date) -> date | None:
    if text.startswith(LAST):
        return _weekday(text.removeprefix(LAST), today - timedelta(days=1))
    weeks = WEEKS.get(text[:1])
    number = _number_of(text if weeks is None else text[1:])
    if number is None:
        return None
    if weeks is None:
        return today - timedelta(days=(today.weekday() - number) % 7)
    return today - timedelta(days=today.weekday() - number + 7 * weeks)


def _number_of(weekday: str) -> int | None:
    return _weekdays().get(weekday.rstrip("."))


@cache
def _weekdays() -> dict[str, int]:
    """Give the number of each weekday by its names; to gather them takes long."""
    known = (words(language).weekday_names() for language in LANGUAGES)
    return {name: number for names in known for name, number in names.items()}
