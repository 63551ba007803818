"""When a chat may be written to, by its own clock. Pure; right through daylight saving."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model import Timing

DAY_OFF_ENDS = 8
"""Who takes a day off, and has no quiet hours, is not woken by its end at midnight."""

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
# All zones change by quarters of an hour, so that none of their full hours is stepped over.
_QUARTER = timedelta(minutes=15)


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Give the moment when clocks in *zone* show *at*: the first of two, or after the gap."""
    wanted = datetime.combine(day, at)
    both = (wanted.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    found = min(both)
    while _wall(found, zone) < wanted:
        found += _MINUTE
    return found


def next_moment(out: datetime, timing: Timing, operators: ZoneInfo) -> datetime:
    """Give the first moment from *out* on at which the chat wishes to receive."""
    zone = ZoneInfo(timing.zone) if timing.zone else operators
    if timing.hour is None:
        return _first_open(out.astimezone(UTC), timing, zone)
    day = _wall(out, zone).date() - _DAY
    while True:
        found = _after_quiet(moment(day, time(timing.hour), zone), timing, zone)
        if found >= out and _wall(found, zone).weekday() in timing.weekdays:
            return found
        day += _DAY


def make_up(now: datetime, timing: Timing, operators: ZoneInfo) -> datetime:
    """Give the moment for what was missed: as soon as may be today, else as *timing* wishes."""
    zone = ZoneInfo(timing.zone) if timing.zone else operators
    soon = next_moment(now, timing.at_any_hour(), operators)
    if _wall(soon, zone).date() == _wall(now, zone).date():
        return soon
    return next_moment(now, timing, operators)


def _wall(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


def _first_open(at: datetime, timing: Timing, zone: ZoneInfo) -> datetime:
    while _closed(_wall(at, zone), timing):
        at = next_quarter(at)
    return at


def _after_quiet(at: datetime, timing: Timing, zone: ZoneInfo) -> datetime:
    while timing.quiet and _wall(at, zone).hour in timing.quiet:
        at = next_quarter(at)
    return at


def _closed(wall: datetime, timing: Timing) -> bool:
    if wall.weekday() not in timing.weekdays:
        return True
    if timing.quiet:
        return wall.hour in timing.quiet
    return wall.hour < DAY_OFF_ENDS and (wall.weekday() - 1) % 7 not in timing.weekdays


def next_quarter(at: datetime) -> datetime:
    """Give the next moment at which an hour may begin somewhere."""
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0) + _QUARTER
