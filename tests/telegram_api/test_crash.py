"""``kill -9`` in the midst of a broadcast over HTTP: nobody is left out."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.model import Message
from bot.services.broadcasting import Broadcasts
from bot.services.subscriptions import Subscriptions
from bot.storage.database import Database

if TYPE_CHECKING:
    from tests.telegram_api.conftest import BotApi

PEOPLE = 300
KILLS = 4
IN_FLIGHT = 16
PROCESS = Path(__file__).with_name("sending_process.py")


def now() -> datetime:
    return datetime.now(UTC)


async def owe_everybody(url: str) -> None:
    async with Database.open(url) as database:
        subscriptions = Subscriptions(database, now)
        for chat_id in range(1, PEOPLE + 1):
            await subscriptions.subscribe(chat_id)
        broadcasts = Broadcasts(database, now)
        draft = await broadcasts.draft(1, [Message("hi")])
        assert await broadcasts.confirm(draft.id, 1)


async def start(url: str, api: BotApi) -> asyncio.subprocess.Process:
    arguments = (url, api.root, "1000", str(IN_FLIGHT))
    return await asyncio.create_subprocess_exec(
        sys.executable, str(PROCESS), *arguments, cwd=PROCESS.parents[2], env={"PYTHONPATH": "."}
    )


async def kill_after(process: asyncio.subprocess.Process, api: BotApi, more: int) -> None:
    """Kill once so many more requests have come in."""
    goal = len(api.calls) + more
    while len(api.calls) < goal:  # noqa: ASYNC110 - another process has to make them
        await asyncio.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    await process.wait()


async def test_nobody_is_missed_and_hardly_anybody_gets_it_twice(
    api: BotApi, tmp_path: Path
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    await owe_everybody(url)

    async def slowly(asked: dict[str, Any]) -> web.StreamResponse:
        await asyncio.sleep(random.random() * 0.02)
        return web.json_response(api.message(asked["chat_id"]))

    api.usually = slowly
    for _ in range(KILLS):
        await kill_after(await start(url, api), api, random.randrange(1, PEOPLE // KILLS - 5))
    last = await start(url, api)

    assert await last.wait() == 0
    times = Counter(call["chat_id"] for call in api.calls)
    assert times.keys() == set(range(1, PEOPLE + 1))
    assert times.total() - PEOPLE <= KILLS * IN_FLIGHT
