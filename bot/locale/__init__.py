"""The words of the interface in each language: gettext catalogues, dates and numbers.

Sentences are written in English where they are used and translated in the ``.po`` files beside
this module, which are read as they are: there is no compiled form to forget.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import (
    format_date,
    format_datetime,
    format_interval,
    get_day_names,
    get_month_names,
    get_timezone_location,
)
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.locale.places import distance

Width: TypeAlias = Literal["wide", "abbreviated", "short"]

HERE = Path(__file__).parent
DEFAULT_LANGUAGE = "zh-CN"
CATALOGUES = {"zh-CN": "zh_CN", "en": "en"}
LANGUAGES = tuple(CATALOGUES)
OWN_NAMES = {"zh-CN": "简体中文", "en": "English"}
# Some cities are translated under the name that their zone once had.
_OLD_ZONES = {new: old for old, new in get_global("zone_aliases").items()}
DAY_PATTERNS = {"zh-CN": "y年M月d日（EEE）", "en": "EEE, MMM d, y"}


class Words:
    """One language's words. Called ``w`` everywhere, so that the extraction finds its calls."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(CATALOGUES[language])
        self._catalogue = _read_catalogue(CATALOGUES[language])

    @property
    def own_name(self) -> str:
        """Name the language as its speakers do."""
        return OWN_NAMES[self.language]

    def __call__(self, msgid: str, /, **values: object) -> str:
        """Translate *msgid* and fill in its ``{values}``, which are data and never patterns."""
        text = self._catalogue.gettext(msgid)
        return text.format(**values) if values else text

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """Translate the form for *n*, which the text may name as ``{n}``."""
        return self._catalogue.ngettext(one, many, n).format(n=self.number(n), **values)

    def day(self, day: date) -> str:
        """Write a day with its weekday."""
        return format_date(day, DAY_PATTERNS[self.language], locale=self._locale)

    def short_day(self, day: date) -> str:
        """Write a day without its year."""
        return format_date(day, "M月d日" if self.language == "zh-CN" else "MMM d", self._locale)

    def span(self, first: date, last: date) -> str:
        """Write the days from one to another, with what they share said once."""
        return format_interval(first, last, "yMMMd", locale=self._locale)

    def month(self, year: int, month: int) -> str:
        """Write a month with its year."""
        pattern = "y年M月" if self.language == "zh-CN" else "MMMM y"
        return format_date(date(year, month, 1), pattern, locale=self._locale)

    def weekdays(self) -> list[str]:
        """Name the weekdays shortly, Monday first."""
        names = get_day_names(
            "narrow" if self.language == "zh-CN" else "short", locale=self._locale
        )
        return [names[number] for number in range(7)]

    def full_weekdays(self) -> list[str]:
        """Name the weekdays in full, Monday first."""
        names = get_day_names("wide", locale=self._locale)
        return [names[number] for number in range(7)]

    def weekday_names(self) -> dict[str, int]:
        """Give all written forms of weekdays, lower case, Monday being 0."""
        widths: tuple[Width, ...] = ("wide", "abbreviated", "short")
        return {
            name.lower().rstrip("."): number
            for width in widths
            for number, name in get_day_names(width, locale=self._locale).items()
        }

    def month_names(self) -> dict[str, int]:
        """Give all written forms of months, lower case, January being 1."""
        return {
            name.lower(): number
            for width in ("wide", "abbreviated")
            for number, name in get_month_names(width, locale=self._locale).items()
        }

    def place(self, zone: str) -> str:
        """Name the city that a time zone is known by."""
        if fixed := distance(zone):
            return fixed
        known = self._locale.time_zones
        city = known.get(zone, known.get(_OLD_ZONES.get(zone), {})).get("city")
        return city or get_timezone_location(ZoneInfo(zone), self._locale, return_city=True)

    def instant(self, moment: datetime) -> str:
        """Write a moment, in the time zone that it carries."""
        return format_datetime(moment, "short", locale=self._locale)

    def number(self, n: int) -> str:
        """Write a number with its group separators."""
        return format_decimal(n, locale=self._locale)


def words(language: str | None) -> Words:
    """Find the words for a language tag such as ``zh-hans``, ``zh-TW`` or ``en-GB``.

    Chinese of any kind gets Chinese; an unknown tag gets English, none the default.
    """
    if not language:
        return _words(DEFAULT_LANGUAGE)
    return _words("zh-CN" if language.lower().startswith("zh") else "en")


@cache
def _words(language: str) -> Words:
    return Words(language)


def _read_catalogue(name: str) -> GNUTranslations:
    compiled = BytesIO()
    with (HERE / name / "messages.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=name, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
