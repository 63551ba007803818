"""A process that sends what its database owes, to be killed.

Its arguments: the file that counts its requests, URL, API ROOT, RATE, IN FLIGHT.
Its admin looks into the chats and answers truthfully what was in doubt.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from sqlalchemy import select
from telegram.ext import ExtBot

from bot.services.delivery import DeliveryWorker
from bot.services.outcomes import Priority
from bot.services.telling import Listener
from bot.settings import FREE_RATE
from bot.storage.database import Database
from bot.storage.records import Doubt, Summary
from bot.storage.tables import deliveries
from bot.telegram_api.limiter import RateLimiter
from bot.telegram_api.request import AiohttpRequest
from bot.telegram_api.sender import TelegramSender
from tests.telegram_api.crashing import Count, mark_of

# An admin who presses faster would be a load that no bot has.
A_PRESS = 0.05


class Admin(Listener):
    """Answers doubts, and ends the process with its broadcast."""

    worker: DeliveryWorker

    def __init__(self, root: str, database: Database) -> None:
        self._root = root
        self._database = database

    async def finished(self, summary: Summary) -> None:
        self.worker.stop()

    async def doubtful(self, doubts: Sequence[Doubt]) -> None:
        async with ClientSession() as session:
            for doubt in doubts:
                async with self._database.reading() as db:
                    tried = select(deliveries.c.part, deliveries.c.pieces)
                    row = await db.execute(tried.where(deliveries.c.id == doubt.delivery_id))
                look = {"chat": str(doubt.chat_id), "mark": mark_of(*row.one())}
                async with session.get(f"{self._root}/seen", params=look) as answer:
                    sent = bool(await answer.json())
                await asyncio.sleep(A_PRESS)
                await self.worker.resolve(doubt.delivery_id, sent=sent)


class CountedRequest(AiohttpRequest):
    """Lets others see how many requests are in flight.

    They are until the turn of the loop that reads their answer is over, so one is whose answer
    is being handled when the process dies.
    """

    def __init__(self, in_flight: Count) -> None:
        super().__init__(read_timeout=5)
        self._in_flight = in_flight

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Make a request, counted meanwhile."""
        self._in_flight.add(1)
        try:
            return await super().do_request(*args, **kwargs)
        finally:
            asyncio.get_running_loop().call_soon(self._in_flight.add, -1)


async def main(count: Count, url: str, root: str, rate: float, in_flight: int) -> None:
    request = CountedRequest(count)
    await request.initialize()
    limiter = RateLimiter(rate)
    bot: ExtBot[Priority] = ExtBot(
        "1:token", base_url=f"{root}/bot", request=request, rate_limiter=limiter
    )
    async with Database.open(url) as database:
        admin = Admin(root, database)
        worker = admin.worker = DeliveryWorker(
            database,
            TelegramSender(bot, paid=rate > FREE_RATE),
            now=lambda: datetime.now(UTC),
            listener=admin,
            in_flight=in_flight,
        )
        await worker.run()
    await limiter.shutdown()
    await request.shutdown()


if __name__ == "__main__":
    gc.freeze()  # as the command that runs the bot does, with the next
    sys.setswitchinterval(0.001)
    counted, url, root, rate, in_flight = sys.argv[1:]
    asyncio.run(main(Count(Path(counted)), url, root, float(rate), int(in_flight)))
