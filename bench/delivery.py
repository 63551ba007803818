"""Delivery against a local server that answers after 100 ms, with its peers in one run.

python -m bench.delivery paced       30 messages a second, limits enforced strictly
python -m bench.delivery paid        1000 messages a second: ours and the peers
python -m bench.delivery enqueue     a million deliveries in one transaction
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from sqlalchemy import insert
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.model import Message
from bot.services.broadcasting import Broadcasts
from bot.services.delivery import DeliveryWorker
from bot.services.outcomes import Address, Outcome, Priority
from bot.services.telling import Listener
from bot.storage.database import Database
from bot.storage.records import Summary
from bot.storage.tables import chats, subscriptions
from bot.telegram_api.limiter import RateLimiter
from bot.telegram_api.request import AiohttpRequest
from bot.telegram_api.sender import TelegramSender

TEXT = "<b>Daily digest</b>\n" + "一条新闻的标题，和它的来源。\n" * 20
SERVER = Path(__file__).with_name("telegram_server.py")


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
            for start in range(1, people + 1, 50_000):
                ids = range(start, min(start + 50_000, people + 1))
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


class Timed(TelegramSender):
    """Times each send."""

    def __init__(self, bot: ExtBot[Priority]) -> None:
        super().__init__(bot)
        self.times: list[float] = []

    async def send(
        self, address: Address, message: Message, priority: Priority, *, pieces: int = 0
    ) -> Outcome:
        began = time.perf_counter()
        outcome = await super().send(address, message, priority, pieces=pieces)
        self.times.append(time.perf_counter() - began)
        return outcome


async def ours(root: str, count: int, rate: float) -> str:
    request = AiohttpRequest()
    await request.initialize()
    limiter = RateLimiter(rate)
    bot: ExtBot[Priority] = ExtBot(
        "1:token", base_url=f"{root}/bot", request=request, rate_limiter=limiter
    )
    async with crowd(count) as database:
        broadcasts = Broadcasts(database, now)
        draft = await broadcasts.draft(1, [Message(TEXT)])
        await broadcasts.confirm(draft.id, 1)
        listener = StopWhenFinished()
        timed = Timed(bot)
        in_flight = max(32, int(rate / 3))
        worker = listener.worker = DeliveryWorker(
            database, timed, now=now, listener=listener, in_flight=in_flight
        )
        cpu = time.process_time()
        await worker.run()
        cpu = time.process_time() - cpu
    await limiter.shutdown()
    await request.shutdown()
    p99 = sorted(timed.times)[int(len(timed.times) * 0.99)]
    return f"{cpu / count * 1000:.2f} ms CPU a message, p99 of a send {p99 * 1000:.0f} ms"


async def in_parallel(
    count: int, width: int, send: Callable[[int], Awaitable[object]], rate: float | None
) -> str:
    """Send to so many chats, *width* at once, paced by sleeping where *rate* is given."""
    chat_ids = iter(range(1, count + 1))
    began = time.perf_counter()
    cpu = time.process_time()

    async def hand() -> None:
        for chat_id in chat_ids:
            if rate is not None:
                await asyncio.sleep(max(began + chat_id / rate - time.perf_counter(), 0))
            await send(chat_id)

    await asyncio.gather(*(hand() for _ in range(width)))
    cpu = time.process_time() - cpu
    return f"{cpu / count * 1000:.2f} ms CPU a message"


async def bare_aiohttp(root: str, count: int, rate: float) -> str:
    import aiohttp

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def send(chat_id: int) -> None:
            url = f"{root}/bot1:token/sendMessage"
            async with session.post(url, json={"chat_id": chat_id, "text": TEXT}) as answer:
                await answer.json()

        return await in_parallel(count, int(rate / 3), send, rate)


async def aiogram_loop(root: str, count: int, rate: float) -> str:
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    session = AiohttpSession(api=TelegramAPIServer.from_base(root), limit=1000)
    async with Bot("1:token", session=session) as bot:
        return await in_parallel(count, int(rate / 3), lambda n: bot.send_message(n, TEXT), rate)


def aio_rate_limiter(rate: float) -> AIORateLimiter | None:
    try:
        return AIORateLimiter(overall_max_rate=rate, max_retries=5)
    except RuntimeError:
        print("aiolimiter is not installed: PTB runs without its limiter")
        return None


async def ptb_loop(root: str, count: int, rate: float) -> str:
    bot: ExtBot[Any] = ExtBot(
        "1:token",
        base_url=f"{root}/bot",
        request=HTTPXRequest(connection_pool_size=256, pool_timeout=60),
        rate_limiter=aio_rate_limiter(rate),
    )
    await bot.request.initialize()
    result = await in_parallel(count, 64, lambda n: bot.send_message(n, TEXT), None)
    await bot.request.shutdown()
    return result


async def paced() -> None:
    async with server(30) as root:
        figures = await ours(root, 1200, 30)
        print("ours at 30/s:", figures, await report(root))
    async with server(30) as root:
        figures = await ptb_loop(root, 600, 30)
        print("PTB at 30/s:", figures, await report(root))


async def paid() -> None:
    rivals = {
        "ours": (ours, 10_000),
        "bare aiohttp": (bare_aiohttp, 10_000),
        "aiogram": (aiogram_loop, 10_000),
        "PTB": (ptb_loop, 1_000),
    }
    for name, (run, count) in rivals.items():
        async with server(1000) as root:
            figures = await run(root, count, 1000.0)
            print(f"{name} at 1000/s:", figures, await report(root), flush=True)


async def enqueue() -> None:
    async with crowd(1_000_000) as database:
        broadcasts = Broadcasts(database, now)
        draft = await broadcasts.draft(1, [Message(TEXT)])
        worst = 0.0

        async def watch() -> None:
            nonlocal worst
            while True:
                before = time.perf_counter()
                await asyncio.sleep(0.001)
                worst = max(worst, time.perf_counter() - before)

        watching = asyncio.create_task(watch())
        began = time.perf_counter()
        await broadcasts.confirm(draft.id, 1)
        seconds = time.perf_counter() - began
        watching.cancel()
        progress_began = time.perf_counter()
        progress = await broadcasts.progress(draft.id)
        counted = time.perf_counter() - progress_began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"a million enqueued in {seconds:.2f} s, loop blocked {worst * 1000:.0f} ms at most")
    print(f"counted in {counted:.2f} s: {progress}; peak memory {peak:.0f} MB")


if __name__ == "__main__":
    asyncio.run({"paced": paced, "paid": paid, "enqueue": enqueue}[sys.argv[1]]())
