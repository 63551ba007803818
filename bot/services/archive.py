"""The archive as the bot sees it: the index, kept in step with the files."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence, Set
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import structlog
from watchfiles import awatch

from bot.digests.library import ArchiveFile, Library
from bot.digests.parallel import rarely_looking_for_cycles, read_all
from bot.digests.problems import Code
from bot.model import Digest, Report, Source, Stamp, Status
from bot.search.index import Index
from bot.services.naming import Naming, Posted, nothing_posted
from bot.services.patience import PAUSE
from bot.services.presence import Presence, hidden
from bot.storage.errors import DatabaseUnavailable

log = structlog.get_logger()

SETTLE_SECONDS = 0.4
"""A file written more recently may be half there: it is read once it has rested."""
LOOK_SECONDS = 2
"""How often to ask whether the topics or the day have changed."""
FULL_PASS_SECONDS = 300
"""Network file systems send no events: look at all files now and then anyway."""
BATCH = 100
"""Files read and indexed at a time, so that memory stays bounded."""


class Pass(NamedTuple):
    """What one look at the archive came to; *waiting* files were still being written."""

    changed: int
    removed: int
    waiting: int


class _StoppedError(Exception):
    """The archive was asked to stop while it was being read."""


class Archive:
    """Reads what changed into the index; *on_change* is called after each change."""

    def __init__(
        self,
        root: Path,
        library: Library,
        index: Index,
        on_change: Callable[[], None],
        has_new_rules: Callable[[], bool] = lambda: False,
        posted: Posted = nothing_posted,
    ) -> None:
        self._root = root
        self._library = library
        self._index = index
        self._on_change = on_change
        self._has_new_rules = has_new_rules
        self.loaded = asyncio.Event()
        self._stopping = asyncio.Event()
        self._presence = Presence(root)
        self._naming = Naming(index, posted)
        self._sources: dict[str, Source] = {}
        self._judged_on: date | None = None
        self._looked_at = 0.0

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping.set()

    async def run(self) -> None:
        """Load what is there, then follow the changes until stopped."""
        await self.refresh()
        self.loaded.set()
        while not self._stopping.is_set():
            watched = await asyncio.to_thread(self._presence.identity)
            if watched:
                await self._follow(watched)
            else:
                await self.refresh()
                await self._stopped_within(LOOK_SECONDS)

    async def _follow(self, watched: tuple[int, int]) -> None:
        """Follow the changes in a folder until another one, or none, has its name."""
        # Nobody watched while the files were read.
        unseen = True
        async for seen in self._looks():
            if unseen or seen or await self._is_due():
                await self.refresh()
            unseen = False
            if await asyncio.to_thread(self._presence.identity) != watched:
                return

    async def _looks(self) -> AsyncIterator[bool]:
        """Yield every other second whether a change was seen meanwhile."""
        try:
            async for seen in awatch(
                self._root,
                stop_event=self._stopping,
                debounce=200,
                rust_timeout=LOOK_SECONDS * 1000,
                yield_on_timeout=True,
            ):
                yield bool(seen)
        except OSError as error:
            # It vanished just now, or may not be watched.
            log.debug("archive not watched", error=str(error))
            await self._stopped_within(LOOK_SECONDS)
            yield False

    async def refresh(self) -> None:
        """Bring the index up to date, waiting for files that are being written."""
        with contextlib.suppress(_StoppedError):
            while await self._is_behind() and not await self._stopped_within(SETTLE_SECONDS):
                log.debug("files are still being written")

    async def _is_behind(self) -> bool:
        try:
            return (await self.sync()).waiting > 0
        except DatabaseUnavailable as exc:
            log.warning("database not usable", delays="the archive", error=str(exc))
            return not await self._stopped_within(PAUSE)

    async def sync(self) -> Pass:
        """Look at every file once and index those that are new, changed or gone."""
        self._looked_at = time.monotonic()
        known = await self._index.stamps()
        files = await asyncio.to_thread(self._look, bool(known))
        if files is None:
            return Pass(0, 0, 0)
        await self._naming.begin()
        if self._index.is_stale or not known:
            return await self._load(files)
        again = await self._to_judge_again()
        fresh = await asyncio.to_thread(_changed, files, known, again)
        ready = [file for file in fresh if not _is_young(file)]
        removed = known.keys() - files.keys() - hidden(known, files)
        await self._naming.leave(removed)
        for start in range(0, len(ready), BATCH):
            await self._apply(ready[start : start + BATCH])
        if removed:
            await self._index.apply((), removed)
        return self._say(Pass(len(ready), len(removed), waiting=len(fresh) - len(ready)))

    async def digest(self, digest_id: str) -> Digest | None:
        """Find a digest by its id."""
        return await self._index.digest(digest_id)

    async def between(self, first: date, last: date) -> Sequence[Digest]:
        """Give the digests of these days that may be pushed, the oldest first."""
        days = await self._index.days(first, last)
        heads = [head for day in sorted(days) for head in days[day] if head.status is Status.READY]
        found = [await self._index.digest(head.id) for head in heads]
        return [digest for digest in found if digest]

    def source(self, name: str) -> Source | None:
        """Find a source by its name."""
        return self._sources.get(name)

    def targets(self) -> set[str]:
        """Give the targets that sources name for themselves."""
        return {name for source in self._sources.values() for name in source.targets or ()}

    def titles(self) -> Mapping[str, str]:
        """Give the titles of all sources, by name."""
        return {name: source.title or name for name, source in self._sources.items()}

    async def _stopped_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        return self._stopping.is_set()

    def _look(self, had_files: bool) -> dict[str, ArchiveFile] | None:  # noqa: FBT001
        """List the files; None where the archive is away."""
        files = {file.path: file for file in self._library.files()}
        if self._presence.is_away(files, had_files=had_files):
            return None
        away = {name: one for name, one in self._sources.items() if hidden([f"{name}/"], files)}
        self._sources = self._known_of(files) | away
        return files

    def _known_of(self, files: Mapping[str, ArchiveFile]) -> dict[str, Source]:
        """Give the sources; one whose own file is being written stays what it was."""
        found: dict[str, Source] = {}
        for file in files.values():
            before = self._sources.get(file.source.name) if _is_recent(file.ruled_ns) else None
            found[file.source.name] = before or file.source
        return found

    async def _is_due(self) -> bool:
        """Tell whether to look although no file was seen to change."""
        if await asyncio.to_thread(self._has_new_rules):
            self._index.stale.set()
        is_long_ago = time.monotonic() - self._looked_at > FULL_PASS_SECONDS
        return self._index.is_stale or is_long_ago or self._library.today != self._judged_on

    async def _to_judge_again(self) -> set[str]:
        """Give the files that were held for a day to come, once a day has passed."""
        if self._library.today == self._judged_on:
            return set()
        self._judged_on = self._library.today
        return {
            report.path
            for report in await self._index.reports({Status.HELD})
            if any(problem.code == Code.FUTURE_DAY for problem in report.problems)
        }

    async def _load(self, files: Mapping[str, ArchiveFile]) -> Pass:
        """Make all rows anew; files are read as they are written, so memory stays bounded."""
        self._judged_on = self._library.today
        rested = [file for file in files.values() if not _is_young(file)]
        if rested or self._index.is_stale:
            named = await self._naming.name_all(self._read_all(rested), files.keys())
            with rarely_looking_for_cycles():
                await self._index.rebuild((stamp_of(files[one.path]), one) for one in named)
        return self._say(Pass(len(rested), 0, len(files) - len(rested)))

    async def _apply(self, changed: Sequence[ArchiveFile]) -> None:
        """Index some files."""
        reports = await asyncio.to_thread(self._read_some, changed)
        stamps = {file.path: stamp_of(file) for file in changed}
        named = await self._naming.name(reports)
        await self._index.apply(((stamps[one.path], one) for one in named), ())

    def _read_some(self, files: Sequence[ArchiveFile]) -> dict[str, Report]:
        return {report.path: report for report in self._read_all(files)}

    def _read_all(self, files: Sequence[ArchiveFile]) -> Iterator[Report]:
        for report in read_all(self._library, files):
            if self._stopping.is_set():
                raise _StoppedError
            _say_problems(report)
            yield report

    def _say(self, done: Pass) -> Pass:
        if done.changed or done.removed:
            log.info("archive indexed", changed=done.changed, removed=done.removed)
            self._on_change()
        return done


def _changed(
    files: Mapping[str, ArchiveFile], known: Mapping[str, Stamp], again: Set[str]
) -> list[ArchiveFile]:
    return [
        file for path, file in files.items() if path in again or stamp_of(file) != known.get(path)
    ]


def stamp_of(file: ArchiveFile) -> Stamp:
    """Mark a file's state; what its source decides about its text belongs to it."""
    return Stamp(file.path, file.size, file.mtime_ns ^ _rules(file.source) ^ bool(file.held))


@lru_cache
def _rules(source: Source) -> int:
    rules = repr((source.categories, source.drop, source.language, source.title))
    return crc32(rules.encode())


def _is_young(file: ArchiveFile) -> bool:
    """Tell whether the file, or that which describes its source, may still be being written."""
    return _is_recent(file.mtime_ns) or _is_recent(file.ruled_ns)


def _is_recent(moment_ns: int) -> bool:
    """Tell whether something was written just now; a date in the future says nothing."""
    return 0 <= time.time() - moment_ns / 1e9 < SETTLE_SECONDS


def _say_problems(report: Report) -> None:
    if report.status in (Status.HELD, Status.INVALID):
        for problem in report.problems:
            log.warning(
                "digest not pushed",
                path=report.path,
                status=str(report.status),
                code=problem.code,
                line=problem.line,
                problem=problem.message,
            )
