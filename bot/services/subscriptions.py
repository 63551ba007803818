"""Who receives: chats join, leave, vanish, come back and move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.storage import chats, recovery, subscriptions, waiting
from bot.storage.database import Database, Transaction
from bot.storage.records import ChatSeen

# Who lets the bot into the group after its first start shall see the day's digest.
_MISSED = timedelta(days=1)


class Subscriptions:
    """The chats that the bot knows and what they wish to receive."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def seen(self, chat: ChatSeen) -> None:
        """Note a chat that shows life: whoever was gone is back."""
        async with self._database.reading() as db:
            if await chats.is_noted(db, chat):
                return  # nearly always: a write for each message would cost a disk's turn
        async with self._database.transaction() as db:
            await chats.note(db, chat, self._now())
            await self._welcome_back(db, chat.id)

    async def subscribe(self, chat_id: int, topics: tuple[str, ...] = ()) -> bool:
        """Let *chat_id* receive each digest; tell if it joined just now."""
        async with self._database.transaction() as db:
            await chats.note_id(db, chat_id, self._now())
            return await subscriptions.add(db, chat_id, topics, self._now())

    async def unsubscribe(self, chat_id: int) -> bool:
        """Let *chat_id* receive nothing more, nor what waits for it; tell if it did."""
        async with self._database.transaction() as db:
            await waiting.let_go(db, chat_id, self._now())
            return await subscriptions.remove(db, chat_id)

    async def is_subscribed(self, chat_id: int) -> bool:
        """Tell whether *chat_id* receives."""
        async with self._database.reading() as db:
            return await subscriptions.has(db, chat_id)

    async def language(self, chat_id: int) -> str | None:
        """Give the language of the person behind *chat_id*, as far as it is known."""
        async with self._database.reading() as db:
            return await chats.language(db, chat_id)

    async def gone(self, chat_id: int, reason: str) -> None:
        """Note that *chat_id* blocked the bot or put it out; its settings stay."""
        async with self._database.transaction() as db:
            await chats.mark_gone(db, chat_id, reason, self._now())

    async def back(self, chat_id: int) -> None:
        """Note that *chat_id* can be reached again."""
        async with self._database.transaction() as db:
            await self._welcome_back(db, chat_id)

    async def migrated(self, old: int, new: int) -> None:
        """Let *new* take the place of *old*."""
        async with self._database.transaction() as db:
            await chats.move(db, old, new, self._now())

    async def _welcome_back(self, db: Transaction, chat_id: int) -> None:
        """Let *chat_id* receive again; a group also gets what it missed since yesterday."""
        was_gone = await chats.mark_back(db, chat_id)
        if was_gone and chat_id < 0:
            now = self._now()
            await recovery.owe_again(db, chat_id, now - _MISSED, now)
