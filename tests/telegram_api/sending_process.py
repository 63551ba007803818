"""A process that sends what its database owes, to be killed: URL, API ROOT, RATE, IN FLIGHT."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from telegram.ext import ExtBot

from bot.services.delivery import DeliveryWorker
from bot.services.outcomes import Priority
from bot.services.telling import Listener
from bot.storage.database import Database
from bot.storage.records import Summary
from bot.telegram_api.limiter import RateLimiter
from bot.telegram_api.request import AiohttpRequest
from bot.telegram_api.sender import TelegramSender


class StopWhenFinished(Listener):
    """Ends the process with its broadcast."""

    worker: DeliveryWorker

    async def finished(self, summary: Summary) -> None:
        self.worker.stop()


async def main(url: str, root: str, rate: float, in_flight: int) -> None:
    request = AiohttpRequest(read_timeout=5)
    await request.initialize()
    limiter = RateLimiter(rate)
    bot: ExtBot[Priority] = ExtBot(
        "1:token", base_url=f"{root}/bot", request=request, rate_limiter=limiter
    )
    listener = StopWhenFinished()
    async with Database.open(url) as database:
        worker = listener.worker = DeliveryWorker(
            database,
            TelegramSender(bot),
            now=lambda: datetime.now(UTC),
            listener=listener,
            in_flight=in_flight,
        )
        await worker.run()
    await limiter.shutdown()
    await request.shutdown()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])))
