"""Posts of which nobody knows whether they arrived."""

from __future__ import annotations

from datetime import datetime

from msgspec import structs
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.outbox import COLUMNS, delivery_of, sending
from bot.storage.records import Delivery, DeliveryState, Doubt, Settlement
from bot.storage.settlements import settle
from bot.storage.tables import broadcasts, chats, deliveries


async def doubtful(db: AsyncConnection) -> tuple[Doubt, ...]:
    """Give the deliveries of which nobody knows whether they arrived."""
    statement = (
        select(
            deliveries.c.id,
            deliveries.c.chat_id,
            chats.c.title,
            broadcasts.c.digest_id,
            deliveries.c.due_at,
        )
        .join(broadcasts, broadcasts.c.id == deliveries.c.broadcast_id)
        .outerjoin(chats, chats.c.id == deliveries.c.chat_id)
        .where(
            deliveries.c.broadcast_id.in_(await sending(db)),
            deliveries.c.due_at.is_not(None),
            deliveries.c.state == DeliveryState.IN_DOUBT,
        )
        .order_by(deliveries.c.id)
    )
    return tuple(Doubt(*row) for row in await db.execute(statement))


async def resolve(db: AsyncConnection, delivery_id: int, *, sent: bool, now: datetime) -> bool:
    """Take an admin's word on a delivery in doubt; tell whether it still was."""
    of_it = (deliveries.c.id == delivery_id, deliveries.c.state == DeliveryState.IN_DOUBT)
    row = (await db.execute(select(*COLUMNS).where(*of_it))).first()
    if row is None:
        return False
    delivery = delivery_of(tuple(row))
    await settle(db, [_seen(delivery, now) if sent else _due(delivery, now)], now)
    return True


def _seen(delivery: Delivery, now: datetime) -> Settlement:
    """Go on behind what an admin saw; 0 stands for its message id, which is not known."""
    if delivery.pieces:
        return _due(structs.replace(delivery, pieces=(*delivery.pieces, 0)), now)
    return Settlement(structs.replace(delivery, sent_id=0), DeliveryState.SENT)


def _due(delivery: Delivery, now: datetime) -> Settlement:
    return Settlement(structs.replace(delivery, doubts=0), DeliveryState.PENDING, due_at=now)
