"""What follows from each wish for a moment, worked out before a transaction: many take long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.model import Timing
from bot.storage import preferences
from bot.storage.database import Database, Transaction
from bot.storage.waves import Wave


class Foresight:
    """Knows the moment that *rule* gives to each timing that somebody wishes for."""

    def __init__(self, rule: Callable[[Timing], Wave]) -> None:
        self._rule = rule
        self._known: dict[Timing, Wave] = {}

    async def work_out(self, database: Database) -> None:
        """Work out all of them; the loop goes on meanwhile."""
        async with database.reading() as db:
            timings = await preferences.timings(db)
        for timing in timings:
            self._known[timing] = self._rule(timing)
            await asyncio.sleep(0)

    async def waves(self, db: Transaction) -> list[Wave]:
        """Give them all, also those of whoever wished for something new meanwhile."""
        timings = await preferences.timings(db)
        return [self._known.get(timing) or self._rule(timing) for timing in timings]
