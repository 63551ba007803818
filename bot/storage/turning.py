"""Posts whose readers turned a page of them: they show what was turned to, not what was sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.owing import dropped
from bot.storage.records import DeliveryState
from bot.storage.settlements import let_follow
from bot.storage.tables import broadcasts, deliveries


async def is_post(db: AsyncConnection, chat_id: int, message_id: int) -> bool | None:
    """Tell whether a message is a digest's post, of which no page was turned yet.

    None: not known, because something is on its way to the chat.
    """
    # Of a bot with another token, earlier posts may have the same number.
    posts = select(deliveries.c.turned).where(_post(chat_id, message_id))
    turned = posts.order_by(deliveries.c.turned).limit(1).scalar_subquery()
    under_way = exists().where(
        deliveries.c.chat_id == chat_id,
        deliveries.c.claimed_at.is_not(None),
        deliveries.c.sent_id.is_(None),
    )
    # At once: what is under way now would be a post a moment later.
    was_turned, may_be = (await db.execute(select(turned, under_way))).one()
    return None if was_turned is None and may_be else was_turned is False


async def turn(db: AsyncConnection, chat_id: int, message_id: int, now: datetime) -> None:
    """Note that a page of a post was turned: no correction takes it away, an owed one neither."""
    its = _post(chat_id, message_id)
    turned = update(deliveries).where(its).values(turned=True).returning(deliveries.c.id)
    await let_stand(db, tuple(await db.scalars(turned)), now)


async def let_stand(db: AsyncConnection, these: Collection[int], now: datetime) -> None:
    """Owe no correction to those of *these* in which a page was turned; what is behind follows."""
    correction = and_(
        deliveries.c.turned,
        deliveries.c.state.in_((DeliveryState.PENDING, DeliveryState.RETRY)),
        deliveries.c.message.is_not(None),
        ~deliveries.c.recall,
    )
    stand = update(deliveries).where(deliveries.c.id.in_(these), correction)
    ids = await db.scalars(stand.values(**dropped(null(), now)).returning(deliveries.c.id))
    await let_follow(db, tuple(ids))


def _post(chat_id: int, message_id: int) -> ColumnElement[bool]:
    # By broadcast as well, as the unique key has it.
    digests = select(broadcasts.c.id).where(broadcasts.c.digest_id.is_not(None))
    return and_(
        deliveries.c.broadcast_id.in_(digests),
        deliveries.c.chat_id == chat_id,
        deliveries.c.sent_id == message_id,
    )
