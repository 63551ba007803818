"""What a person prefers: a language, and the moments at which to receive."""

from __future__ import annotations

from msgspec import Struct, structs

EVERY_DAY = frozenset(range(7))


class Quiet(Struct, frozen=True, gc=False):
    """Hours of the day in which nothing comes; *until* is not one of them. May pass midnight."""

    since: int
    until: int

    def __contains__(self, hour: int) -> bool:
        if self.since < self.until:
            return self.since <= hour < self.until
        return hour >= self.since or hour < self.until


class Timing(Struct, frozen=True, gc=False):
    """When a chat wishes to receive, by its own clock.

    *hour* is None for "as soon as it is out", *zone* for the operator's, *quiet* for no such
    hours. Of *weekdays* Monday is 0.
    """

    hour: int | None = None
    zone: str | None = None
    weekdays: frozenset[int] = EVERY_DAY
    quiet: Quiet | None = None

    @property
    def at_any_time(self) -> bool:
        """Tell whether there is nothing to wait for."""
        return self.hour is None and self.weekdays == EVERY_DAY and self.quiet is None

    def at_any_hour(self) -> Timing:
        """Give what is still heeded of it when its hour was missed."""
        return structs.replace(self, hour=None)

    def quiet_alone(self) -> Timing:
        """Give what an announcement heeds of it."""
        return structs.replace(self, hour=None, weekdays=EVERY_DAY)


class Preferences(Struct, frozen=True, gc=False):
    """What a person chose; *language* is None for that which Telegram names."""

    language: str | None = None
    timing: Timing = Timing()
