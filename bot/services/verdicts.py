"""Tells of each file that is not pushed by itself, once, and pushes it where an admin says so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence, Set
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from bot.model import Report, Status
from bot.services.patience import Patience
from bot.services.publishing import Publishing
from bot.storage import verdicts
from bot.storage.database import Database, Transaction

MOST_AT_ONCE = 5
"""An archive that is read for the first time may hold many; nobody reads a hundred messages."""


class Verdict(Struct, frozen=True):
    """What is thought of a file, under the number by which buttons name it."""

    number: int
    report: Report


class Listener(Protocol):
    """Who is told."""

    async def judged(self, found: Sequence[Verdict], others: int) -> None:
        """Hear of files that are not pushed, and how many more there are."""


class Verdicts:
    """Looks at what is thought of the archive's files whenever it is woken."""

    def __init__(
        self,
        database: Database,
        reports: Callable[[], Awaitable[Sequence[Report]]],
        publish: Callable[[str], Awaitable[Publishing]],
        listener: Listener,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._reports = reports
        self._publish = publish
        self._listener = listener
        self._now = now
        self._woken = asyncio.Event()
        self._stopping = False
        self._patience = Patience()

    def wake(self) -> None:
        """Look again now: the archive has changed."""
        self._woken.set()

    async def run(self) -> None:
        """Tell what is new, until stopped."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            if self._stopping:
                return
            await self._patience("verdicts", self.tell)

    def stop(self) -> None:
        """Ask `run` to end; what it is writing is written to its end."""
        self._stopping = True
        self._patience.stop()
        self._woken.set()

    async def tell(self) -> None:
        """Tell of the files of which nobody was told yet, the newest days first."""
        every = await self._reports()
        paths = {report.path for report in every}
        doubtful = [report for report in every if report.status in (Status.HELD, Status.INVALID)]
        doubtful.sort(key=_recency, reverse=True)
        async with self._database.transaction() as db:
            noted = [
                (await verdicts.note(db, *_named(report), self._now()), report)
                for report in doubtful
                if not await _is_renamed(db, report, paths)
            ]
        found = [Verdict(number, report) for number, report in noted if number is not None]
        if found:
            rest = len(found) - MOST_AT_ONCE
            await self._listener.judged(found[:MOST_AT_ONCE], max(0, rest))

    async def push(self, number: int) -> Publishing | None:
        """Push a digest although it was held; None where there is none to push."""
        async with self._database.reading() as db:
            digest_id = await verdicts.digest_of(db, number)
        return await self._publish(digest_id) if digest_id else None


async def _is_renamed(db: Transaction, report: Report, paths: Set[str]) -> bool:
    """Follow a file to its new name: it has the faults and the day of one that is gone."""
    path, codes, digest_id = _named(report)
    if report.digest is None or digest_id is None:
        return False
    day = f"{report.digest.day:%Y%m%d}"
    told = await verdicts.alike(db, codes, digest_id.partition(day)[0] + day)
    gone = [number for number, old in told if old not in paths]
    if not gone or any(old == path for _, old in told):
        return False
    await verdicts.rename(db, gone[0], path, digest_id)
    return True


def _recency(report: Report) -> str:
    """Order by day; a file without one is looked at first."""
    return report.digest.day.isoformat() if report.digest else "9"


def _named(report: Report) -> tuple[str, str, str | None]:
    codes = " ".join(sorted({problem.code for problem in report.problems}))
    return report.path, codes, report.digest.id if report.digest else None
