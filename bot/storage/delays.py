"""What the outbox keeps for later, and why: beside what waits for its chat's own moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.outbox import sending
from bot.storage.records import Delay
from bot.storage.tables import deliveries


async def delays(db: AsyncConnection, now: datetime) -> tuple[Delay, ...]:
    """Count the messages that are tried later, by reason."""
    statement = (
        select(func.count(), deliveries.c.reason, func.max(deliveries.c.due_at))
        .where(
            deliveries.c.broadcast_id.in_(await sending(db)),
            deliveries.c.due_at > now,
            deliveries.c.reason.is_not(None),
            ~deliveries.c.waits,
        )
        .group_by(deliveries.c.reason)
    )
    return tuple(
        Delay(count, reason, (until - now).total_seconds())
        for count, reason, until in await db.execute(statement)
    )
