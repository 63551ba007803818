"""Delivery against a local server that answers after 100 ms, with its peers in one run.

python -m bench.delivery paced       30 messages a second, limits enforced strictly
python -m bench.delivery paid        1000 messages a second: ours and the peers, in turns
"""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
import tempfile
import time
from array import array
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from os import getloadavg
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

from msgspec import Struct
from sqlalchemy import insert
from telegram.ext import ExtBot

from bench.delivery_peers import TEXT, aiogram_loop, bare_aiohttp, ptb_loop
from bot.model import Message
from bot.services.broadcasting import Broadcasts
from bot.services.delivery import DeliveryWorker
from bot.services.outcomes import Address, Outcome, Priority
from bot.services.telling import Listener
from bot.settings import FREE_RATE
from bot.storage.database import Database
from bot.storage.records import Summary
from bot.storage.tables import chats, subscriptions
from bot.telegram_api.limiter import RateLimiter
from bot.telegram_api.request import AiohttpRequest
from bot.telegram_api.sender import TelegramSender

SERVER = Path(__file__).with_name("telegram_server.py")
# Of 50,000 rows at once the process would keep 40 MB, which are no part of what is measured.
AT_ONCE = 1000


def now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def server(rate: int, latency: float = 0.1) -> AsyncIterator[str]:
    arguments = [sys.executable, str(SERVER), str(rate), str(latency)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


async def report(root: str) -> dict[str, Any]:
    def read() -> dict[str, Any]:
        with urlopen(f"{root}/report") as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
            return found

    return await asyncio.to_thread(read)


@asynccontextmanager
async def crowd(people: int) -> AsyncIterator[Database]:
    """A database with so many subscribers."""
    with tempfile.TemporaryDirectory() as folder:
        async with Database.open(f"sqlite+aiosqlite:///{folder}/bot.db") as database:
            long_ago = now() - timedelta(days=1)
            for start in range(1, people + 1, AT_ONCE):
                ids = range(start, min(start + AT_ONCE, people + 1))
                async with database.transaction() as db:
                    rows = [{"id": n, "kind": "private", "first_seen": long_ago} for n in ids]
                    await db.execute(insert(chats), rows)
                    wishes = [{"chat_id": n, "topics": "[]", "since": long_ago} for n in ids]
                    await db.execute(insert(subscriptions), wishes)
            yield database


class StopWhenFinished(Listener):
    worker: DeliveryWorker

    async def finished(self, summary: Summary) -> None:
        self.worker.stop()


class TimedSender(TelegramSender):
    """Times each send from its claim to its answer, and notes when that came."""

    def __init__(self, bot: ExtBot[Priority], *, paid: bool) -> None:
        super().__init__(bot, paid=paid)
        self.times: list[float] = []
        self.answered: list[float] = []

    async def send(
        self, address: Address, message: Message, priority: Priority, *, piece: int | None = None
    ) -> Outcome:
        began = time.perf_counter()
        outcome = await super().send(address, message, priority, piece=piece)
        self.answered.append(time.perf_counter())
        self.times.append(self.answered[-1] - began)
        return outcome


class TimedRequest(AiohttpRequest):
    """Times each request from leaving the limiter to its answer."""

    def __init__(self) -> None:
        super().__init__()
        # Of a million requests, lists would take 64 MB.
        self.times = array("d")
        self.left = array("d")

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        began = time.perf_counter()
        self.left.append(began)
        answer = await super().do_request(*args, **kwargs)
        self.times.append(time.perf_counter() - began)
        return answer


def shortest(left: Sequence[float], rate: int) -> float:
    """Give the least time in which one request more than *rate* left."""
    spans = [later - earlier for earlier, later in zip(left, left[rate:], strict=False)]
    return min(spans, default=9.0)


def p99(times: Sequence[float]) -> float:
    """Give the 99th percentile in milliseconds."""
    return sorted(times)[int(len(times) * 0.99)] * 1000


class Figures(Struct):
    """What a run of ours came to, times in milliseconds."""

    cpu: float
    claimed: float
    request: float
    shortest: float

    def __str__(self) -> str:
        return (
            f"{self.cpu:.2f} ms CPU a message, p99 from the limiter to the answer "
            f"{self.request:.0f} ms, from the claim {self.claimed:.0f} ms; one more than the rate "
            f"left in {self.shortest:.3f} s"
        )


@asynccontextmanager
async def connected(root: str, rate: float) -> AsyncIterator[tuple[ExtBot[Priority], TimedRequest]]:
    request, limiter = TimedRequest(), RateLimiter(rate)
    await request.initialize()
    yield (
        ExtBot("1:token", base_url=f"{root}/bot", request=request, rate_limiter=limiter),
        request,
    )
    await limiter.shutdown()
    await request.shutdown()


async def announce(database: Database) -> int:
    broadcasts = Broadcasts(database, now)
    draft = await broadcasts.draft(1, [Message(TEXT)])
    await broadcasts.confirm(draft.id, 1)
    return draft.id


def worker_for(database: Database, sender: TelegramSender, rate: float) -> DeliveryWorker:
    """Build the worker as the bot does."""
    sys.setswitchinterval(0.001)  # as the command that runs the bot does
    listener = StopWhenFinished()
    worker = DeliveryWorker(
        database, sender, now=now, listener=listener, in_flight=max(32, int(rate / 2))
    )
    listener.worker = worker
    return worker


async def ours(root: str, count: int, rate: float) -> Figures:
    async with connected(root, rate) as (bot, request), crowd(count) as database:
        await announce(database)
        sender = TimedSender(bot, paid=rate > FREE_RATE)
        worker = worker_for(database, sender, rate)
        gc.collect()
        gc.freeze()  # as the command that runs the bot does
        cpu = time.process_time()
        await worker.run()
        cpu = time.process_time() - cpu
        gc.unfreeze()
    least = shortest(request.left, int(rate))
    return Figures(cpu / count * 1000, p99(sender.times), p99(request.times), least)


async def paced() -> None:
    async with server(30) as root:
        figures = await ours(root, 1200, 30)
        print("ours at 30/s:", figures, await report(root))
    async with server(30) as root:
        cpu = await ptb_loop(root, 600, 30)
        print(f"PTB at 30/s: {cpu:.2f} ms CPU a message", await report(root))


async def paid(rounds: int = 3) -> None:
    """Run all in turns, so that what else the machine does falls on each of them."""
    taken: defaultdict[str, list[float]] = defaultdict(list)
    for _ in range(rounds):
        async with server(1000) as root:
            figures = await ours(root, 10_000, 1000.0)
            taken["ours"].append(figures.cpu)
            print("ours:", figures, await report(root), flush=True)
        for name, run in {"bare aiohttp": bare_aiohttp, "aiogram": aiogram_loop}.items():
            async with server(1000) as root:
                cpu = await run(root, 10_000, 1000.0)
                taken[name].append(cpu)
                print(f"{name}: {cpu:.2f} ms CPU a message", await report(root), flush=True)
    async with server(1000) as root:
        cpu = await ptb_loop(root, 1_000, 1000.0)
        print(f"PTB: {cpu:.2f} ms CPU a message", await report(root), flush=True)
    middle = {name: median(values) for name, values in taken.items()}
    ratios = {name: round(middle["ours"] / value, 2) for name, value in middle.items()}
    print(f"medians of {rounds}: {middle}; ours divided by each: {ratios}; load {getloadavg()}")


if __name__ == "__main__":
    asyncio.run({"paced": paced, "paid": paid}[sys.argv[1]]())
