"""One look at the archive: what is new, changed or gone since the last one goes into the index."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date
from functools import lru_cache
from heapq import nlargest
from typing import TypeVar
from zlib import crc32

import structlog
from msgspec import Struct
from msgspec.structs import replace

from bot.digests.dates import in_path
from bot.digests.library import ArchiveFile, Library
from bot.digests.parallel import Helpers, rarely_looking_for_cycles
from bot.digests.problems import Code
from bot.model import DOUBTFUL, Report, Source, Stamp, Status
from bot.search.index import Each, Index
from bot.services.naming import Naming
from bot.services.presence import Presence
from bot.services.resting import Unrested, is_recent

log = structlog.get_logger()

SETTLE_SECONDS = 0.4
"""A file written more recently is read a little later: most are written in several pieces."""
FULL_PASS_SECONDS = 300
"""Network file systems send no events: look at all files now and then anyway."""
BATCH = 100
"""Files read and indexed at a time, so that memory stays bounded."""
MANY, NEWEST = 500, 30
"""Where so many files are to be read, the newest can be found at once."""
# What keeps a file from being read may pass and leave no trace in its size and time.
_UNREAD = -1

_Thing = TypeVar("_Thing")
_Made = TypeVar("_Made")


class Pass(Struct, frozen=True):
    """What one look at the archive came to; *waiting* files were still being written."""

    changed: int
    removed: int
    waiting: int


class StoppedError(Exception):
    """The archive was asked to stop while it was being read."""


class Indexing:
    """Keeps the index in step with the files, a look at a time."""

    def __init__(
        self,
        library: Library,
        index: Index,
        presence: Presence,
        naming: Naming,
        unrested: Unrested,
        is_stopping: Callable[[], bool],
    ) -> None:
        self._library = library
        self._index = index
        self._presence = presence
        self._naming = naming
        self._unrested = unrested
        self._is_stopping = is_stopping
        self.sources: Mapping[str, Source] = {}
        self.is_begun = False
        self.readable = asyncio.Event()
        """Set once there is something to be read, if not all or not the newest."""
        self._judged_on: date | None = None
        self._in_question: set[str] = set()
        self._looked_at = 0.0

    @property
    def is_due(self) -> bool:
        """Tell whether to look although no file was seen to change."""
        is_long_ago = time.monotonic() - self._looked_at > FULL_PASS_SECONDS
        return self._index.is_stale or is_long_ago or self._library.today != self._judged_on

    async def look(self) -> Pass:
        """Look at every file once and index those that are new, changed or gone."""
        self._looked_at = time.monotonic()
        known = await self._index.stamps()
        files = await asyncio.to_thread(self._files, bool(known))
        if files is None:
            return Pass(0, 0, 0)
        # A load that was cut off may have left no more than the newest days.
        self.is_begun = len(known) <= NEWEST and len(files) >= MANY
        await self._naming.begin()
        hidden = await asyncio.to_thread(self._presence.hidden, known.keys(), files)
        if self.is_begun and not known:
            await self._begin(files)
        if self._index.is_stale or self.is_begun or not known:
            if known or self.is_begun:
                self.readable.set()
            done = await self._load(files, hidden)
        else:
            done = await self._catch_up(files, known, hidden)
        self.is_begun = False
        if done.changed or done.removed:
            log.info("archive indexed", changed=done.changed, removed=done.removed)
        return done

    def _files(self, had_files: bool) -> dict[str, ArchiveFile] | None:  # noqa: FBT001
        """List the files; None where the archive is away."""
        files = {file.path: file for file in self._library.files()}
        if self._presence.is_away(files, had_files=had_files):
            return None
        away = self._presence.hidden([f"{name}/" for name in self.sources], files)
        kept = {name: one for name, one in self.sources.items() if f"{name}/" in away}
        self.sources = self._known_of(files) | kept
        return files

    def _known_of(self, files: Mapping[str, ArchiveFile]) -> dict[str, Source]:
        """Give the sources; one whose own file is being written stays what it was."""
        found: dict[str, Source] = {}
        for file in files.values():
            is_young = is_recent(file.ruled_ns, SETTLE_SECONDS)
            before = self.sources.get(file.source.name) if is_young else None
            found[file.source.name] = before or file.source
        return found

    async def _begin(self, files: Mapping[str, ArchiveFile]) -> None:
        """Let readers have the newest days while all the others are read."""
        named = (file for file in files.values() if _named_day(file) and not _is_young(file))
        await self._apply(await asyncio.to_thread(nlargest, NEWEST, named, key=_named_day))

    async def _load(self, files: Mapping[str, ArchiveFile], hidden: Set[str]) -> Pass:
        """Make all rows anew; files are read as they are written, so memory stays bounded."""
        self._judged_on = self._library.today
        rested = [file for file in files.values() if not _is_young(file)]
        if rested or self._index.is_stale:
            log.info("reading the whole archive", files=len(rested))
            self._unrested.note(rested)
            helpers = Helpers.worth(len(rested))
            each = self._until_stopped(helpers.each)
            read = self._read(rested, each)
            named = await self._naming.name_all(read, files.keys() | hidden)
            judged = ((_judged(files[one.path], one), one) for one in named)
            try:
                with rarely_looking_for_cycles():
                    await self._index.rebuild(judged, hidden, each)
            finally:
                await asyncio.to_thread(helpers.close)
        return Pass(len(rested), 0, len(files) - len(rested))

    async def _catch_up(
        self, files: Mapping[str, ArchiveFile], known: Mapping[str, Stamp], hidden: Set[str]
    ) -> Pass:
        """Take in what differs from what is known."""
        removed = known.keys() - files.keys() - hidden
        self._in_question |= await self._to_judge_again(removed)
        fresh = await asyncio.to_thread(self._changed, files, known)
        ready = [file for file in fresh if not _is_young(file)]
        await self._naming.leave(removed)
        for start in range(0, len(ready), BATCH):
            await self._apply(ready[start : start + BATCH])
        if removed:
            await self._index.apply((), removed)
        # What is hidden is judged when it is back.
        self._in_question -= removed.union(file.path for file in ready)
        return Pass(len(ready), len(removed), waiting=len(fresh) - len(ready))

    def _changed(
        self, files: Mapping[str, ArchiveFile], known: Mapping[str, Stamp]
    ) -> list[ArchiveFile]:
        return [
            file
            for path, file in files.items()
            if path in self._in_question or self._is_changed(file, known.get(path))
        ]

    def _is_changed(self, file: ArchiveFile, known: Stamp | None) -> bool:
        if known and known.mtime_ns == _UNREAD:
            return not _is_unread(self._library.read(file))
        return _stamp_of(file) != known

    async def _to_judge_again(self, removed: Set[str]) -> set[str]:
        """Give the files that were held for a reason that may be gone: a day, another file."""
        reasons = {Code.DUPLICATE} if removed else set()
        if self._library.today != self._judged_on:
            self._judged_on = self._library.today
            reasons.add(Code.FUTURE_DAY)
        held = await self._index.reports({Status.HELD}) if reasons else []
        return {one.path for one in held if any(own.code in reasons for own in one.problems)}

    async def _apply(self, changed: Sequence[ArchiveFile]) -> None:
        """Index some files."""
        self._unrested.note(changed)
        read = self._read(changed, self._until_stopped(map))
        reports = await asyncio.to_thread(lambda: {one.path: one for one in read})
        files = {file.path: file for file in changed}
        named = await self._naming.name(reports)
        await self._index.apply(((_judged(files[one.path], one), one) for one in named), ())

    def _read(self, files: Sequence[ArchiveFile], each: Each) -> Iterator[Report]:
        for report in each(self._library.as_of_today().read, files):
            _say_problems(report)
            yield report

    def _until_stopped(self, each: Each) -> Each:
        """Let what is done with many things end between two of them."""

        def done(work: Callable[[_Thing], _Made], things: Iterable[_Thing], /) -> Iterator[_Made]:
            for made in each(work, things):
                if self._is_stopping():
                    raise StoppedError
                yield made

        return done


def _stamp_of(file: ArchiveFile) -> Stamp:
    """Mark a file's state; what its source decides about its text belongs to it."""
    return Stamp(file.path, file.size, file.mtime_ns ^ _rules(file.source) ^ bool(file.held))


def _judged(file: ArchiveFile, report: Report) -> Stamp:
    stamp = _stamp_of(file)
    return replace(stamp, mtime_ns=_UNREAD) if _is_unread(report) else stamp


def _is_unread(report: Report) -> bool:
    return any(problem.code == Code.UNREADABLE for problem in report.problems)


@lru_cache
def _rules(source: Source) -> int:
    rules = repr((source.categories, source.drop, source.language, source.title))
    return crc32(rules.encode())


def _named_day(file: ArchiveFile) -> str:
    """Give the day that a file's name tells, in an order of days; nothing where it tells none."""
    named = in_path(file.path)
    return named.day.isoformat() if named else ""


def _is_young(file: ArchiveFile) -> bool:
    """Tell whether the file, or that which describes its source, may still be being written."""
    return any(is_recent(moment, SETTLE_SECONDS) for moment in (file.mtime_ns, file.ruled_ns))


def _say_problems(report: Report) -> None:
    if report.status in DOUBTFUL:
        for problem in report.problems:
            log.warning(
                "digest not pushed",
                path=report.path,
                status=str(report.status),
                code=problem.code,
                line=problem.line,
                problem=problem.message,
            )
