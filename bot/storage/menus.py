"""Whose menu names what admins may."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialects import insert_unless_known
from bot.storage.tables import admin_menus


async def known(db: AsyncConnection) -> set[int]:
    """Give those who have an admin's menu."""
    return set(await db.scalars(select(admin_menus.c.person_id)))


async def note(db: AsyncConnection, person: int) -> None:
    """Write down that *person* gets an admin's menu."""
    statement = insert_unless_known(admin_menus).values(person_id=person)
    await db.execute(statement.on_conflict_do_nothing())


async def drop(db: AsyncConnection, person: int) -> None:
    """Write down that *person* no longer has one."""
    await db.execute(delete(admin_menus).where(admin_menus.c.person_id == person))
