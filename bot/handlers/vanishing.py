"""Replies in groups that go away again, so that a group's talk stays its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from telegram import Bot
from telegram.error import TelegramError

log = structlog.get_logger()

MOST_AT_ONCE = 100
FAREWELL_SECONDS = 5

Reply = tuple[int, int]
"""A chat and a message of it."""


class Vanishing:
    """Deletes replies some time after they were last used; where that is zero they stay.

    What waits is kept in memory alone: a bot that is stopped deletes it at once, and only after a
    crash do some replies stay.
    """

    def __init__(self, bot: Bot, after: timedelta, now: Callable[[], datetime]) -> None:
        self.due: dict[Reply, datetime] = {}
        self._bot = bot
        self._after = after
        self._now = now
        self._news = asyncio.Event()
        self._stopping = False

    def note(self, chat_id: int, message_id: int) -> None:
        """Let a reply go away in time."""
        if self._after:
            self.due[chat_id, message_id] = self._now() + self._after
            self._news.set()

    def used(self, chat_id: int, message_id: int) -> None:
        """Let a reply whose button was pressed stay for another while."""
        if (chat_id, message_id) in self.due:
            self.note(chat_id, message_id)

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping = True
        self._news.set()

    async def run(self) -> None:
        """Delete what is due until stopped, and then what is left."""
        while not self._stopping:
            now = self._now()
            await self._delete([reply for reply, due in self.due.items() if due <= now])
            await self._wait()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._delete(list(self.due))

    async def _wait(self) -> None:
        """Sleep until something may be due."""
        next_due = min(self.due.values(), default=None)
        seconds = (next_due - self._now()).total_seconds() if next_due else None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
        self._news.clear()

    async def _delete(self, replies: Iterable[Reply]) -> None:
        by_chat: dict[int, list[int]] = {}
        for chat_id, message_id in replies:
            del self.due[chat_id, message_id]
            by_chat.setdefault(chat_id, []).append(message_id)
        for chat_id, ids in by_chat.items():
            for at in range(0, len(ids), MOST_AT_ONCE):
                await self._delete_in(chat_id, ids[at : at + MOST_AT_ONCE])

    async def _delete_in(self, chat_id: int, ids: list[int]) -> None:
        try:
            await self._bot.delete_messages(chat_id, ids)
        except TelegramError as error:
            log.info("replies not deleted", chat=chat_id, count=len(ids), error=error.message)
