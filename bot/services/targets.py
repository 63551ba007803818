"""The places that digests are pushed to: from the names in the settings to chats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog
from msgspec import Struct

from bot.storage import chats, targets
from bot.storage.database import Database
from bot.storage.records import ChatSeen, Target

_log = structlog.get_logger(__name__)
_FORM = re.compile(r"(?P<chat>@\w{4,32}|-?\d{1,19})(?:/(?P<thread>\d{1,10}))?")

# Telegram refuses the number of the thread "General": it is the chat itself.
_GENERAL = 1


class Directory(Protocol):
    """Knows Telegram's chats."""

    async def chat(self, name: str) -> ChatSeen | None:
        """Find a chat by ``@name`` or number; None where there is none, or no answer."""


class TargetName(Struct, frozen=True):
    """A name of the settings, taken apart."""

    chat: str
    thread_id: int


def parse(name: str) -> TargetName | None:
    """Take ``@name``, ``-100123`` or either with ``/thread`` apart; None for anything else."""
    match = _FORM.fullmatch(name.strip())
    if match is None:
        return None
    thread = int(match["thread"] or 0)
    return TargetName(match["chat"], 0 if thread == _GENERAL else thread)


class Targets:
    """Finds the chats behind the settings' names, and remembers them with their first day."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        timezone: ZoneInfo,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._directory = directory
        self._timezone = timezone
        self._now = now

    async def resolve(self, names: Iterable[str]) -> tuple[str, ...]:
        """Find the chats of all *names* anew; give the names that lead nowhere."""
        wanted = tuple(dict.fromkeys(names))
        missing = [name for name in wanted if not await self._resolve(name)]
        async with self._database.transaction() as db:
            await targets.retire_others(db, wanted)
        for name in missing:
            _log.warning("target not found", name=name)
        return tuple(missing)

    async def _resolve(self, name: str) -> bool:
        form = parse(name)
        chat = await self._directory.chat(form.chat) if form else None
        if form is None or chat is None:
            return False
        now = self._now()
        day = now.astimezone(self._timezone).date()
        async with self._database.transaction() as db:
            await chats.note(db, chat, now)
            await targets.remember(db, Target(name, chat.id, form.thread_id, day))
        return True
