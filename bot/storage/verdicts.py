"""Verdicts: which files admins were told of because they are not pushed by themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.dialects import insert_unless_known
from bot.storage.tables import verdicts


async def note(
    db: AsyncConnection, path: str, codes: str, digest_id: str | None, now: datetime
) -> int | None:
    """Write down that of this file this is told now; give its number, or None where it was."""
    statement = insert_unless_known(verdicts).values(
        path=path, codes=codes, digest_id=digest_id, told_at=now
    )
    number: int | None = await db.scalar(
        statement.on_conflict_do_nothing().returning(verdicts.c.id)
    )
    return number


async def alike(db: AsyncConnection, codes: str, beginning: str) -> list[tuple[int, str]]:
    """Give number and path of the files with these faults whose digests' ids begin like this."""
    statement = select(verdicts.c.id, verdicts.c.path).where(
        verdicts.c.codes == codes, verdicts.c.digest_id.startswith(beginning, autoescape=True)
    )
    return [(number, path) for number, path in await db.execute(statement)]


async def rename(db: AsyncConnection, number: int, path: str, digest_id: str) -> None:
    """Write down that the file of a verdict has another name."""
    statement = update(verdicts).where(verdicts.c.id == number)
    await db.execute(statement.values(path=path, digest_id=digest_id))


async def digest_of(db: AsyncConnection, number: int) -> str | None:
    """Give the id of the digest that a verdict is about, if it can be read."""
    statement = select(verdicts.c.digest_id).where(verdicts.c.id == number)
    found: str | None = await db.scalar(statement)
    return found
