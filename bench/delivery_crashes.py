"""``kill -9`` at random moments of broadcasts to 2,000 chats: who is missed, who gets it twice.

python -m bench.delivery_crashes [KILLS]
"""

from __future__ import annotations

import asyncio
import random
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

import msgspec
from aiohttp import web

from bench.delivery import now
from bot.model import Message
from bot.services.broadcasting import Broadcasts
from bot.services.subscriptions import Subscriptions
from bot.storage.database import Database

PEOPLE = 2_000
KILLS_A_BROADCAST = 10
IN_FLIGHT = 32
PROCESS = Path(__file__).parents[1] / "tests/telegram_api/sending_process.py"


class Server:
    """Answers after up to 100 ms; knows what it is still to answer, or answered just now."""

    def __init__(self) -> None:
        self.times: Counter[int] = Counter()
        self.open: set[int] = set()
        self.settling = 0
        self.root = ""

    async def handle(self, request: web.Request) -> web.Response:
        chat = int(msgspec.json.decode(await request.read())["chat_id"])
        self.times[chat] += 1
        self.open.add(chat)
        await asyncio.sleep(random.random() * 0.1)
        # An answer is written down within 50 ms; until then the request counts as in flight.
        asyncio.get_running_loop().call_later(0.05, self.open.discard, chat)
        sender = {"id": chat, "type": "private", "first_name": "A"}
        result = {"message_id": self.times.total(), "date": 1, "text": "x", "chat": sender}
        return web.json_response({"ok": True, "result": result})


async def broadcast(server: Server, url: str, kills: int) -> tuple[int, int, int]:
    """Give how many were missed, how many repeats there were, and how many there may be."""
    server.times.clear()
    async with Database.open(url) as database:
        subscriptions = Subscriptions(database, now)
        for chat in range(1, PEOPLE + 1):
            await subscriptions.subscribe(chat)
        broadcasts = Broadcasts(database, now)
        draft = await broadcasts.draft(1, [Message("hi")])
        await broadcasts.confirm(draft.id, 1)
    allowed = 0
    for _ in range(kills):
        process = await start(url, server.root)
        goal = server.times.total() + random.randrange(1, PEOPLE // kills)
        while server.times.total() < goal and process.returncode is None:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
            allowed += len(server.open)
            await process.wait()
    await (await start(url, server.root)).wait()
    return PEOPLE - len(server.times), server.times.total() - len(server.times), allowed


async def start(url: str, root: str) -> asyncio.subprocess.Process:
    arguments = (sys.executable, str(PROCESS), url, root, "1000", str(IN_FLIGHT))
    environment = {"PYTHONPATH": str(PROCESS.parents[2])}
    return await asyncio.create_subprocess_exec(
        *arguments, env=environment, stdout=asyncio.subprocess.DEVNULL
    )


async def main(kills: int) -> None:
    server = Server()
    app = web.Application()
    app.router.add_post("/bot1:token/sendMessage", server.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    missed = repeats = allowed = 0
    for _ in range(kills // KILLS_A_BROADCAST):
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite+aiosqlite:///{folder}/bot.db"
            found = await broadcast(server, url, KILLS_A_BROADCAST)
        missed, repeats, allowed = (
            missed + found[0],
            repeats + found[1],
            allowed + found[2],
        )
    print(f"{kills} kills: {missed} missed, {repeats} repeats of {allowed} in flight")
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
