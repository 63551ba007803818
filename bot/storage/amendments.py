"""What was sent, corrected or taken back: what each chat should see from now on.

Chats are brought there by the outbox, like everything else that is owed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct, structs
from sqlalchemy import ColumnElement, Select, case, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Message
from bot.storage.broadcasts import reopen
from bot.storage.dialects import insert_unless_known
from bot.storage.instant import Instant
from bot.storage.owing import nothing_there, owed, taken_back_unsent, wished_for
from bot.storage.records import (
    BroadcastState,
    DeliveryState,
    Edition,
    Posted,
    Rendered,
    Variant,
)
from bot.storage.tables import RowId, broadcasts, chats, deliveries, messages

_reachable = deliveries.c.chat_id.not_in(select(chats.c.id).where(chats.c.gone_at.is_not(None)))


async def posted(db: AsyncConnection, digest_ids: Collection[str]) -> tuple[Posted, ...]:
    """Give those of *digest_ids* that were published and stand."""
    columns = (broadcasts.c.digest_id, broadcasts.c.id, broadcasts.c.content_hash)
    statement = select(*columns).where(
        broadcasts.c.digest_id.in_(digest_ids),
        broadcasts.c.recalled_at.is_(None),
    )
    return tuple(Posted(*row) for row in await db.execute(statement))


async def amend(
    db: AsyncConnection, post: Posted, content_hash: str, rendered: Rendered, now: datetime
) -> bool:
    """Let everybody see *rendered* in place of what they got; tell whether it differs."""
    of_it = broadcasts.c.id == post.broadcast_id
    await db.execute(update(broadcasts).where(of_it).values(content_hash=content_hash))
    differs = [await _amend(db, post.broadcast_id, edition, now) for edition in rendered.editions()]
    if any(differs):
        await reopen(db, post.broadcast_id, now)
    return any(differs)


async def recall(
    db: AsyncConnection, broadcast_id: int, notice: Message, delete_since: datetime, now: datetime
) -> None:
    """Take a broadcast back everywhere; where it began before *delete_since*, by *notice*."""
    of_it = messages.c.broadcast_id == broadcast_id
    await db.execute(update(messages).where(of_it).values(current=False))
    part = _Part(broadcast_id, Variant.GROUP, "", 0, _encoded(notice))
    instead = await _add_message(db, part, current=False)
    began = await db.scalar(
        update(broadcasts)
        .where(broadcasts.c.id == broadcast_id)
        .values(recalled_at=now)
        .returning(broadcasts.c.started_at)
    )
    too_old = began is not None and began < delete_since
    whole = deliveries.c.broadcast_id == broadcast_id
    await _withdraw(db, whole, instead if too_old else None, now)
    await reopen(db, broadcast_id, now)


async def may_recall(db: AsyncConnection, broadcast_id: int, admin_id: int) -> bool:
    """Tell whether *admin_id* may take it back: digests any admin, announcements their author."""
    theirs = broadcasts.c.digest_id.is_not(None) | (broadcasts.c.admin_id == admin_id)
    statement = select(broadcasts.c.id).where(
        broadcasts.c.id == broadcast_id,
        broadcasts.c.state != BroadcastState.DRAFT,
        broadcasts.c.started_at.is_not(None),
        broadcasts.c.recalled_at.is_(None),
        theirs,
    )
    return await db.scalar(statement) is not None


class _Part(Struct, frozen=True):
    """A message to be written down."""

    broadcast_id: int
    variant: Variant
    language: str
    part: int
    body: str


def _encoded(message: Message) -> str:
    return msgspec.json.encode(message).decode()


async def _amend(db: AsyncConnection, broadcast_id: int, edition: Edition, now: datetime) -> bool:
    known = await _current(db, broadcast_id, edition)
    bodies = [_encoded(part) for part in edition.parts]
    ahead = 0
    for number, body in enumerate(bodies):
        part = _Part(broadcast_id, edition.variant, edition.language, number, body)
        if number >= len(known):
            ahead = await _add_part(db, part, ahead, now)
        elif known[number][1] != body:
            ahead = await _replace(db, part, known[number][0], now)
        else:
            ahead = known[number][0]
    for message_id, _ in known[len(bodies) :]:
        await _retire(db, message_id)
        surplus = (deliveries.c.broadcast_id == broadcast_id) & (deliveries.c.message == message_id)
        await _withdraw(db, surplus, None, now)
    return bodies != [body for _, body in known]


async def _current(
    db: AsyncConnection, broadcast_id: int, edition: Edition
) -> list[tuple[int, str]]:
    statement = select(messages.c.id, messages.c.body).where(
        messages.c.broadcast_id == broadcast_id,
        messages.c.variant == edition.variant,
        messages.c.language == edition.language,
        messages.c.current,
    )
    rows = await db.execute(statement.order_by(messages.c.part))
    return [(row.id, row.body) for row in rows]


async def _add_message(db: AsyncConnection, part: _Part, *, current: bool = True) -> int:
    statement = insert(messages).values(**structs.asdict(part), current=current)
    return int(await db.scalar(statement.returning(messages.c.id)) or 0)


async def _retire(db: AsyncConnection, message_id: int) -> None:
    await db.execute(update(messages).where(messages.c.id == message_id).values(current=False))


async def _replace(db: AsyncConnection, part: _Part, old: int, now: datetime) -> int:
    """Owe an edit to whoever has it; whoever is still to get it gets the new one.

    Whoever turned a page reads on: each page is made anew from the archive. Whoever has got pieces
    of the old one gets its others first: those of the new one begin elsewhere.
    """
    await _retire(db, old)
    new = await _add_message(db, part)
    of_it = deliveries.c.broadcast_id == part.broadcast_id
    half_way = (deliveries.c.pieces != "[]") & deliveries.c.sent_id.is_(None)
    await db.execute(
        update(deliveries).where(of_it, deliveries.c.message == old, ~half_way).values(message=new)
    )
    has_it = (deliveries.c.state == DeliveryState.SENT) & (deliveries.c.sent_id > 0)
    await db.execute(
        update(deliveries)
        .where(of_it, deliveries.c.message == new, has_it, ~deliveries.c.turned, _reachable)
        .values(**owed(now))
    )
    return new


async def _add_part(db: AsyncConnection, part: _Part, ahead: int, now: datetime) -> int:
    """Owe one part more to whoever has, or is still to get, the one ahead of it."""
    new = await _add_message(db, part)
    columns = "broadcast_id message part chat_id thread_id main_thread state due_at attempts"
    behind = _behind(part.broadcast_id, ahead, new, now)
    statement = insert_unless_known(deliveries).from_select(columns.split(), behind)
    # A part that was taken back by an earlier correction is owed again.
    again = {**owed(now), "due_at": statement.excluded.due_at, "recall": False}
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["broadcast_id", "chat_id", "thread_id", "part"],
            set_={**again, "message": statement.excluded.message},
            where=deliveries.c.message.is_(None) & deliveries.c.settled_at.is_not(None),
        )
    )
    return new


def _behind(broadcast_id: int, ahead: int, message: int, now: datetime) -> Select[Any]:
    """Select a delivery of *message* behind each one of *ahead* that arrived or still may.

    What stands is corrected everywhere, but nobody who left gets anything new.
    """
    dead = (DeliveryState.FAILED, DeliveryState.SKIPPED, DeliveryState.RECALLED)
    # Where the part ahead is still to be sent or edited, that makes this one due.
    arrived = deliveries.c.state == DeliveryState.SENT
    return select(
        deliveries.c.broadcast_id,
        literal(message, RowId),
        deliveries.c.part + 1,
        deliveries.c.chat_id,
        deliveries.c.thread_id,
        deliveries.c.main_thread,
        literal(DeliveryState.PENDING.value),
        case((arrived, literal(now, Instant)), else_=None),
        literal(0),
    ).where(
        deliveries.c.broadcast_id == broadcast_id,
        deliveries.c.message == ahead,
        deliveries.c.state.not_in(dead),
        _reachable,
        wished_for(),
    )


async def _withdraw(
    db: AsyncConnection, which: ColumnElement[bool], instead: int | None, now: datetime
) -> None:
    """Let the chats see *instead*, or nothing; whoever has got nothing yet gets nothing."""
    unsent, idle = nothing_there(), deliveries.c.claimed_at.is_(None)
    await db.execute(
        update(deliveries)
        .where(which, unsent, idle, deliveries.c.settled_at.is_(None))
        .values(**taken_back_unsent(now))
    )
    goal = {"message": case((unsent, None), else_=literal(instead, RowId)), "recall": True}
    await db.execute(
        update(deliveries).where(which, ~unsent, idle, _reachable).values(**owed(now), **goal)
    )
    await db.execute(update(deliveries).where(which, ~idle).values(**goal))
