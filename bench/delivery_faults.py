"""The fault matrix at full size: each fault for a twentieth of so many chats, all together.

python -m bench.delivery_faults [PEOPLE]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time

from aiohttp import web
from telegram.ext import ExtBot

from bot.services.outcomes import Priority
from bot.telegram_api.limiter import RateLimiter
from bot.telegram_api.request import AiohttpRequest
from tests.telegram_api.conftest import BotApi
from tests.telegram_api.faults import announce_twice


async def main(people: int) -> None:
    api = BotApi()
    app = web.Application()
    app.router.add_post(f"/bot{api.token}/sendMessage", api.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    request, limiter = AiohttpRequest(read_timeout=1, connect_timeout=1), RateLimiter(1000.0)
    bot: ExtBot[Priority] = ExtBot(api.token, base_url=root, request=request, rate_limiter=limiter)
    await request.initialize()
    chats = [*range(1, people + 1), *range(-people // 5, 0)]
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        ended = await announce_twice(api, bot, f"sqlite+aiosqlite:///{folder}/bot.db", chats)
    seconds = time.perf_counter() - began
    print(
        f"{len(chats)} chats, two broadcasts, {len(api.calls)} requests, {seconds:.0f} s: {ended}"
    )
    print("every chat ended in its state; nothing was sent to a chat marked gone")
    await request.shutdown()
    await limiter.shutdown()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000))
