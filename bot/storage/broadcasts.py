"""Broadcasts: one thing sent to many chats, with its frozen messages, from draft to stop."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import bindparam, case, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.records import (
    BroadcastState,
    Rendered,
)
from bot.storage.tables import broadcasts, chats, messages


async def add_digest(db: AsyncConnection, digest_id: str, content_hash: str, now: datetime) -> int:
    """Open the broadcast of a digest."""
    statement = insert(broadcasts).values(
        digest_id=digest_id,
        content_hash=content_hash,
        state=BroadcastState.SENDING,
        created_at=now,
        started_at=now,
    )
    return int(await db.scalar(statement.returning(broadcasts.c.id)) or 0)


async def discard(db: AsyncConnection, broadcast_id: int) -> None:
    """Take a broadcast back that nobody is owed."""
    await db.execute(delete(messages).where(messages.c.broadcast_id == broadcast_id))
    await db.execute(delete(broadcasts).where(broadcasts.c.id == broadcast_id))


async def of_digest(db: AsyncConnection, digest_id: str) -> int | None:
    """Find the broadcast of a digest."""
    found = await db.scalar(select(broadcasts.c.id).where(broadcasts.c.digest_id == digest_id))
    return None if found is None else int(found)


async def by_content(db: AsyncConnection) -> dict[str, str]:
    """Give the digests that were published by what they said, the latest of those that say it."""
    statement = select(broadcasts.c.content_hash, broadcasts.c.digest_id)
    known = statement.where(broadcasts.c.content_hash.is_not(None)).order_by(broadcasts.c.id)
    return {row.content_hash: row.digest_id for row in await db.execute(known)}


async def is_taken_back(db: AsyncConnection, broadcast_id: int) -> bool:
    """Tell whether a broadcast was recalled."""
    recalled = (broadcasts.c.id == broadcast_id) & broadcasts.c.recalled_at.is_not(None)
    return await db.scalar(select(broadcasts.c.id).where(recalled)) is not None


async def is_stopped(db: AsyncConnection, broadcast_id: int) -> bool:
    """Tell whether a broadcast was stopped."""
    stopped = (broadcasts.c.id == broadcast_id) & (broadcasts.c.state == BroadcastState.CANCELLED)
    return await db.scalar(select(broadcasts.c.id).where(stopped)) is not None


# Built once: a broadcast may be refused by many groups at a time.
_NAMES = (
    select(broadcasts.c.digest_id, chats.c.title)
    .outerjoin_from(broadcasts, chats, chats.c.id == bindparam("chat"))
    .where(broadcasts.c.id == bindparam("broadcast"))
)


async def names(
    db: AsyncConnection, broadcast_id: int, chat_id: int
) -> tuple[str | None, str | None]:
    """Find the digest of a broadcast, None for an announcement, and the title of a chat."""
    row = (await db.execute(_NAMES, {"broadcast": broadcast_id, "chat": chat_id})).one()
    return row.digest_id, row.title


async def add_draft(db: AsyncConnection, admin_id: int, now: datetime) -> int:
    """Open an announcement that nobody gets before it is confirmed."""
    statement = insert(broadcasts).values(
        admin_id=admin_id, state=BroadcastState.DRAFT, created_at=now
    )
    return int(await db.scalar(statement.returning(broadcasts.c.id)) or 0)


async def freeze(db: AsyncConnection, broadcast_id: int, rendered: Rendered) -> None:
    """Keep the messages as they are now: a retry sends the same bytes."""
    rows = [
        {
            "broadcast_id": broadcast_id,
            "variant": edition.variant,
            "language": edition.language,
            "part": part,
            "body": msgspec.json.encode(message).decode(),
            "current": True,
        }
        for edition in rendered.editions()
        for part, message in enumerate(edition.parts)
    ]
    await db.execute(insert(messages), rows)


async def start(db: AsyncConnection, broadcast_id: int, admin_id: int, now: datetime) -> bool:
    """Let a draft of *admin_id* go out; tell whether it was one."""
    result = await db.execute(
        update(broadcasts)
        .where(
            broadcasts.c.id == broadcast_id,
            broadcasts.c.admin_id == admin_id,
            broadcasts.c.state == BroadcastState.DRAFT,
        )
        .values(state=BroadcastState.SENDING, started_at=now)
    )
    return result.rowcount == 1


async def drop(db: AsyncConnection, draft_id: int, now: datetime) -> bool:
    """Drop a draft; tell whether it was one."""
    result = await db.execute(
        update(broadcasts)
        .where(broadcasts.c.id == draft_id, broadcasts.c.state == BroadcastState.DRAFT)
        .values(state=BroadcastState.CANCELLED, finished_at=now)
    )
    return result.rowcount == 1


async def reopen(db: AsyncConnection, broadcast_id: int, now: datetime) -> None:
    """Note that a broadcast owes something again; one that was stopped stays so."""
    stopped = broadcasts.c.state == BroadcastState.CANCELLED
    await db.execute(
        update(broadcasts)
        .where(broadcasts.c.id == broadcast_id, broadcasts.c.finished_at.is_not(None))
        .values(
            state=case((stopped, broadcasts.c.state), else_=BroadcastState.SENDING),
            resumed_at=now,
            finished_at=None,
            reported_at=None,
        )
    )


async def stop(db: AsyncConnection, broadcast_id: int) -> bool:
    """Note that a broadcast was stopped; tell whether it was being sent."""
    result = await db.execute(
        update(broadcasts)
        .where(
            broadcasts.c.id == broadcast_id,
            broadcasts.c.state == BroadcastState.SENDING,
            # What is taken back may not be left standing half way.
            broadcasts.c.recalled_at.is_(None),
        )
        .values(state=BroadcastState.CANCELLED)
    )
    return result.rowcount == 1
