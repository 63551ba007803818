"""Preferences: what people chose for themselves."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Preferences, Quiet, Timing
from bot.storage.dialects import insert_unless_known
from bot.storage.tables import preferences

_TIMING = (
    preferences.c.hour,
    preferences.c.zone,
    preferences.c.weekdays,
    preferences.c.quiet_from,
    preferences.c.quiet_to,
)
_NOTHING = {"hour": -1, "zone": "", "quiet_from": -1, "quiet_to": -1}
_EVERY_DAY = 0b1111111


async def of(db: AsyncConnection, chat_id: int) -> Preferences:
    """Give what *chat_id* chose; whoever chose nothing has the defaults."""
    statement = select(preferences.c.language, *_TIMING).where(preferences.c.chat_id == chat_id)
    row = (await db.execute(statement)).first()
    return Preferences(row[0], _timing(*row[1:])) if row else Preferences()


async def keep(db: AsyncConnection, chat_id: int, chosen: Preferences) -> None:
    """Write down what *chat_id* chose."""
    values = {"language": chosen.language, **columns_of(chosen.timing)}
    statement = insert_unless_known(preferences).values(chat_id=chat_id, **values)
    await db.execute(
        statement.on_conflict_do_update(index_elements=[preferences.c.chat_id], set_=values)
    )


async def timings(db: AsyncConnection) -> tuple[Timing, ...]:
    """Give each timing that makes somebody wait."""
    statement = select(*_TIMING).distinct().where(has_wishes())
    return tuple(_timing(*row) for row in await db.execute(statement))


def has_wishes() -> ColumnElement[bool]:
    """Tell in SQL whether a row is of somebody who does not take everything at once."""
    return (
        preferences.c.hour.is_not(None)
        | (preferences.c.weekdays != _EVERY_DAY)
        | preferences.c.quiet_from.is_not(None)
    )


def wishes_as(timings: Table) -> ColumnElement[bool]:
    """Tell in SQL whether a row is of somebody who wishes as a row of *timings* says."""
    # Plain comparisons: no other joins are made by index or hash on every database.
    return and_(*(_said(column) == timings.c[column.name] for column in _TIMING))


def _said(column: Column[Any]) -> ColumnElement[Any]:
    return func.coalesce(column, _NOTHING[column.name]) if column.nullable else column


def comparable(timing: Timing) -> dict[str, Any]:
    """Give *timing* as the columns that `wishes_as` compares: none of them is null."""
    said = columns_of(timing)
    return {name: _NOTHING[name] if value is None else value for name, value in said.items()}


def columns_of(timing: Timing) -> dict[str, Any]:
    """Give *timing* as its columns."""
    return {
        "hour": timing.hour,
        "zone": timing.zone,
        "weekdays": sum(1 << weekday for weekday in timing.weekdays),
        "quiet_from": timing.quiet and timing.quiet.since,
        "quiet_to": timing.quiet and timing.quiet.until,
    }


def _timing(
    hour: int | None, zone: str | None, weekdays: int, since: int | None, until: int | None
) -> Timing:
    quiet = None if since is None or until is None else Quiet(since, until)
    return Timing(hour, zone, _days(weekdays), quiet)


@cache
def _days(bits: int) -> frozenset[int]:
    return frozenset(weekday for weekday in range(7) if bits >> weekday & 1)
