"""From Telegram's answer until it is written down, at a rate: limit 50 ms.

python -m bench.delivery_settling [RATE] [MESSAGES]
"""

from __future__ import annotations

import asyncio
import gc
import sqlite3
import sys
import time
from os import getloadavg
from pathlib import Path

from bench.delivery import TimedSender, announce, connected, crowd, p99, server, worker_for
from bot.settings import FREE_RATE
from bot.storage.database import Database

LIMIT = 0.05
LOOKS = 0.005


def watch(path: Path, count: int) -> list[float]:
    """Note, a look every five milliseconds, when so many more were seen written down."""
    seen: list[float] = []
    connection = sqlite3.connect(path)
    while len(seen) < count:
        query = "SELECT count(*) FROM deliveries WHERE state = 'sent'"
        found = connection.execute(query).fetchone()[0]
        seen += [time.perf_counter()] * (found - len(seen))
        time.sleep(LOOKS)
    connection.close()
    return seen


async def file_of(database: Database) -> Path:
    async with database.reading() as db:
        query = "SELECT file FROM pragma_database_list WHERE name = 'main'"
        return Path((await db.exec_driver_sql(query)).scalar_one())


async def lags(rate: float, count: int) -> list[float]:
    """Give the seconds from each answer until it was seen written down, in order of the answers."""
    async with (
        server(int(rate)) as root,
        connected(root, rate) as (bot, _),
        crowd(count) as database,
    ):
        await announce(database)
        sender = TimedSender(bot, paid=rate > FREE_RATE)
        path = await file_of(database)
        watching = asyncio.create_task(asyncio.to_thread(watch, path, count))
        await worker_for(database, sender, rate).run()
        # Answers are written down in the order in which they came.
        answered, written = sorted(sender.answered), await watching
    return [end - begin for begin, end in zip(answered, written, strict=True)]


async def main(rate: float = 1000, count: int = 3000) -> None:
    found = await lags(rate, count)
    middle, longest = sorted(found)[count // 2] * 1000, max(found)
    late = sum(lag > LIMIT for lag in found)
    print(f"{rate:.0f}/s, {count} answers, looked at each 5 ms, load {getloadavg()}")
    print(
        f"p50 {middle:.0f} ms, p99 {p99(found):.0f} ms, longest {longest / LIMIT:.2f} × the limit"
    )
    print(f"{late} later than the limit of 50 ms")


if __name__ == "__main__":
    gc.freeze()  # as the command that runs the bot does
    asyncio.run(main(*(kind(one) for kind, one in zip((float, int), sys.argv[1:], strict=False))))
