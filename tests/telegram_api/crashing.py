"""Processes that are killed while they send to people, groups and topics: who got what."""

from __future__ import annotations

import asyncio
import math
import mmap
import random
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import msgspec
from aiohttp import web
from sqlalchemy import select

from bot.model import Message
from bot.services.broadcasting import Broadcasts
from bot.services.subscriptions import Subscriptions
from bot.storage import chats, targets
from bot.storage.database import Database
from bot.storage.records import ChatSeen, Target
from bot.storage.tables import deliveries

PROCESS = Path(__file__).with_name("sending_process.py")
LIMIT = 4096
# Two parts; the second is taken only in two pieces. Of each message the server notes its beginning.
PARTS = ("first", "a" * LIMIT + "b" * LIMIT)
MARKS = ["f", "a", "b"]
IN_PIECES = {1: "a", 2: "b"}
WHOLE = "the whole, which is refused"
# What a sender had sent when it died has been read by then.
DRAINED = 0.2

Tried: TypeAlias = tuple[int, str]
"""A chat, and the beginning of what was sent there."""


def now() -> datetime:
    return datetime.now(UTC)


class Kill(msgspec.Struct):
    """How many requests were in flight when a sender died, and what came again to people.

    *in_flight* were those that were begun and whose answer had not been handled, *unsettled* those
    of which the outbox did not know the end. *ages* are those of the answers to what came again, in
    seconds.
    """

    in_flight: int
    unsettled: int
    repeated: int
    ages: list[float]


class Life:
    """What one sender asked for, when it was answered, and what came again after its death."""

    def __init__(self) -> None:
        self.answered: dict[Tried, float] = {}
        self.died = math.inf
        self.in_flight = 0
        self.unsettled: set[Tried] = set()
        self.repeated: list[Tried] = []

    def kill(self) -> Kill:
        ages = [self.died - self.answered[one] for one in self.repeated]
        return Kill(
            in_flight=self.in_flight,
            unsettled=len(self.unsettled & self.answered.keys()),
            repeated=len(self.repeated),
            ages=[round(age, 3) for age in ages if age > 0],
        )


class Count:
    """A number in a file that two processes share, and that a killed one leaves as it was."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._number = memoryview(mmap.mmap(file.fileno(), 4)).cast("I")

    @classmethod
    def made(cls, path: Path) -> Count:
        path.write_bytes(bytes(4))
        return cls(path)

    def get(self) -> int:
        return self._number[0]

    def add(self, number: int) -> None:
        self._number[0] += number


class Server:
    """Notes what arrives where, and from which sender."""

    def __init__(self, latency: float, in_flight: Path) -> None:
        self.latency = latency
        self.in_flight = in_flight
        self.arrived: defaultdict[int, list[str]] = defaultdict(list)
        self.latest: dict[Tried, Life] = {}
        self.lives = [Life()]
        self.requests = 0
        self.root = ""

    async def send(self, request: web.Request) -> web.Response:
        given = msgspec.json.decode(await request.read())
        chat, text = int(given["chat_id"]), str(given["text"])
        self.requests += 1
        number, is_refused = self.requests, len(text) > LIMIT
        tried, life = (chat, WHOLE if is_refused else text[0]), self.lives[-1]
        self.note(tried, life)
        await asyncio.sleep(self.latency)
        life.answered[tried] = time.monotonic()
        if is_refused:
            return web.json_response(
                {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"},
                status=400,
            )
        sender = {"id": chat, "type": "private", "first_name": "A"}
        result = {"message_id": number, "date": 1, "text": "x", "chat": sender}
        return web.json_response({"ok": True, "result": result})

    def note(self, tried: Tried, life: Life) -> None:
        """Note what is asked for, and what arrives."""
        chat, mark = tried
        life.answered[tried] = math.inf
        if mark == WHOLE:
            return
        if tried in self.latest and chat > 0:
            self.latest[tried].repeated.append(tried)
        self.latest[tried] = life
        self.arrived[chat].append(mark)

    async def seen(self, request: web.Request) -> web.Response:
        """Look into a chat, as an admin would."""
        chat, mark = int(request.query["chat"]), request.query["mark"]
        return web.json_response(mark in self.arrived[chat])


@asynccontextmanager
async def serving(latency: float) -> AsyncIterator[Server]:
    folder = tempfile.TemporaryDirectory()
    server = Server(latency, Path(folder.name, "in_flight"))
    app = web.Application()
    app.router.add_post("/bot1:token/sendMessage", server.send)
    app.router.add_get("/seen", server.seen)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()
    folder.cleanup()


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
        life = server.lives[-1]
        process.send_signal(signal.SIGKILL)
        life.died = time.monotonic()
        await process.wait()
        life.in_flight = Count(server.in_flight).get()
        await asyncio.sleep(DRAINED)
        life.unsettled = await unsettled(url)
        server.lives.append(Life())


async def unsettled(url: str) -> set[Tried]:
    """Find what the outbox takes to be under way."""
    claimed = select(deliveries.c.chat_id, deliveries.c.part, deliveries.c.pieces)
    async with Database.open(url, beside=True) as database, database.reading() as db:
        rows = await db.execute(claimed.where(deliveries.c.claimed_at.is_not(None)))
    return {(row.chat_id, mark_of(row.part, row.pieces)) for row in rows}


def mark_of(part: int, pieces: str) -> str:
    """Give the beginning of what was tried last."""
    whole = MARKS[0] if part == 0 else WHOLE
    return IN_PIECES.get(len(msgspec.json.decode(pieces)), whole)


async def start(server: Server, url: str, in_flight: int) -> asyncio.subprocess.Process:
    Count.made(server.in_flight)
    program = (sys.executable, str(PROCESS), str(server.in_flight))
    arguments = (*program, url, server.root, "1000", str(in_flight))
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
