"""Handle many updates at once, but those of one chat in the order in which they came.

In a group a press waits for those on the same message alone: commands there may wait for a minute.
Who is alone with the bot presses and then asks what came of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeAlias
from weakref import WeakValueDictionary

from telegram import Chat, Update
from telegram.ext import BaseUpdateProcessor

Place: TypeAlias = tuple[int, int | None]
"""A chat, and of a group the message whose button was pressed."""


class InOrder(BaseUpdateProcessor):
    """Lets the updates of a chat wait for each other: who subscribes and leaves has left."""

    def __init__(self, max_concurrent_updates: int) -> None:
        super().__init__(max_concurrent_updates)
        # A lock lives for as long as somebody holds it or waits for it.
        self._locks: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()

    async def do_process_update(self, update: object, coroutine: Awaitable[object]) -> None:
        """Handle *update* when those before it in its place are done."""
        place = _place(update) if isinstance(update, Update) else None
        if place is None:
            await coroutine
            return
        lock = self._locks.setdefault(place, asyncio.Lock())
        async with lock:
            await coroutine

    async def initialize(self) -> None:
        """Need nothing to begin."""

    async def shutdown(self) -> None:
        """Have nothing to take down."""


def _place(update: Update) -> Place | None:
    chat, query = update.effective_chat, update.callback_query
    if chat is None:
        return None
    if query is None or query.message is None or chat.type == Chat.PRIVATE:
        return chat.id, None
    return chat.id, query.message.message_id
