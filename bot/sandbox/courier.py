"""Carry updates to the bot's webhook."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp
import msgspec

from bot.sandbox.errors import ApiError, Cut
from bot.sandbox.nouns import Json
from bot.sandbox.reading import pairs
from bot.sandbox.schema import method_names
from bot.sandbox.world import World

PATIENCE = aiohttp.ClientTimeout(total=60)
# Seconds between tries: growing, so that a bot that is down is not hammered.
FIRST_WAIT = 0.2
LONGEST_WAIT = 30.0
# server, on_update_error
LONGEST_ASKED = 3600
# server, WebhookActor::handle: what is not done when an answer asks for it, besides `get…`
NOT_OBEYED = ("setwebhook", "deletewebhook", "close", "logout", "get")

Perform = Callable[[str, Json], Awaitable[object]]


class RefusedError(Exception):
    """The webhook did not take an update; it may have said for how long to wait."""

    def __init__(self, words: str, wait: float = 0.0) -> None:
        super().__init__(words)
        self.wait = wait


class Courier:
    """Post updates: those of one chat or person in order, as many at once as the bot allows."""

    def __init__(self, world: World, perform: Perform) -> None:
        self._world = world
        self._perform = perform
        self._under_way: dict[object, asyncio.Task[None]] = {}
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Carry updates for ever."""
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            asyncio.TaskGroup() as tasks,
        ):
            while True:
                await self._world.webhook.active.wait()
                await self._world.updates.arrival()
                self._changed.clear()
                seen = self._world.updates.count
                self._send_out(session, tasks)
                await self._something_new(tasks, seen)

    def _send_out(self, session: aiohttp.ClientSession, tasks: asyncio.TaskGroup) -> None:
        """Start to carry what can be carried now."""
        webhook = self._world.webhook
        for update in self._world.updates.waiting() if webhook.url else ():
            if len(self._under_way) >= webhook.connections:
                return
            queue = queue_of(update)
            if queue not in self._under_way:
                work = self._carry(session, queue, update)
                self._under_way[queue] = tasks.create_task(work, name="sandbox update")

    async def _something_new(self, tasks: asyncio.TaskGroup, seen: int) -> None:
        """Wait for an update to come or to be done with."""
        news = tasks.create_task(self._world.updates.arrival_after(seen))
        done = tasks.create_task(self._changed.wait())
        await asyncio.wait({news, done}, return_when=asyncio.FIRST_COMPLETED)
        news.cancel()
        done.cancel()

    async def _carry(self, session: aiohttp.ClientSession, queue: object, update: Json) -> None:
        """Carry one update, again and again until it is taken or the webhook is another."""
        webhook, wait = self._world.webhook, FIRST_WAIT
        left = webhook.left
        try:
            while not left.is_set() and self._world.updates.has(update):
                try:
                    reply = await self._post(session, update)
                except RefusedError as refusal:
                    webhook.failed(str(refusal))
                    await rest(left, refusal.wait or wait)
                    wait = min(2 * wait, LONGEST_WAIT)
                else:
                    self._world.updates.drop(update)
                    await self._obey(reply)
        finally:
            del self._under_way[queue]
            self._changed.set()

    async def _post(self, session: aiohttp.ClientSession, update: Json) -> Json:
        headers = {"Content-Type": "application/json"}
        if self._world.webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._world.webhook.secret
        body = msgspec.json.encode(update)
        try:
            async with session.post(
                self._world.webhook.url, data=body, headers=headers, allow_redirects=False
            ) as response:
                check_status(response)
                return wish_of(response.content_type, await response.read())
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            # server, WebhookActor
            raise RefusedError(str(error) or "Connection timed out") from error

    async def _obey(self, wish: Json) -> None:
        """Call the method that the answer names (docs, "Making requests when getting updates")."""
        method = str(wish.pop("method", "")).lower()
        name = method_names().get(method)
        if name is None or method.startswith(NOT_OBEYED):
            return
        try:
            await self._perform(name, wish)
        except (ApiError, Cut):
            return  # docs: the bot is not told how it went


async def rest(left: asyncio.Event, seconds: float) -> None:
    """Wait before the next try, unless there is another webhook by then."""
    with suppress(TimeoutError):
        await asyncio.wait_for(left.wait(), seconds)


def queue_of(update: Json) -> object:
    """Name the queue of an update: those of one kind and one chat or person keep their order."""
    kind = next(name for name in update if name != "update_id")
    about = update[kind]
    by = about.get("chat") or about.get("from") or about.get("user") or {}
    return kind, by.get("id", about.get("id"))


def check_status(response: aiohttp.ClientResponse) -> None:
    """Take nothing but 2xx for an answer."""
    if response.status // 100 != 2:
        # server, WebhookActor
        words = f"Wrong response from the webhook: {response.status} {response.reason}"
        asked = response.headers.get("Retry-After", "")
        raise RefusedError(words, min(int(asked), LONGEST_ASKED) if asked.isdecimal() else 0.0)


def wish_of(kind: str, reply: bytes) -> Json:
    """Read the call in an answer, in JSON or as a form; most answers have none."""
    try:
        if kind == "application/x-www-form-urlencoded":
            return dict(pairs(reply.decode()))
        return msgspec.json.decode(reply, type=dict[str, object])
    except (msgspec.DecodeError, RecursionError, ValueError, ApiError):
        return {}
