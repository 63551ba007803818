"""Chats: who is there, who is gone, who got a new id."""

from __future__ import annotations

from datetime import datetime

from msgspec import json, structs
from sqlalchemy import Table, case, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialects import insert_unless_known
from bot.storage.owing import unreachable
from bot.storage.records import ChatSeen, DeliveryState
from bot.storage.tables import (
    broadcasts,
    chats,
    deliveries,
    preferences,
    subscriptions,
    targets,
)


async def note(db: AsyncConnection, chat: ChatSeen, now: datetime) -> None:
    """Write down what is known of *chat*; what the update left out stays as it was."""
    statement = insert_unless_known(chats).values(
        id=chat.id,
        kind=chat.kind,
        title=chat.title,
        username=chat.username,
        language=chat.language,
        first_seen=now,
    )
    new = statement.excluded
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=[chats.c.id],
            set_={
                "kind": new.kind,
                "title": func.coalesce(new.title, chats.c.title),
                "username": new.username,
                "language": func.coalesce(new.language, chats.c.language),
            },
        )
    )


async def is_noted(db: AsyncConnection, chat: ChatSeen) -> bool:
    """Tell whether *chat* is written down just so, and not as gone."""
    same = [
        getattr(chats.c, name).is_not_distinct_from(value)
        for name, value in structs.asdict(chat).items()
        if value is not None
    ]
    found = await db.scalar(select(chats.c.id).where(*same, chats.c.gone_at.is_(None)))
    return found is not None


async def language(db: AsyncConnection, chat_id: int) -> str | None:
    """Give the language of a person, as they chose it or Telegram named it; None if unknown."""
    spoken = func.coalesce(preferences.c.language, chats.c.language)
    known = chats.outerjoin(preferences, preferences.c.chat_id == chats.c.id)
    found = await db.scalar(select(spoken).select_from(known).where(chats.c.id == chat_id))
    return None if found is None else str(found)


async def note_id(db: AsyncConnection, chat_id: int, now: datetime) -> None:
    """Write a chat down of which nothing but its id is known."""
    kind = "private" if chat_id > 0 else "group"
    statement = insert_unless_known(chats).values(id=chat_id, kind=kind, first_seen=now)
    await db.execute(statement.on_conflict_do_nothing())


async def mark_gone(db: AsyncConnection, chat_id: int, reason: str, now: datetime) -> bool:
    """Note that *chat_id* cannot be reached, and owe it nothing more; tell if that is news."""
    result = await db.execute(
        update(chats)
        .where(chats.c.id == chat_id, chats.c.gone_at.is_(None))
        .values(gone_at=now, gone_reason=reason)
    )
    await let_go_if_gone(db, chat_id, now)
    return result.rowcount == 1


async def let_go_if_gone(db: AsyncConnection, chat_id: int, now: datetime) -> None:
    """Owe *chat_id* nothing more if it is gone."""
    gone = exists().where(chats.c.id == chat_id, chats.c.gone_at.is_not(None))
    await db.execute(
        update(deliveries)
        .where(
            deliveries.c.broadcast_id.in_(select(broadcasts.c.id)),
            deliveries.c.chat_id == chat_id,
            deliveries.c.settled_at.is_(None),
            deliveries.c.claimed_at.is_(None),
            gone,
        )
        .values(**unreachable(now))
    )


async def mark_back(db: AsyncConnection, chat_id: int) -> bool:
    """Note that *chat_id* shows life; tell if it was gone."""
    result = await db.execute(
        update(chats)
        .where(chats.c.id == chat_id, chats.c.gone_at.is_not(None))
        .values(gone_at=None, gone_reason=None)
    )
    return result.rowcount == 1


async def move(db: AsyncConnection, old: int, new: int, now: datetime) -> None:
    """Let *new* take the place of *old* everywhere, also where *new* is known already."""
    if old == new:
        return
    await _copy_chat(db, old, new, now)
    for table in (subscriptions, preferences):
        await _inherit(db, table, old, new)
    await db.execute(update(targets).where(targets.c.chat_id == old).values(chat_id=new))
    await _move_deliveries(db, old, new, now)
    await db.execute(delete(chats).where(chats.c.id == old))


async def _inherit(db: AsyncConnection, table: Table, old: int, new: int) -> None:
    taken = select(table.c.chat_id).where(table.c.chat_id == new)
    await db.execute(
        update(table).where(table.c.chat_id == old, ~taken.exists()).values(chat_id=new)
    )
    await db.execute(delete(table).where(table.c.chat_id == old))


async def _copy_chat(db: AsyncConnection, old: int, new: int, now: datetime) -> None:
    columns = ["id", "kind", "title", "username", "language", "first_seen"]
    known = select(
        *[chats.c[name] if name != "id" else (chats.c.id - chats.c.id + new) for name in columns]
    ).where(chats.c.id == old)
    await db.execute(
        insert_unless_known(chats).from_select(columns, known).on_conflict_do_nothing()
    )
    await note(db, ChatSeen(new, "supergroup"), now)
    await mark_back(db, new)


async def _move_deliveries(db: AsyncConnection, old: int, new: int, now: datetime) -> None:
    theirs = deliveries.alias("theirs")
    of_old = (
        deliveries.c.broadcast_id.in_(select(broadcasts.c.id)),
        deliveries.c.chat_id == old,
    )
    twice = exists().where(
        theirs.c.broadcast_id == deliveries.c.broadcast_id,
        theirs.c.chat_id == new,
        theirs.c.thread_id == deliveries.c.thread_id,
        theirs.c.part == deliveries.c.part,
    )
    await _forget_pieces(db, old)
    # What was sent to the old chat has other numbers in the new one, which nobody knows.
    known = deliveries.c.sent_id.is_not(None)
    await db.execute(
        update(deliveries)
        .where(*of_old, ~twice)
        .values(chat_id=new, sent_id=case((known, 0), else_=None))
    )
    await db.execute(
        update(deliveries)
        .where(*of_old, deliveries.c.settled_at.is_(None))
        .values(
            state=DeliveryState.SKIPPED,
            reason="migrated",
            due_at=None,
            claimed_at=None,
            settled_at=now,
        )
    )


async def _forget_pieces(db: AsyncConnection, chat_id: int) -> None:
    """Keep how many pieces of texts arrived, but not their numbers."""
    in_pieces = (deliveries.c.chat_id == chat_id, deliveries.c.pieces != "[]")
    of_broadcasts = deliveries.c.broadcast_id.in_(select(broadcasts.c.id))
    columns = (deliveries.c.id, deliveries.c.pieces)
    for row in await db.execute(select(*columns).where(of_broadcasts, *in_pieces)):
        unknown = json.encode([0] * len(json.decode(row.pieces))).decode()
        await db.execute(update(deliveries).where(deliveries.c.id == row.id).values(pieces=unknown))
