"""An answer to a person: on an idle bot, and while a broadcast to 100,000 is being sent.

python -m bench.delivery_answers [ANSWERS]
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from os import getloadavg

from telegram.ext import ExtBot

from bench.delivery import announce, connected, crowd, p99, report, server, worker_for
from bot.services.outcomes import Priority
from bot.telegram_api.sender import TelegramSender

PEOPLE = 100_000
RATE = 30.0
STRANGERS = range(10_000_000, 20_000_000)


async def answer(bot: ExtBot[Priority], count: int) -> float:
    """Answer so many people, at moments that nothing else sets; give the 99th percentile."""
    times = []
    for chat in random.sample(STRANGERS, count):
        await asyncio.sleep(random.random() * 0.2)
        began = time.perf_counter()
        await bot.send_message(chat, "An answer")
        times.append(time.perf_counter() - began)
    return p99(times)


async def idle(count: int) -> float:
    async with server(int(RATE)) as root, connected(root, RATE) as (bot, _):
        return await answer(bot, count)


async def busy(count: int) -> float:
    async with server(int(RATE)) as root, connected(root, RATE) as (bot, _):
        async with crowd(PEOPLE) as database:
            await announce(database)
            worker = worker_for(database, TelegramSender(bot), RATE)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(worker.run())
                await asyncio.sleep(2)
                found = await answer(bot, count)
                worker.stop()
        print("both together:", await report(root))
    return found


async def main(count: int) -> None:
    alone, beside = await idle(count), await busy(count)
    limit = 1.2 * alone + 50
    print(f"p99 of an answer: idle {alone:.0f} ms, during a broadcast to {PEOPLE} {beside:.0f} ms")
    print(f"the limit is 1.2 times the former and 50 ms: {limit:.0f} ms; load {getloadavg()}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
