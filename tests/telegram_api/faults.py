"""All that can go wrong, each to a twentieth of the chats, at once, and how each should end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from aiohttp import web
from telegram.ext import ExtBot

from bot.model import Message
from bot.services.broadcasting import Broadcasts
from bot.services.delivery import DeliveryWorker
from bot.services.outcomes import Priority
from bot.services.subscriptions import Subscriptions
from bot.storage import chats, targets
from bot.storage.database import Database
from bot.storage.records import Progress, Target
from bot.telegram_api.sender import TelegramSender

if TYPE_CHECKING:
    from tests.telegram_api.conftest import BotApi

KINDS = 20
# Groups have small ids; where they move to, large ones.
MOVED = 100_000
Refused: TypeAlias = dict[int, tuple[int, str, dict[str, Any]]]
ALWAYS: Refused = {
    0: (403, "Forbidden: bot was blocked by the user", {}),
    1: (400, "Bad Request: chat not found", {}),
    2: (400, "Bad Request: not enough rights to send text messages to the chat", {}),
    3: (400, "Bad Request: something new", {}),
}
ONCE: Refused = {
    4: (500, "Internal Server Error", {}),
    5: (502, "Bad Gateway", {}),
    6: (429, "Too Many Requests", {"retry_after": 1}),
    7: (429, "Too Many Requests", {"retry_after": "soon"}),
    8: (429, "Too Many Requests", {"retry_after": -1}),
    9: (400, "Bad Request: can't parse entities", {}),
    10: (400, "Bad Request: message is too long", {}),
}
UNREADABLE = {11: "<html>gateway</html>", 12: '{"ok": true, "resu'}
CUT, HUNG, ANOTHER, CLOSED, MIGRATED = 13, 14, 15, 16, 17
# Of these kinds people leave while a request to them is in flight, and groups have a topic.
GONE, UNSUBSCRIBED = 18, 19
LEAVING = (GONE, UNSUBSCRIBED)
TOPIC: Refused = {
    18: (400, "Bad Request: message thread not found", {}),
    19: (400, "Bad Request: TOPIC_CLOSED", {}),
}
DOUBTFUL = (*UNREADABLE, CUT, HUNG, ANOTHER)


class Faulty:
    """Answers each chat by its kind, which is its id modulo the number of kinds."""

    def __init__(self, api: BotApi, subscriptions: Subscriptions) -> None:
        self.api = api
        self.subscriptions = subscriptions
        self.times: Counter[int] = Counter()
        self.arrived: Counter[int] = Counter()

    async def __call__(self, asked: dict[str, Any]) -> web.StreamResponse:
        chat = asked["chat_id"]
        kind = chat % KINDS
        self.times[chat] += 1
        first = self.times[chat] == 1
        if kind in ALWAYS or (kind in ONCE and first):
            return refusal(*{**ALWAYS, **ONCE}[kind])
        if "message_thread_id" in asked:
            return refusal(*TOPIC[kind])
        if kind in LEAVING and chat > 0:
            await self.leave(kind, chat)
            return refusal(*ONCE[4])
        if kind == MIGRATED and -MOVED < chat < 0:
            return refusal(400, "Bad Request: upgraded", {"migrate_to_chat_id": chat - MOVED})
        if kind in DOUBTFUL and first:
            return await self.leave_in_doubt(kind, chat)
        self.arrived[chat] += 1
        answer = web.json_response(self.api.message(chat))
        if kind == CLOSED:
            answer.force_close()
        return answer

    async def leave(self, kind: int, chat: int) -> None:
        if kind == GONE:
            await self.subscriptions.gone(chat, "blocked")
        else:
            await self.subscriptions.unsubscribe(chat)

    async def leave_in_doubt(self, kind: int, chat: int) -> web.StreamResponse:
        if kind == CUT and self.api.request.transport is not None:
            self.api.request.transport.abort()
        if kind == HUNG:
            await asyncio.sleep(5)
        if kind == ANOTHER:
            return web.json_response(self.api.message(chat + 1_000_000))
        return web.Response(text=UNREADABLE.get(kind, ""))


def refusal(status: int, description: str, parameters: dict[str, Any]) -> web.Response:
    body = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=status)


def hurried(start: datetime) -> Callable[[], datetime]:
    """A clock that runs a thousand times as fast, so that waits of the outbox are short."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    return lambda: start + timedelta(seconds=(loop.time() - began) * 1000)


async def states(database: Database) -> dict[int, str]:
    async with database.reading() as db:
        rows = await db.exec_driver_sql("SELECT chat_id, state FROM deliveries")
        return {row[0]: row[1] for row in map(tuple, rows)}


@asynccontextmanager
async def delivering(
    database: Database, bot: ExtBot[Priority], now: Callable[[], datetime]
) -> AsyncIterator[tuple[DeliveryWorker, Callable[[], Awaitable[Progress | None]]]]:
    """Announce something and have it sent; give who sends it, and how to see how far it is."""
    broadcasts = Broadcasts(database, now)
    draft = await broadcasts.draft(1, [Message("<b>hi</b>")])
    assert await broadcasts.confirm(draft.id, 1)
    worker = DeliveryWorker(database, TelegramSender(bot, paid=True), now=now)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(worker.run())
        yield worker, lambda: broadcasts.progress(draft.id)
        worker.stop()


async def announce(database: Database, bot: ExtBot[Priority], now: Callable[[], datetime]) -> None:
    async with delivering(database, bot, now) as (worker, progress):
        while not (found := await progress()) or not found.done:
            await asyncio.sleep(0.05)
            worker.wake()


async def join(database: Database, subscriptions: Subscriptions, chat: int, now: datetime) -> None:
    """Let *chat* receive, a group of some kinds in a topic."""
    if chat < 0 and chat % KINDS in TOPIC:
        async with database.transaction() as db:
            await chats.note_id(db, chat, now)
            await targets.remember(db, Target(f"{chat}/7", chat, 7, now.date()))
    else:
        await subscriptions.subscribe(chat)


async def announce_twice(
    api: BotApi, bot: ExtBot[Priority], url: str, places: Sequence[int]
) -> dict[str, int]:
    """Announce to *places* over a faulty server; judge each; count how they ended."""
    now = hurried(datetime(2026, 1, 14, tzinfo=UTC))
    async with Database.open(url) as database:
        subscriptions = Subscriptions(database, now)
        server = api.usually = Faulty(api, subscriptions)
        for chat in places:
            await join(database, subscriptions, chat, now())
        await announce(database, bot, now)
        ended = await states(database)
        tried = server.times.copy()
        await announce(database, bot, now)
    for chat in places:
        judge(chat, server, ended, tried)
    return dict(Counter(ended.values()))


def judge(chat: int, server: Faulty, ended: dict[int, str], tried: Counter[int]) -> None:
    kind = chat % KINDS
    place = chat - MOVED if kind == MIGRATED and chat < 0 else chat
    leaves = kind in LEAVING and chat > 0
    reached = not (leaves or kind in ALWAYS)
    # Where the server is slow the answer to who left is lost, and they may have got it.
    states = {"skipped", "failed"} if leaves else {"sent" if reached else "failed"}
    assert ended[place] in states, (chat, ended[place])
    assert server.arrived[place] == 2 * reached, chat
    if kind in (0, 1) or leaves:
        assert server.times[chat] == tried[chat] == 1, chat
