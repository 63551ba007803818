"""The whole bot's flood waits: until when nothing is taken out of the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.services.outcomes import Outcome, Retry


class Halt:
    """Knows until when the whole bot waits."""

    def __init__(self) -> None:
        self._span: tuple[datetime, datetime] | None = None

    def note(self, outcomes: Iterable[Outcome], now: datetime) -> None:
        """Heed the outcomes that ask the whole bot to wait."""
        for outcome in outcomes:
            if isinstance(outcome, Retry) and outcome.whole_bot and outcome.after:
                self._span = now, now + timedelta(seconds=outcome.after)

    def ends(self, now: datetime) -> datetime | None:
        """Tell until when it waits; a clock set back to before the wait ends it."""
        if self._span is None:
            return None
        begins, ends = self._span
        return ends if begins <= now < ends else None
