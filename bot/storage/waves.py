"""Many timings at once, each with its moment: a table that lasts for one statement."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Boolean, Column, MetaData, SmallInteger, Table, Text, UniqueConstraint
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable, DropTable

from bot.model import Timing
from bot.storage.instant import Instant
from bot.storage.preferences import comparable

# Rows are made ready on the loop, which others wait for.
_AT_ONCE = 1000

waves = Table(
    "waves",
    MetaData(),
    Column("hour", SmallInteger, nullable=False),
    Column("zone", Text, nullable=False),
    Column("weekdays", SmallInteger, nullable=False),
    Column("quiet_from", SmallInteger, nullable=False),
    Column("quiet_to", SmallInteger, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("waits", Boolean, nullable=False),
    # Serves: when someone's moment is.
    UniqueConstraint("hour", "zone", "weekdays", "quiet_from", "quiet_to"),
    prefixes=["TEMPORARY"],
)


class Wave(Struct, frozen=True):
    """Those who wish for *timing* get something at one moment; *waits*: it is theirs."""

    timing: Timing
    due_at: datetime
    waits: bool = True


@asynccontextmanager
async def laid_out(db: AsyncConnection, chosen: Sequence[Wave]) -> AsyncIterator[None]:
    """Have *chosen* in the table meanwhile."""
    await db.execute(CreateTable(waves))
    for start in range(0, len(chosen), _AT_ONCE):
        rows = [_row(one) for one in chosen[start : start + _AT_ONCE]]
        await db.execute(waves.insert(), rows)
    yield
    await db.execute(DropTable(waves))


def _row(wave: Wave) -> dict[str, Any]:
    return comparable(wave.timing) | {"due_at": wave.due_at, "waits": wave.waits}
