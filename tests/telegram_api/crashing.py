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
from typing import TypeAlias

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

Sent: TypeAlias = tuple[int, str]


def now() -> datetime:
    return datetime.now(UTC)


class Kill(msgspec.Struct):
    """How many requests were in flight when a sender died, and how many came again to people.

    Of the latter, how many were answered longer before than they may be, and the oldest answer.
    """

    in_flight: int
    repeated: int
    late: int
    oldest: float


class Life:
    """What one sender sent, when each message was answered, and what came again after its death."""

    def __init__(self) -> None:
        self.answered: dict[Sent, float] = {}
        self.died = math.inf
        self.ages: list[float] = []

    def repeated(self, message: Sent) -> None:
        """Note how old the answer to *message* was when the sender died."""
        self.ages.append(self.died - self.answered[message])

    def kill(self) -> Kill:
        return Kill(
            in_flight=sum(at > self.died for at in self.answered.values()),
            repeated=len(self.ages),
            late=sum(age > SETTLING for age in self.ages),
            oldest=round(max([0.0, *self.ages]), 3),
        )


class Server:
    """Notes what arrives where, and from which sender."""

    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.arrived: defaultdict[int, list[str]] = defaultdict(list)
        self.latest: dict[Sent, Life] = {}
        self.lives = [Life()]
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
        life = self.note(chat, text[0])
        await asyncio.sleep(self.latency)
        life.answered[chat, text[0]] = time.monotonic()
        sender = {"id": chat, "type": "private", "first_name": "A"}
        result = {"message_id": self.requests, "date": 1, "text": "x", "chat": sender}
        return web.json_response({"ok": True, "result": result})

    def note(self, chat: int, mark: str) -> Life:
        """Note what arrives; give the life that it is of."""
        message, life = (chat, mark), self.lives[-1]
        if message in self.latest and chat > 0:
            self.latest[message].repeated(message)
        self.latest[message] = life
        life.answered[message] = math.inf
        self.arrived[chat].append(mark)
        return life

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
        server.lives[-1].died = time.monotonic()
        process.send_signal(signal.SIGKILL)
        await process.wait()
        await asyncio.sleep(DRAINED)
        server.lives.append(Life())


async def start(server: Server, url: str, in_flight: int) -> asyncio.subprocess.Process:
    arguments = (sys.executable, str(PROCESS), url, server.root, "1000", str(in_flight))
    return await asyncio.create_subprocess_exec(
        *arguments, env={"PYTHONPATH": str(PROCESS.parents[2])}, stdout=asyncio.subprocess.DEVNULL
    )


class Judgement(msgspec.Struct):
    """How many messages were missed, came out of order, or came twice in groups; and each kill."""

    missed: int
    disordered: int
    repeated_in_groups: int
    kills: list[Kill]


def judge(server: Server, everybody: Sequence[int]) -> Judgement:
    got = {chat: server.arrived[chat] for chat in everybody}
    first_times = {chat: list(dict.fromkeys(marks)) for chat, marks in got.items()}
    again = {chat: len(got[chat]) - len(first_times[chat]) for chat in everybody}
    return Judgement(
        missed=sum(len(MARKS) - len(marks) for marks in first_times.values()),
        disordered=sum(marks != MARKS[: len(marks)] for marks in first_times.values()),
        repeated_in_groups=sum(n for chat, n in again.items() if chat < 0),
        kills=[life.kill() for life in server.lives[:-1]],
    )
