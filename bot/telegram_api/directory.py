"""Telegram's chats, by name or number."""

from __future__ import annotations

import structlog
from telegram.error import ChatMigrated, TelegramError
from telegram.ext import ExtBot

from bot.services.outcomes import Priority
from bot.storage.records import ChatSeen

_log = structlog.get_logger(__name__)


class TelegramDirectory:
    """Asks Telegram who is behind a name."""

    def __init__(self, bot: ExtBot[Priority]) -> None:
        self._bot = bot

    async def chat(self, name: str) -> ChatSeen | None:
        """Find a chat by ``@name`` or number; None where there is none, or no answer."""
        try:
            return await self._chat(name)
        except ChatMigrated as moved:
            return await self.chat(str(moved.new_chat_id))
        except TelegramError as error:
            _log.warning(
                "chat not found",
                chat=name,
                error=error.message,
                remedy="add the bot to it, and look at PUSH_TARGETS and at targets in source.toml",
            )
            return None

    async def _chat(self, name: str) -> ChatSeen:
        found = await self._bot.get_chat(name if name.startswith("@") else int(name))
        return ChatSeen(found.id, found.type, found.title, found.username)
