"""What comes due while nobody looks, or in quiet hours, is sent late, held back, or too late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.model import Timing
from bot.services.moments import make_up, next_moment
from bot.services.schedule import Schedule
from bot.storage import preferences, waiting
from bot.storage.database import Transaction
from bot.storage.waves import Wave

_log = structlog.get_logger(__name__)


class CatchingUp:
    """Puts moments right that passed while nobody was looking."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    async def __call__(self, db: Transaction, now: datetime) -> None:
        """Skip what is too late, and wake nobody with the rest."""
        skipped = await waiting.skip_missed(db, self._schedule.too_late_before(now), now)
        if skipped:
            _log.warning("moments missed for too long", skipped=skipped)
        zone = self._schedule.timezone
        until = await _later(db, lambda timing: make_up(now, timing, zone), now)
        await waiting.hold_back(db, until, now)
        await self.hush(db, now)

    async def hush(self, db: Transaction, now: datetime) -> None:
        """Let all that is still to be sent wait where quiet hours have begun."""
        zone = self._schedule.timezone
        until = await _later(db, lambda timing: next_moment(now, timing.quiet_alone(), zone), now)
        await waiting.hush(db, until)


async def _later(
    db: Transaction, moment_of: Callable[[Timing], datetime], now: datetime
) -> list[Wave]:
    """Give those whose moment is not yet; the loop goes on while many are worked out."""
    waves = []
    for timing in await preferences.timings(db):
        due_at = moment_of(timing)
        if due_at > now:
            waves.append(Wave(timing, due_at))
        await asyncio.sleep(0)
    return waves
