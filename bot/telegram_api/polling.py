"""Fetch updates by long polling, through every loss of the network."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from telegram import Bot, Update
from telegram.error import TelegramError

from bot.telegram_api.patience import Patience

POLL_SECONDS = 30
FAREWELL_SECONDS = 2


class Polling:
    """Hands each update to *receive*; what was handed on is confirmed to Telegram."""

    def __init__(
        self,
        bot: Bot,
        receive: Callable[[Update], Awaitable[None]],
        allowed: Sequence[str],
        patience: Patience,
    ) -> None:
        self._bot = bot
        self._receive = receive
        self._allowed = list(allowed)
        self._patience = patience
        self._stopping = asyncio.Event()
        self._offset = 0

    def stop(self) -> None:
        """Ask `run` to end; the update in hand is still handed on."""
        self._stopping.set()

    async def run(self) -> None:
        """Poll until stopped, then confirm what was received, so that it does not come again."""
        while (updates := await self._until_stopped()) is not None:
            for update in updates:
                await self._receive(update)
                self._offset = update.update_id + 1
        await self._confirm()

    async def _until_stopped(self) -> Sequence[Update] | None:
        fetching = asyncio.create_task(self._patience(self._fetch), name="getUpdates")
        stopping = asyncio.create_task(self._stopping.wait(), name="stop polling")
        try:
            await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return None if self._stopping.is_set() and not fetching.done() else await fetching
        finally:
            fetching.cancel()
            stopping.cancel()

    async def _fetch(self) -> Sequence[Update]:
        return await self._bot.get_updates(
            offset=self._offset,
            timeout=POLL_SECONDS,
            allowed_updates=self._allowed,
            read_timeout=POLL_SECONDS + 5,
        )

    async def _confirm(self) -> None:
        try:
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._bot.get_updates(offset=self._offset, timeout=0, limit=1)
        except (TelegramError, TimeoutError):
            return  # they come again at the next start, which does no harm
