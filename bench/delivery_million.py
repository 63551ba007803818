"""A million deliveries: enqueued in one transaction, then sent at the paid rate; memory all along.

python -m bench.delivery_million [HOW MANY TO SEND]
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from os import getloadavg, sysconf
from pathlib import Path

from bench.delivery import announce, connected, crowd, now, report, server, worker_for
from bot.services.broadcasting import Broadcasts
from bot.storage.database import Database
from bot.telegram_api.sender import TelegramSender

PEOPLE = 1_000_000
RATE = 1000.0


def memory() -> float:
    """Give the memory of this process now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * sysconf("SC_PAGE_SIZE") / 2**20


class Blockage:
    """Notes for how long the loop was blocked at most."""

    def __init__(self) -> None:
        self.worst = 0.0

    async def watch(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            self.worst = max(self.worst, time.perf_counter() - before)


async def enqueue(database: Database) -> int:
    blockage = Blockage()
    watching = asyncio.create_task(blockage.watch())
    began, cpu = time.perf_counter(), time.process_time()
    broadcast_id = await announce(database)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    watching.cancel()
    print(f"drafted and enqueued in {seconds:.2f} s, of which {cpu:.2f} s of CPU time")
    print(f"loop blocked for {blockage.worst * 1000:.0f} ms at most")
    return broadcast_id


async def send(database: Database, broadcast_id: int, count: int) -> None:
    broadcasts, curve = Broadcasts(database, now), []
    async with server(int(RATE)) as root, connected(root, RATE) as (bot, request):
        worker = worker_for(database, TelegramSender(bot, paid=True), RATE)
        began = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run())
            while len(request.times) < count:
                curve.append((len(request.times), round(memory())))
                await asyncio.sleep(10)
            worker.stop()
        seconds = time.perf_counter() - began
        print(f"sent {len(request.times)} in {seconds:.0f} s: {await report(root)}")
    print("memory in MB by messages sent:", curve)
    began = time.perf_counter()
    await broadcasts.progress(broadcast_id)
    print(f"progress counted in {time.perf_counter() - began:.2f} s")


async def main(count: int) -> None:
    async with crowd(PEOPLE) as database:
        print(f"memory before: {memory():.0f} MB")
        broadcast_id = await enqueue(database)
        await send(database, broadcast_id, count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory of the process {peak:.0f} MB; load {getloadavg()}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
