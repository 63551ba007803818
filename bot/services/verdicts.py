"""Tells of each file that is not pushed by itself, once, and pushes it where an admin says so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence, Set
from datetime import datetime
from itertools import count
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from bot.digests.library import rules_of, source_of
from bot.digests.problems import Code
from bot.model import DOUBTFUL, Report, Stamp, Status
from bot.services.patience import Patience
from bot.services.publications import Publishing
from bot.storage import verdicts
from bot.storage.database import Database
from bot.storage.verdicts import Noted

MOST_AT_ONCE = 5
"""An archive that is read for the first time may hold many; nobody reads a hundred messages."""


class Verdict(Struct, frozen=True):
    """What is thought of a file, under the number by which buttons name it."""

    number: int
    report: Report


class Files(Protocol):
    """The archive's files as the index knows them."""

    async def stamps(self) -> Mapping[str, Stamp]:
        """Give the stamps of all files, by path."""

    async def reports(self, statuses: Set[Status]) -> Sequence[Report]:
        """Give what is thought of files."""


class Listener(Protocol):
    """Who is told."""

    async def judged(self, found: Sequence[Verdict], others: int) -> bool:
        """Hear of files that are not pushed, and how many more there are; say if anybody did."""


class Verdicts:
    """Looks at what is thought of the archive's files whenever it is woken."""

    def __init__(
        self,
        database: Database,
        files: Files,
        publish: Callable[[str], Awaitable[Publishing]],
        listener: Listener,
        now: Callable[[], datetime],
        unrested: Callable[[], Set[str]] = frozenset,
    ) -> None:
        self._database = database
        self._files = files
        self._publish = publish
        self._listener = listener
        self._now = now
        self._unrested = unrested
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
        """Tell of the files of which nobody was told yet, the newest days first.

        One that was written just now may be half there: it is told of when it has rested.
        """
        paths = (await self._files.stamps()).keys()
        doubtful = await self._doubtful()
        async with self._database.reading() as db:
            known = await verdicts.known(db)
        noted = _revised(known, paths, doubtful)
        # Not after it is told: buttons name what is written down.
        await self._note(set(noted.values()) - set(known))
        unrested = self._unrested()
        untold = [
            report
            for report in _without_echoes(doubtful)
            if noted[report.path].told_at is None and report.path not in unrested
        ]
        found = [Verdict(noted[report.path].id, report) for report in untold]
        others = max(0, len(found) - MOST_AT_ONCE)
        if found and await self._listener.judged(found[:MOST_AT_ONCE], others):
            told = [replace(noted[report.path], told_at=self._now()) for report in untold]
            await self._patience("verdicts", lambda: self._note(told))

    async def undecided(self) -> list[Verdict]:
        """Give the files that are noted and that nobody pushed, the newest days first."""
        doubtful = await self._doubtful()
        async with self._database.reading() as db:
            numbers = {one.path: one.id for one in await verdicts.known(db)}
            pushed = await verdicts.pushed(db)
        return [
            Verdict(numbers[report.path], report)
            for report in doubtful
            if report.path in numbers and not (report.digest and report.digest.id in pushed)
        ]

    async def path(self, number: int) -> str | None:
        """Give the path of the file that a number means."""
        async with self._database.reading() as db:
            return await verdicts.path_of(db, number)

    async def push(self, number: int) -> Publishing | None:
        """Push a digest although it was held; None where there is none to push."""
        async with self._database.reading() as db:
            digest_id = await verdicts.digest_of(db, number)
        return await self._publish(digest_id) if digest_id else None

    async def _doubtful(self) -> list[Report]:
        """Give the files that are not pushed by themselves, the newest days first."""
        return sorted(await self._files.reports(DOUBTFUL), key=_recency, reverse=True)

    async def _note(self, noted: Collection[Noted]) -> None:
        if noted:
            async with self._database.transaction() as db:
                await verdicts.note(db, noted)


def _without_echoes(doubtful: Sequence[Report]) -> list[Report]:
    """Leave out digests that are held only for a source.toml which is told of itself."""
    paths = {report.path for report in doubtful}
    return [report for report in doubtful if not _echoes(report, paths)]


def _echoes(report: Report, paths: Set[str]) -> bool:
    rules = rules_of(source_of(report.path))
    codes = {problem.code for problem in report.problems}
    return report.path != rules and rules in paths and codes == {Code.BAD_SOURCE_FILE}


def _revised(
    known: Sequence[Noted], paths: Set[str], doubtful: Sequence[Report]
) -> dict[str, Noted]:
    """Bring what is known up to what the files are now; what is mended may be told again."""
    before = _followed(known, paths, doubtful)
    numbers = count(1 + max((one.id for one in known), default=0))
    noted = {path: replace(one, told_at=None) for path, one in before.items()}
    for report in doubtful:
        one = before.get(report.path) or Noted(next(numbers), report.path, "", None, None)
        noted[report.path] = _doubted(one, report)
    return noted


def _followed(
    known: Sequence[Noted], paths: Set[str], doubtful: Sequence[Report]
) -> dict[str, Noted]:
    """Give what is known by path; a renamed file keeps its digest's id."""
    noted = {one.path: one for one in known}
    gone = {one.digest_id: one for one in known if one.path not in paths}
    for report in doubtful:
        if report.digest and report.path not in noted and (old := gone.get(report.digest.id)):
            noted[report.path] = replace(noted.pop(old.path), path=report.path)
    return noted


def _doubted(one: Noted, report: Report) -> Noted:
    """Say what is wrong with a file; faults of which one is new are still to be told."""
    codes = {problem.code for problem in report.problems}
    return Noted(
        one.id,
        report.path,
        " ".join(sorted(codes)),
        report.digest.id if report.digest else None,
        one.told_at if codes <= set(one.codes.split()) else None,
    )


def _recency(report: Report) -> str:
    """Order by day; a file without one is looked at first."""
    return report.digest.day.isoformat() if report.digest else "9"
