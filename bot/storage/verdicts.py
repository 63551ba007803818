"""Verdicts: which files admins are told of because they are not pushed by themselves."""

from __future__ import annotations

from collections.abc import Collection, Set
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialects import insert_unless_known
from bot.storage.tables import broadcasts, verdicts


class Noted(Struct, frozen=True):
    """A file that is or was doubted, under the number by which buttons name it.

    *codes* is what is wrong, sorted, with blanks between; *told_at* is None where that is still
    to be told, or wrong no more.
    """

    id: int
    path: str
    codes: str
    digest_id: str | None
    told_at: datetime | None


async def known(db: AsyncConnection) -> list[Noted]:
    """Give all that is noted."""
    return [Noted(*row) for row in await db.execute(select(verdicts))]


async def note(db: AsyncConnection, noted: Collection[Noted]) -> None:
    """Write down what is thought of files now."""
    statement = insert_unless_known(verdicts)
    new = {name: statement.excluded[name] for name in Noted.__struct_fields__}
    statement = statement.on_conflict_do_update(index_elements=[verdicts.c.id], set_=new)
    await db.execute(statement, [asdict(one) for one in noted])


async def pushed(db: AsyncConnection) -> set[str]:
    """Give the ids of the digests that were doubted and pushed anyway."""
    of_it = broadcasts.c.digest_id == verdicts.c.digest_id
    return set(await db.scalars(select(broadcasts.c.digest_id).join(verdicts, of_it)))


async def excused(db: AsyncConnection) -> dict[str, Set[str]]:
    """Give what was wrong with each digest when it was pushed anyway, by its id.

    Admins had heard of that: of what was pushed first and doubted then they heard later.
    """
    of_it = broadcasts.c.digest_id == verdicts.c.digest_id
    statement = select(broadcasts.c.digest_id, verdicts.c.codes).join(verdicts, of_it)
    known = await db.execute(statement.where(verdicts.c.told_at <= broadcasts.c.created_at))
    return {row.digest_id: frozenset(row.codes.split()) for row in known}


async def path_of(db: AsyncConnection, number: int) -> str | None:
    """Give the path of the file that a verdict is about."""
    found: str | None = await db.scalar(select(verdicts.c.path).where(verdicts.c.id == number))
    return found


async def digest_of(db: AsyncConnection, number: int) -> str | None:
    """Give the id of the digest that a verdict is about, if it can be read."""
    statement = select(verdicts.c.digest_id).where(verdicts.c.id == number)
    found: str | None = await db.scalar(statement)
    return found
