"""How others send the same: a loop that sleeps, over bare aiohttp, aiogram and PTB.

PTB's limiter needs `pip install aiolimiter` besides.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

TEXT = "<b>Daily digest</b>\n" + "一条新闻的标题，和它的来源。\n" * 20


async def in_parallel(
    count: int, width: int, send: Callable[[int], Awaitable[object]], rate: float | None
) -> float:
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
    return cpu / count * 1000


async def bare_aiohttp(root: str, count: int, rate: float) -> float:
    import aiohttp

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def send(chat_id: int) -> None:
            url = f"{root}/bot1:token/sendMessage"
            async with session.post(url, json={"chat_id": chat_id, "text": TEXT}) as answer:
                await answer.json()

        return await in_parallel(count, int(rate / 3), send, rate)


async def aiogram_loop(root: str, count: int, rate: float) -> float:
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


async def ptb_loop(root: str, count: int, rate: float) -> float:
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
