"""What comes due while nobody looks, or in quiet hours, is sent late, held back, or too late."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeAlias

import structlog

from bot.services.foresight import Foresight
from bot.services.moments import make_up, next_moment, next_quarter
from bot.services.schedule import Schedule
from bot.storage import waiting
from bot.storage.database import Database, Transaction
from bot.storage.waves import Wave

_log = structlog.get_logger(__name__)

Correction: TypeAlias = Callable[[Transaction], Awaitable[None]]
"""Writes down what was worked out before its transaction."""


class CatchingUp:
    """Puts moments right that passed while nobody was looking."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule

    async def after_absence(self, database: Database, now: datetime) -> Correction:
        """Skip what is too late, and wake nobody with the rest."""
        zone = self._schedule.timezone
        made_up = Foresight(lambda timing: Wave(timing, make_up(now, timing, zone)))
        await made_up.work_out(database)
        hush = await self.in_quiet_hours(database, now)

        async def correct(db: Transaction) -> None:
            skipped = await waiting.skip_missed(db, self._schedule.too_late_before(now), now)
            if skipped:
                _log.warning("moments missed for too long", skipped=skipped)
            await waiting.hold_back(db, _later(await made_up.waves(db), now), now)
            await hush(db)

        return correct

    async def in_quiet_hours(self, database: Database, now: datetime) -> Correction:
        """Let all that is still to be sent wait where quiet hours have begun."""
        zone = self._schedule.timezone
        quiet = Foresight(lambda timing: Wave(timing, next_moment(now, timing.quiet_alone(), zone)))
        await quiet.work_out(database)

        async def correct(db: Transaction) -> None:
            await waiting.hush(db, _later(await quiet.waves(db), now), next_quarter(now))

        return correct


def _later(waves: Sequence[Wave], now: datetime) -> list[Wave]:
    return [wave for wave in waves if wave.due_at > now]
