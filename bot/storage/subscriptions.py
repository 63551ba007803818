"""Subscriptions: which chats wish to receive."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialects import insert_unless_known
from bot.storage.tables import subscriptions


async def add(db: AsyncConnection, chat_id: int, topics: tuple[str, ...], now: datetime) -> bool:
    """Subscribe *chat_id*; tell if it joined just now."""
    statement = insert_unless_known(subscriptions).values(
        chat_id=chat_id, topics=msgspec.json.encode(topics).decode(), since=now
    )
    result = await db.execute(statement.on_conflict_do_nothing())
    return result.rowcount == 1


async def remove(db: AsyncConnection, chat_id: int) -> bool:
    """End the subscription of *chat_id*; tell if there was one."""
    result = await db.execute(delete(subscriptions).where(subscriptions.c.chat_id == chat_id))
    return result.rowcount == 1


async def has(db: AsyncConnection, chat_id: int) -> bool:
    """Tell whether *chat_id* is subscribed."""
    statement = select(subscriptions.c.chat_id).where(subscriptions.c.chat_id == chat_id)
    return await db.scalar(statement) is not None
