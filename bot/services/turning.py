"""Remembers in which posts their readers turned pages: corrections let them read on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from bot.storage import turning
from bot.storage.database import Database
from bot.storage.errors import StorageError

log = structlog.get_logger()

# Who is quick presses before it is written down what was sent; that takes a moment.
_PAUSE = 0.05
_LOOKS = 60


class Turning:
    """Hears of each page that somebody turns."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def turned(self, chat_id: int, message_id: int) -> None:
        """Note that a message shows another page now; what cannot be noted hinders no reading."""
        try:
            if not await self._is_post(chat_id, message_id):
                return  # nearly always
            async with self._database.transaction() as db:
                await turning.turn(db, chat_id, message_id, self._now())
        except StorageError as error:
            log.warning("turned page not noted", error=str(error))

    async def _is_post(self, chat_id: int, message_id: int) -> bool:
        """Look it up; while something is on its way to the chat, that may be it."""
        for _ in range(_LOOKS):
            async with self._database.reading() as db:
                found = await turning.is_post(db, chat_id, message_id)
            if found is not None:
                return found
            await asyncio.sleep(_PAUSE)
        return False
