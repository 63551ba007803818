"""Posts of which nobody knows whether they arrived."""

from __future__ import annotations

from datetime import datetime

from msgspec import structs
from sqlalchemy import ColumnElement, and_, case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.broadcasts import reopen
from bot.storage.chats import let_go_if_gone
from bot.storage.outbox import COLUMNS, delivery_of, sending
from bot.storage.owing import lost, owed
from bot.storage.records import (
    NOT_KNOWN,
    BroadcastState,
    Delivery,
    DeliveryState,
    Doubt,
    Settlement,
)
from bot.storage.settlements import settle
from bot.storage.tables import broadcasts, chats, deliveries
from bot.storage.waiting import let_go_of_leavers


async def doubtful(db: AsyncConnection) -> tuple[Doubt, ...]:
    """Give the deliveries of which nobody knows whether they arrived."""
    statement = (
        select(
            deliveries.c.id,
            deliveries.c.chat_id,
            case((deliveries.c.main_thread, 0), else_=deliveries.c.thread_id),
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


async def resolve(
    db: AsyncConnection, delivery_id: int, *, sent: bool, since: datetime, now: datetime
) -> DeliveryState | None:
    """Take an admin's word on what may be in a group; tell what it became, None if it was known.

    What was given up before *since* is over: it would come as news that is none any more.
    """
    in_doubt = deliveries.c.state == DeliveryState.IN_DOUBT
    of_it = select(*COLUMNS).where(deliveries.c.id == delivery_id)
    row = (await db.execute(of_it.where(in_doubt | _given_up(since)))).first()
    if row is None:
        return None
    delivery = delivery_of(tuple(row))
    if await _take_up(db, delivery, now):
        await reopen(db, delivery.broadcast_id, now)
    await settle(db, [_seen(delivery, now) if sent else _due(delivery, now)], now)
    await let_go_if_gone(db, delivery.chat_id, now)
    await let_go_of_leavers(db, [delivery.id], now)
    became = select(deliveries.c.state).where(deliveries.c.id == delivery.id)
    return DeliveryState((await db.scalars(became)).one())


def _given_up(since: datetime) -> ColumnElement[bool]:
    """Tell in SQL whether it was given up as not known after *since*, and its broadcast stands."""
    stand = select(broadcasts.c.id).where(
        broadcasts.c.state != BroadcastState.CANCELLED, broadcasts.c.recalled_at.is_(None)
    )
    return and_(
        deliveries.c.state == DeliveryState.FAILED,
        deliveries.c.reason == NOT_KNOWN,
        deliveries.c.settled_at >= since,
        deliveries.c.chat_id < 0,
        deliveries.c.message.is_not(None),
        deliveries.c.broadcast_id.in_(stand),
    )


async def _take_up(db: AsyncConnection, delivery: Delivery, now: datetime) -> bool:
    """Owe again what was given up, and what is behind it; tell whether it was."""
    result = await db.execute(
        update(deliveries)
        .where(
            deliveries.c.broadcast_id == delivery.broadcast_id,
            deliveries.c.chat_id == delivery.chat_id,
            deliveries.c.thread_id == delivery.thread_id,
            deliveries.c.part >= delivery.part,
            deliveries.c.message.is_not(None),
            lost(),
        )
        .values(**owed(now) | {"due_at": None})
    )
    return result.rowcount > 0


def _seen(delivery: Delivery, now: datetime) -> Settlement:
    """Go on behind what an admin saw; 0 stands for its message id, which is not known."""
    if delivery.pieces:
        return _due(structs.replace(delivery, pieces=(*delivery.pieces, 0)), now)
    return Settlement(structs.replace(delivery, sent_id=0), DeliveryState.SENT)


def _due(delivery: Delivery, now: datetime) -> Settlement:
    return Settlement(structs.replace(delivery, doubts=0), DeliveryState.PENDING, due_at=now)
