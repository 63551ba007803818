"""Processes that are killed while they send to people, groups and topics: who got what."""

from __future__ import annotations

import asyncio
import math
import random
import signal
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from aiohttp import web

from bot.model import Message
from bot.services.broadcasting import Broadcasts
from bot.services.subscriptions import Subscriptions
from bot.storage import chats, targets
from bot.storage.database import Database
from bot.storage.records import ChatSeen, Target

PROCESS = Path(__file__).with_name("sending_process.py")
LIMIT = 4096
# Two parts; the second is taken only in two pieces. Of each message the server notes its beginning.
PARTS = ("first", "a" * LIMIT + "b" * LIMIT)
MARKS = ["f", "a", "b"]
# An answer is written down within 50 ms; until then its message may come again.
SETTLING = 0.05
# What a sender had sent when it died has been read by then.
DRAINED = 0.2


def now() -> datetime:
    return datetime.now(UTC)


class Server:
    """Notes what arrives where, and how old the answers were that a sender died with."""

    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.arrived: defaultdict[int, list[str]] = defaultdict(list)
        self.life: dict[tuple[int, str], int] = {}
        self.answered: dict[tuple[int, str], float] = {}
        self.deaths: list[float] = []
        self.ages: list[float] = []
        self.requests = 0
        self.root = ""

    async def send(self, request: web.Request) -> web.Response:
        asked = msgspec.json.decode(await request.read())
        chat, text = int(asked["chat_id"]), str(asked["text"])
        self.requests += 1
        await asyncio.sleep(0)
        if len(text) > LIMIT:
            return web.json_response(
                {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"},
                status=400,
            )
        self.note(chat, text[0])
        await asyncio.sleep(random.random() * self.latency)
        self.answered[chat, text[0]] = time.monotonic()
        sender = {"id": chat, "type": "private", "first_name": "A"}
        result = {"message_id": self.requests, "date": 1, "text": "x", "chat": sender}
        return web.json_response({"ok": True, "result": result})

    def note(self, chat: int, mark: str) -> None:
        """Note what arrives; of what came before, how old its answer was when its sender died."""
        message = chat, mark
        if message in self.life and chat > 0:
            life = self.life[message]
            died = self.deaths[life] if life < len(self.deaths) else math.inf
            self.ages.append(died - self.answered.pop(message, math.inf))
        self.life[message] = len(self.deaths)
        self.arrived[chat].append(mark)

    async def seen(self, request: web.Request) -> web.Response:
        """Look into a chat, as an admin would."""
        chat, mark = int(request.query["chat"]), request.query["mark"]
        return web.json_response(mark in self.arrived[chat])


@asynccontextmanager
async def serving(latency: float) -> AsyncIterator[Server]:
    server = Server(latency)
    app = web.Application()
    app.router.add_post("/bot1:token/sendMessage", server.send)
    app.router.add_get("/seen", server.seen)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


async def owe(url: str, everybody: Sequence[int], topics: Sequence[int]) -> None:
    """Owe an announcement to people and groups, and to a topic in each of *topics*."""
    async with Database.open(url) as database:
        subscriptions = Subscriptions(database, now)
        for chat in everybody:
            await subscriptions.subscribe(chat)
        async with database.transaction() as db:
            for chat in topics:
                await chats.note(db, ChatSeen(chat, "supergroup"), now())
                await targets.remember(db, Target(f"{chat}/7", chat, 7, now().date()))
        broadcasts = Broadcasts(database, now)
        draft = await broadcasts.draft(1, [Message(part) for part in PARTS])
        assert await broadcasts.confirm(draft.id, 1)


async def kill_at_random(server: Server, url: str, in_flight: int, within: int) -> None:
    """Start a sender, and kill it within so many requests."""
    process = await start(server, url, in_flight)
    goal = server.requests + random.randrange(1, within)
    while server.requests < goal and process.returncode is None:  # noqa: ASYNC110 - of another
        await asyncio.sleep(0.002)
    if process.returncode is None:
        died = time.monotonic()
        process.send_signal(signal.SIGKILL)
        await process.wait()
        await asyncio.sleep(DRAINED)
        server.deaths.append(died)


async def start(server: Server, url: str, in_flight: int) -> asyncio.subprocess.Process:
    arguments = (sys.executable, str(PROCESS), url, server.root, "1000", str(in_flight))
    return await asyncio.create_subprocess_exec(
        *arguments, env={"PYTHONPATH": str(PROCESS.parents[2])}, stdout=asyncio.subprocess.DEVNULL
    )


class Judgement(msgspec.Struct):
    """How many messages were missed, came out of order, or came twice.

    Of those that came twice to people: how many had no answer when the sender died, how many were
    answered longer before that than they may be, and how old the oldest answer was, in seconds.
    """

    missed: int
    disordered: int
    repeated_in_groups: int
    repeated_to_people: int
    unanswered: int
    late: int
    oldest: float


def judge(server: Server, everybody: Sequence[int]) -> Judgement:
    got = {chat: server.arrived[chat] for chat in everybody}
    first_times = {chat: list(dict.fromkeys(marks)) for chat, marks in got.items()}
    again = {chat: len(got[chat]) - len(first_times[chat]) for chat in everybody}
    return Judgement(
        missed=sum(len(MARKS) - len(marks) for marks in first_times.values()),
        disordered=sum(marks != MARKS[: len(marks)] for marks in first_times.values()),
        repeated_in_groups=sum(n for chat, n in again.items() if chat < 0),
        repeated_to_people=sum(n for chat, n in again.items() if chat > 0),
        unanswered=sum(age <= 0 for age in server.ages),
        late=sum(age > SETTLING for age in server.ages),
        oldest=round(max([0.0, *server.ages]), 3),
    )
