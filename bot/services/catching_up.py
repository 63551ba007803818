"""After the bot was away: what came due meanwhile is sent late, held back, or too late."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.services.moments import next_moment
from bot.services.schedule import Schedule
from bot.storage import preferences, waiting
from bot.storage.database import Transaction

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
        for timing in await preferences.timings(db):
            due_at = next_moment(now, timing.quiet_alone(), self._schedule.timezone)
            if due_at > now:
                await waiting.hold_back(db, timing, due_at, now)
