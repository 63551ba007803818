"""A process that sends what its database owes, to be killed: URL, API ROOT, RATE, IN FLIGHT.

Its admin looks into the chats and answers truthfully what was in doubt.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from aiohttp import ClientSession
from telegram.ext import ExtBot

from bot.services.delivery import DeliveryWorker
from bot.services.outcomes import Priority
from bot.services.telling import Listener
from bot.storage.database import Database
from bot.storage.records import Doubt, Summary
from bot.telegram_api.limiter import RateLimiter
from bot.telegram_api.request import AiohttpRequest
from bot.telegram_api.sender import TelegramSender

WHICH = """
SELECT CASE json_array_length(pieces) WHEN 1 THEN 'a' WHEN 2 THEN 'b' ELSE
    CASE part WHEN 0 THEN 'f' ELSE 'the whole, which is refused' END END
FROM deliveries WHERE id = ?
"""


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
                    mark = (await db.exec_driver_sql(WHICH, (doubt.delivery_id,))).scalar_one()
                look = {"chat": str(doubt.chat_id), "mark": str(mark)}
                async with session.get(f"{self._root}/seen", params=look) as answer:
                    sent = bool(await answer.json())
                await self.worker.resolve(doubt.delivery_id, sent=sent)


async def main(url: str, root: str, rate: float, in_flight: int) -> None:
    request = AiohttpRequest(read_timeout=5)
    await request.initialize()
    limiter = RateLimiter(rate)
    bot: ExtBot[Priority] = ExtBot(
        "1:token", base_url=f"{root}/bot", request=request, rate_limiter=limiter
    )
    async with Database.open(url) as database:
        admin = Admin(root, database)
        worker = admin.worker = DeliveryWorker(
            database,
            TelegramSender(bot),
            now=lambda: datetime.now(UTC),
            listener=admin,
            in_flight=in_flight,
        )
        await worker.run()
    await limiter.shutdown()
    await request.shutdown()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])))
