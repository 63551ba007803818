"""Saved stories: what each person keeps."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialects import insert_unless_known
from bot.storage.tables import saved


class SavedStory(Struct, frozen=True):
    """A story that a person keeps; *title* is what it was called then."""

    digest_id: str
    item_key: str
    title: str


async def add(db: AsyncConnection, person: int, story: SavedStory, now: datetime) -> None:
    """Keep *story* for *person*, unless it is kept already."""
    statement = insert_unless_known(saved).values(
        person_id=person,
        digest_id=story.digest_id,
        item_key=story.item_key,
        title=story.title,
        saved_at=now,
    )
    await db.execute(statement.on_conflict_do_nothing())


async def remove(db: AsyncConnection, person: int, digest_id: str, item_key: str) -> None:
    """Keep a story no longer."""
    await db.execute(
        delete(saved).where(
            saved.c.person_id == person,
            saved.c.digest_id == digest_id,
            saved.c.item_key == item_key,
        )
    )


async def follow(
    db: AsyncConnection, person: int, story: SavedStory, corrected: SavedStory
) -> None:
    """Let *person* keep a story under the key that it has since it was corrected."""
    if await has(db, person, corrected.digest_id, corrected.item_key):
        await remove(db, person, story.digest_id, story.item_key)
        return
    await db.execute(
        update(saved)
        .where(
            saved.c.person_id == person,
            saved.c.digest_id == story.digest_id,
            saved.c.item_key == story.item_key,
        )
        .values(item_key=corrected.item_key, title=corrected.title)
    )


async def has(db: AsyncConnection, person: int, digest_id: str, item_key: str) -> bool:
    """Tell whether *person* keeps a story."""
    statement = select(saved.c.person_id).where(
        saved.c.person_id == person,
        saved.c.digest_id == digest_id,
        saved.c.item_key == item_key,
    )
    return await db.scalar(statement) is not None


async def count(db: AsyncConnection, person: int) -> int:
    """Count what *person* keeps."""
    statement = select(func.count()).where(saved.c.person_id == person)
    return await db.scalar(statement) or 0


async def newest(
    db: AsyncConnection, person: int, *, limit: int, offset: int
) -> tuple[SavedStory, ...]:
    """Give some of what *person* keeps, the last saved first."""
    statement = (
        select(saved.c.digest_id, saved.c.item_key, saved.c.title)
        .where(saved.c.person_id == person)
        .order_by(saved.c.saved_at.desc(), saved.c.digest_id, saved.c.item_key)
        .limit(limit)
        .offset(offset)
    )
    return tuple(SavedStory(*row) for row in await db.execute(statement))
