"""Targets: the places that digests are pushed to, by the names that the operator gave them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import case, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialects import insert_unless_known
from bot.storage.records import Target
from bot.storage.tables import targets


async def remember(db: AsyncConnection, target: Target) -> bool:
    """Write *target* down, and tell whether its place had left the settings, by any name.

    A name that leads to another chat now is a new target.
    """
    place = (targets.c.chat_id == target.chat_id, targets.c.thread_id == target.thread_id)
    is_back = set(await db.scalars(select(targets.c.active).where(*place))) == {False}
    statement = insert_unless_known(targets).values(
        name=target.name,
        chat_id=target.chat_id,
        thread_id=target.thread_id,
        first_seen=target.first_seen,
        active=True,
    )
    new = statement.excluded
    # A clock that ran ahead when it was first seen hides no digest for long.
    earlier = (targets.c.chat_id == new.chat_id) & (targets.c.first_seen < new.first_seen)
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=[targets.c.name],
            set_={
                "chat_id": new.chat_id,
                "first_seen": case((earlier, targets.c.first_seen), else_=new.first_seen),
                "active": True,
            },
        )
    )
    return is_back


async def retire_others(db: AsyncConnection, names: Collection[str]) -> None:
    """Take those that the settings name no longer for targets no more."""
    await db.execute(update(targets).where(targets.c.name.not_in(names)).values(active=False))


async def known(db: AsyncConnection, names: Collection[str]) -> tuple[Target, ...]:
    """Give those of *names* that have been found."""
    columns = (targets.c.name, targets.c.chat_id, targets.c.thread_id, targets.c.first_seen)
    statement = select(*columns).where(targets.c.name.in_(names)).order_by(targets.c.name)
    return tuple(Target(*row) for row in await db.execute(statement))


async def active(db: AsyncConnection) -> tuple[Target, ...]:
    """Give all that the settings name."""
    columns = (targets.c.name, targets.c.chat_id, targets.c.thread_id, targets.c.first_seen)
    statement = select(*columns).where(targets.c.active).order_by(targets.c.name)
    return tuple(Target(*row) for row in await db.execute(statement))
