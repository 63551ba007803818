"""The places that digests are pushed to: from the names in the settings to chats."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from bot.model.notation import parse_target
from bot.services.patience import PAUSE
from bot.storage import chats, recovery, targets, waiting
from bot.storage.database import Database
from bot.storage.errors import DatabaseUnavailable
from bot.storage.records import ChatSeen, Target

_log = structlog.get_logger(__name__)

# A name that leads nowhere may soon: the bot is let into the group after its first start.
_PAUSE_MISSING = 60.0
# Chats are renamed and move; that is seen within the hour.
_PAUSE = 3600.0
# Whoever took a target out by mistake shall not lose the day's digest.
_MISSED = timedelta(days=1)


class Directory(Protocol):
    """Knows Telegram's chats."""

    async def chat(self, name: str) -> ChatSeen | None:
        """Find a chat by ``@name`` or number; None where there is none, or no answer."""


class Targets:
    """Finds the chats behind the settings' names, and remembers them with their first day."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        names: Callable[[], Iterable[str]],
        timezone: ZoneInfo,
        now: Callable[[], datetime],
        on_found: Callable[[], None] = lambda: None,
        knows_all: Callable[[], bool] = lambda: True,
    ) -> None:
        self._names = names
        self._knows_all = knows_all
        self._on_found = on_found
        self.retired = asyncio.Event()
        self._woken = asyncio.Event()
        self._stopping = False
        self._database = database
        self._directory = directory
        self._timezone = timezone
        self._now = now

    async def run(self) -> None:
        """Find the chats of all names, until stopped; *retired* is set once others are let go."""
        while not self._stopping:
            self._woken.clear()
            try:
                await self.retire_others()
                missing = await self.resolve()
            except DatabaseUnavailable as exc:
                _log.warning("database not usable", delays="targets", error=str(exc))
                await asyncio.sleep(PAUSE)
                continue
            self._on_found()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_PAUSE_MISSING if missing else _PAUSE):
                    await self._woken.wait()

    def stop(self) -> None:
        """Ask `run` to end; what it is writing is written to its end."""
        self._stopping = True
        self.retired.set()
        self._woken.set()

    def wake(self) -> None:
        """Look again now: the names may have changed."""
        self._woken.set()

    async def resolve(self) -> tuple[str, ...]:
        """Find the chats of all names anew; give the names that lead nowhere."""
        wanted = dict.fromkeys(self._names())
        return tuple([name for name in wanted if not await self._resolve(name)])

    async def retire_others(self) -> None:
        """Let go of those that are not named any more, unless some names are not known now."""
        if self._knows_all():
            wanted = frozenset(self._names())
            async with self._database.transaction() as db:
                await targets.retire_others(db, wanted)
                skipped = await waiting.let_go_of_retired(db, self._now())
            if skipped:
                _log.info("targets are none any more", skipped=skipped)
        self.retired.set()

    async def _resolve(self, name: str) -> bool:
        form = parse_target(name)
        chat = await self._directory.chat(form.chat)
        if chat is None:
            return False
        now = self._now()
        day = now.astimezone(self._timezone).date()
        async with self._database.transaction() as db:
            await chats.note(db, chat, now)
            if await targets.remember(db, Target(name, chat.id, form.thread_id, day)):
                await recovery.owe_again(db, chat.id, now - _MISSED, now)
        return True
