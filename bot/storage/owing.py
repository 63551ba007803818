"""What it means to owe nothing more, or something again, in the words of the table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, FromClause, and_, case, exists, select

from bot.storage.records import NOT_KNOWN, DeliveryState
from bot.storage.tables import chats, deliveries, subscriptions, targets

# 0 is no message: a text was refused as a whole.
_NO_PIECES = ("[]", "[0]")


def same_place(other: FromClause) -> ColumnElement[bool]:
    """Tell in SQL whether a delivery is of the same broadcast and place as *other*."""
    return and_(
        other.c.broadcast_id == deliveries.c.broadcast_id,
        other.c.chat_id == deliveries.c.chat_id,
        other.c.thread_id == deliveries.c.thread_id,
    )


def behind_another() -> ColumnElement[bool]:
    """Tell in SQL whether a part ahead has not arrived, which makes this one due once it has."""
    ahead = deliveries.alias("ahead")
    earlier = (ahead.c.part < deliveries.c.part) & (ahead.c.state != DeliveryState.SENT)
    return exists().where(same_place(ahead), earlier)


def lost() -> ColumnElement[bool]:
    """Tell in SQL whether a delivery came to its end without arriving, as far as we heard."""
    return deliveries.c.state.in_((DeliveryState.FAILED, DeliveryState.SKIPPED))


def wished_for() -> ColumnElement[bool]:
    """Tell in SQL whether its chat subscribed, or its place is a target."""
    subscribed = exists().where(subscriptions.c.chat_id == deliveries.c.chat_id)
    return subscribed | exists().where(of_target(), targets.c.active)


def of_target() -> ColumnElement[bool]:
    """Tell in SQL whether a delivery goes to the place of a target."""
    return and_(
        targets.c.chat_id == deliveries.c.chat_id, targets.c.thread_id == deliveries.c.thread_id
    )


def dropped(reason: str | ColumnElement[Any], now: datetime) -> dict[str, Any]:
    """Give the values of a delivery that is not to be tried any more; what was sent stays sent."""
    unsent = deliveries.c.sent_id.is_(None)
    may_be_there = unsent & (deliveries.c.doubts > 0)
    return {
        "state": case(
            (may_be_there, DeliveryState.FAILED),
            (unsent, DeliveryState.SKIPPED),
            else_=DeliveryState.SENT,
        ),
        "reason": case((may_be_there, NOT_KNOWN), else_=reason),
        "due_at": None,
        "settled_at": now,
    }


def nothing_there() -> ColumnElement[bool]:
    """Tell in SQL whether the chat got nothing of it, as far as we heard."""
    return deliveries.c.sent_id.is_(None) & deliveries.c.pieces.in_(_NO_PIECES)


def taken_back_unsent(now: datetime) -> dict[str, Any]:
    """Give the values of a delivery of which there is nothing to be taken back."""
    may_be_there = deliveries.c.doubts > 0
    return {
        "state": case((may_be_there, DeliveryState.FAILED), else_=DeliveryState.RECALLED),
        "reason": case((may_be_there, NOT_KNOWN), else_=deliveries.c.reason),
        "message": None,
        "recall": False,
        "due_at": None,
        "settled_at": now,
    }


def unreachable(now: datetime) -> dict[str, Any]:
    """Give the values of a delivery that is dropped because its chat is gone."""
    theirs = chats.c.id == deliveries.c.chat_id
    return dropped(select(chats.c.gone_reason).where(theirs).scalar_subquery(), now)


def owed(now: datetime | BindParameter[datetime]) -> dict[str, Any]:
    """Give the values of a delivery that is to be tried now, as if for the first time."""
    return {
        "state": DeliveryState.PENDING,
        "reason": None,
        "due_at": now,
        "tried_at": None,
        "settled_at": None,
        "attempts": 0,
    }
