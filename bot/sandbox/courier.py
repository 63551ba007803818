"""Carry updates to the bot's webhook."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import msgspec

from bot.sandbox.errors import ApiError
from bot.sandbox.nouns import Json
from bot.sandbox.schema import method_names
from bot.sandbox.world import World

PATIENCE = aiohttp.ClientTimeout(total=60)
# Seconds between tries: growing, so that a bot that is down is not hammered.
FIRST_WAIT = 0.2
LONGEST_WAIT = 30.0

Perform = Callable[[str, Json], Awaitable[object]]


class Courier:
    """Post one update after the other; the next only when the one before was taken."""

    def __init__(self, world: World, perform: Perform) -> None:
        self._world = world
        self._perform = perform

    async def run(self) -> None:
        """Carry updates for ever."""
        wait = FIRST_WAIT
        async with aiohttp.ClientSession(timeout=PATIENCE) as session:
            while True:
                await self._world.webhook.active.wait()
                await self._world.updates.arrival()
                if await self._carry(session):
                    wait = FIRST_WAIT
                else:
                    await asyncio.sleep(wait)
                    wait = min(2 * wait, LONGEST_WAIT)

    async def _carry(self, session: aiohttp.ClientSession) -> bool:
        """Carry the oldest update; tell whether the bot took it."""
        webhook, waiting = self._world.webhook, self._world.updates.waiting(1)
        if not webhook.url or not waiting:
            return True
        try:
            reply = await self._post(session, webhook.url, waiting[0])
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            # server, WebhookActor
            webhook.failed(str(error) or "Connection timed out")
            return False
        self._world.updates.confirm(waiting[0]["update_id"] + 1)
        await self._obey(reply)
        return True

    async def _post(self, session: aiohttp.ClientSession, url: str, update: Json) -> bytes:
        headers = {"Content-Type": "application/json"}
        if self._world.webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._world.webhook.secret
        body = msgspec.json.encode(update)
        async with session.post(url, data=body, headers=headers) as response:
            if response.status // 100 != 2:
                # server, WebhookActor
                words = f"Wrong response from the webhook: {response.status} {response.reason}"
                raise aiohttp.ClientPayloadError(words)
            return await response.read()

    async def _obey(self, reply: bytes) -> None:
        """Call the method that the answer names (docs, "Making requests when getting updates")."""
        try:
            wish = msgspec.json.decode(reply, type=dict[str, object])
        except msgspec.DecodeError:
            return
        name = method_names().get(str(wish.pop("method", "")).lower())
        if name is None:
            return
        try:
            await self._perform(name, wish)
        except ApiError:
            return  # docs: the bot is not told how it went
