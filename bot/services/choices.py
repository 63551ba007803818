"""What a press or a word on the settings page makes of a person's preferences. Pure."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from msgspec import structs

from bot.locale import Words
from bot.locale.places import distance, usual_zone
from bot.model import Preferences
from bot.rendering.callbacks import Choose
from bot.rendering.settings import (
    HOUR_CHOICES,
    LANGUAGE_CHOICES,
    QUIET_CHOICES,
    UNSET,
    ZONES,
)


def chosen(before: Preferences, wish: Choose) -> Preferences | None:
    """Give what *wish* makes of *before*; None where there is no such choice."""
    match wish:
        case Choose("language", value) if value in LANGUAGE_CHOICES:
            return structs.replace(before, language=LANGUAGE_CHOICES[value])
        case Choose("hour", value) if value in HOUR_CHOICES:
            return _timed(before, hour=HOUR_CHOICES[value])
        case Choose("quiet", value) if value in QUIET_CHOICES:
            return _timed(before, quiet=QUIET_CHOICES[value])
        case Choose("zone", value) if value == UNSET or value in all_zones():
            return _timed(before, zone=None if value == UNSET else value)
        case Choose("days", value):
            return _on_days(before, value)
        case _:
            return None


def find_zone(typed: str, w: Words) -> str | None:
    """Find the time zone that someone means: by its name, its city, or that in their language."""
    usual = usual_zone(typed)
    if usual in all_zones():
        return usual
    wanted = "_".join(typed.split()).casefold()
    for zone in sorted(all_zones(), key=len):
        if wanted in {zone.casefold(), zone.rpartition("/")[2].casefold()}:
            return zone
    return _places(w).get(typed.casefold())


@cache
def all_zones() -> frozenset[str]:
    """Give all time zones, each a place or a distance from UTC; they are read once."""
    places = (zone for zone in available_timezones() if "/" in zone)
    return frozenset({"UTC", *(zone for zone in places if _is_known(zone))})


@cache
def _places(w: Words) -> dict[str, str]:
    """Give the zones by their cities in a language; those of the buttons go before others."""
    return {w.place(zone).casefold(): zone for zone in (*sorted(all_zones()), *reversed(ZONES))}


def _is_known(zone: str) -> bool:
    return not zone.startswith("Etc/") or distance(zone) not in {None, "UTC+0", "UTC-0"}


def _on_days(before: Preferences, value: str) -> Preferences | None:
    """Let one weekday in or out; the last one stays."""
    day, sign = value[:-1], value[-1:]
    if day not in set("0123456") or sign not in set("+-"):
        return None
    weekdays = before.timing.weekdays
    after = weekdays | {int(day)} if sign == "+" else weekdays - {int(day)}
    return _timed(before, weekdays=after or weekdays)


def _timed(before: Preferences, **changes: object) -> Preferences:
    return structs.replace(before, timing=structs.replace(before.timing, **changes))
