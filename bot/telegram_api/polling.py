"""Fetch updates by long polling, through every loss of the network."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from telegram.error import TelegramError

from bot.telegram_api.client import Client, RawUpdate
from bot.telegram_api.inbox import Inbox
from bot.telegram_api.patience import Patience
from bot.telegram_api.stopping import Stop

POLL_SECONDS = 30
FAREWELL_SECONDS = 2
FULL_SECONDS = 0.1


class Polling:
    """Brings updates into *inbox*; what is there is confirmed to Telegram."""

    def __init__(
        self, client: Client, inbox: Inbox, allowed: Sequence[str], patience: Patience
    ) -> None:
        self._client = client
        self._inbox = inbox
        self._allowed = allowed
        self._patience = patience
        self._stop = Stop()
        self._offset = 0

    def stop(self) -> None:
        """Ask `run` to end; the updates that it has are still handed on where there is room."""
        self._stop.ask()

    async def run(self) -> None:
        """Poll until stopped, then confirm what was received, so that it does not come again."""
        # A webhook of an earlier run would keep all updates from us; what waits for it stays.
        await self._stop.cutting(lambda: self._patience(self._client.delete_webhook))
        self._inbox.open()
        while updates := await self._stop.cutting(self._fetch):
            for update in updates:
                if not await self._hand_on(update):
                    break
        await self._confirm()

    async def _fetch(self) -> Sequence[RawUpdate]:
        """Wait for updates, however long."""
        while True:
            updates = await self._patience(
                lambda: self._client.raw_updates(self._offset, self._allowed, POLL_SECONDS)
            )
            if updates:
                return updates

    async def _hand_on(self, update: RawUpdate) -> bool:
        while not self._inbox.take(update):
            if self._stop.is_asked:
                return False
            await asyncio.sleep(FULL_SECONDS)
        self._offset = update["update_id"] + 1
        return True

    async def _confirm(self) -> None:
        if not self._offset:
            return
        # They would come again at the next start, which does no harm.
        with contextlib.suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._client.raw_updates(self._offset, self._allowed, wait_seconds=0)
