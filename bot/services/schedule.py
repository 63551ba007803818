"""When a digest is due, and for whom it is too late. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.model import Digest, Source
from bot.model.notation import parse_push_at
from bot.services.moments import moment


class Schedule(Struct, frozen=True):
    """What the operator decided; *push_at* is None for "as soon as it is there"."""

    timezone: ZoneInfo
    push_at: time | None
    catch_up_days: int

    def today(self, now: datetime) -> date:
        """Give the day that it is for the group."""
        return now.astimezone(self.timezone).date()

    def window(self, now: datetime) -> tuple[date, date]:
        """Give the first and the last day whose digests may be pushed now."""
        today = self.today(now)
        return today - timedelta(days=self.catch_up_days), today + timedelta(days=1)

    def due_at(self, digest: Digest, source: Source | None) -> datetime:
        """Give the moment at which *digest* is due; a source may have an hour of its own.

        "As soon as it is there" begins with the day before: publishers may date ahead.
        """
        push_at = self._hour(source)
        day = digest.day - timedelta(days=1) if push_at is None else digest.day
        return moment(day, push_at or time.min, self.timezone)

    def out_since(
        self, digest: Digest, source: Source | None, last_look: datetime | None, now: datetime
    ) -> datetime:
        """Give the moment since which *digest* is out: its hour, or now where it came later.

        What came while nobody looked is taken to have been there in time.
        """
        due_at = self.due_at(digest, source)
        came_late = last_look is not None and due_at < last_look
        return now if came_late or self._hour(source) is None else due_at

    def too_late_before(self, now: datetime) -> datetime:
        """Give the moment before which a missed one is not caught up any more."""
        return moment(self.window(now)[0], time.min, self.timezone)

    def end_of(self, day: date) -> datetime:
        """Give the moment at which *day* is over for the group."""
        return moment(day + timedelta(days=1), time.min, self.timezone)

    def _hour(self, source: Source | None) -> time | None:
        return parse_push_at(source.push_at) if source and source.push_at else self.push_at
