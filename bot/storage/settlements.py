"""What became of claimed deliveries, written down in groups."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Boolean, bindparam, case, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialects import put_off
from bot.storage.instant import Instant
from bot.storage.owing import owed, same_place
from bot.storage.records import Delivery, DeliveryState, Settlement
from bot.storage.tables import deliveries, messages


async def settle(db: AsyncConnection, settled: Sequence[Settlement], now: datetime) -> None:
    """Write down what became of deliveries, and let the next parts follow."""
    if not settled:
        return
    await db.execute(_SETTLE, [_row(one, now) for one in settled])
    await let_follow(db, [one.delivery.id for one in settled if one.state is DeliveryState.SENT])
    if lost := [one.delivery.id for one in settled if one.state in _LOST]:
        await db.execute(_LATER_PARTS, {"these": lost, "now": now})
    await _catch_up(db, [one.delivery for one in settled if _came_in_pieces(one)], now)


async def let_follow(db: AsyncConnection, arrived: Collection[int]) -> None:
    """Let the parts be due that are next behind those that *arrived*."""
    if arrived:
        await db.execute(_NEXT_PART, {"these": arrived})


def _came_in_pieces(one: Settlement) -> bool:
    return one.state is DeliveryState.SENT and bool(one.delivery.pieces)


async def _catch_up(db: AsyncConnection, arrived: Sequence[Delivery], now: datetime) -> None:
    """Correct what went in pieces, none of which a correction meanwhile could change."""
    if arrived:
        await db.execute(_CATCH_UP, {"these": [one.id for one in arrived], "now": now})


_PLACE_OF_A_MESSAGE = ("broadcast_id", "variant", "language", "part")


# What was corrected or taken back while it was under way is due again at once.
_OVERTAKEN = bindparam("is_through", type_=Boolean) & (
    deliveries.c.message.is_distinct_from(bindparam("done"))
)
_SETTLE = put_off(
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"))
    .values(
        state=case((_OVERTAKEN, DeliveryState.PENDING), else_=bindparam("new_state")),
        due_at=case(
            (_OVERTAKEN, bindparam("now", type_=Instant)),
            else_=bindparam("new_due_at", type_=Instant),
        ),
        claimed_at=None,
        settled_at=case((_OVERTAKEN, None), else_=bindparam("new_settled_at", type_=Instant)),
        reason=bindparam("new_reason"),
        sent_id=bindparam("new_sent_id"),
        doubts=bindparam("new_doubts"),
        pieces=bindparam("new_pieces"),
        main_thread=bindparam("new_main_thread"),
    )
)
_THROUGH = {DeliveryState.SENT, DeliveryState.RECALLED}
_LOST = {DeliveryState.FAILED, DeliveryState.SKIPPED}

_old, _new = messages.alias("old"), messages.alias("new")
_of_it = _old.c.id == deliveries.c.message
_newest = (
    select(_new.c.id)
    .where(_of_it, *(_old.c[name] == _new.c[name] for name in _PLACE_OF_A_MESSAGE), _new.c.current)
    .scalar_subquery()
)
_CATCH_UP = put_off(
    update(deliveries)
    .where(
        deliveries.c.id.in_(bindparam("these", expanding=True)),
        deliveries.c.state == DeliveryState.SENT,
        exists().where(_of_it, ~_old.c.current),
    )
    .values(
        owed(bindparam("now", type_=Instant)) | {"message": _newest, "recall": _newest.is_(None)}
    )
)

# A part that follows is due before all that has not begun: nobody waits with half a post.
_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
_ahead = deliveries.alias("ahead")
_BEHIND = (
    _ahead.c.id.in_(bindparam("these", expanding=True)),
    same_place(_ahead),
    deliveries.c.state == DeliveryState.PENDING,
)
_NEXT_PART = put_off(
    update(deliveries)
    .where(*_BEHIND, deliveries.c.part == _ahead.c.part + 1)
    .values(due_at=_AT_ONCE, main_thread=_ahead.c.main_thread)
)
_LATER_PARTS = put_off(
    update(deliveries)
    .where(*_BEHIND, deliveries.c.part > _ahead.c.part)
    .values(
        state=DeliveryState.SKIPPED,
        reason="an earlier part failed",
        due_at=None,
        settled_at=bindparam("now", type_=Instant),
    )
)


def _row(one: Settlement, now: datetime) -> dict[str, object]:
    return {
        "delivery": one.delivery.id,
        "done": one.delivery.message,
        "is_through": one.state in _THROUGH,
        "now": now,
        "new_state": one.state,
        "new_due_at": one.due_at,
        "new_settled_at": now if one.due_at is None else None,
        "new_reason": one.reason,
        "new_sent_id": one.delivery.sent_id,
        "new_doubts": one.delivery.doubts,
        "new_pieces": msgspec.json.encode(one.delivery.pieces).decode(),
        "new_main_thread": one.delivery.main_thread,
    }
