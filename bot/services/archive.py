"""The archive as the bot sees it: the files are followed, and the index answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence, Set
from datetime import date
from pathlib import Path
from types import MappingProxyType

import structlog
from watchfiles import awatch

from bot.digests.library import Library
from bot.model import Digest, Source, Status
from bot.search.index import Index
from bot.services.indexing import SETTLE_SECONDS, Indexing, Pass, StoppedError
from bot.services.naming import Naming, Posted, nothing_posted
from bot.services.patience import PAUSE
from bot.services.presence import Presence
from bot.services.resting import Unrested
from bot.storage.errors import DatabaseUnavailable

log = structlog.get_logger()

LOOK_SECONDS = 2
"""How often to ask whether the topics or the day have changed."""


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
        self._index = index
        self._on_change = on_change
        self._has_new_rules = has_new_rules
        self.loaded = asyncio.Event()
        self._stopping = asyncio.Event()
        self._presence = Presence(root)
        self._naming = Naming(index, posted)
        self._unrested = Unrested()
        self._indexing = Indexing(
            library, index, self._presence, self._naming, self._unrested, self._stopping.is_set
        )

    @property
    def readable(self) -> asyncio.Event:
        """Give what is set once people can be answered, if not from all files."""
        return self._indexing.readable

    def is_early(self) -> bool:
        """Tell whether not all can be found yet, as the files are just being read."""
        is_read = self.loaded.is_set() and not self._indexing.is_begun
        return self._index.is_stale or not is_read

    def stop(self) -> None:
        """Ask `run` to end."""
        self._stopping.set()

    async def run(self) -> None:
        """Load what is there, then follow the changes until stopped."""
        await self.refresh()
        self.loaded.set()
        self.readable.set()
        while not self._stopping.is_set():
            watched = await asyncio.to_thread(self._presence.identity)
            if watched:
                await self._follow(watched)
            else:
                await self.refresh()
                self._tell_of_rested()
                await self._stopped_within(LOOK_SECONDS)

    async def refresh(self) -> None:
        """Bring the index up to date, waiting for files that are being written."""
        with contextlib.suppress(StoppedError):
            while await self._is_behind() and not await self._stopped_within(SETTLE_SECONDS):
                log.debug("files are still being written")

    async def sync(self) -> Pass:
        """Bring the index up to what has rested, and tell whoever has to know."""
        done = await self._indexing.look()
        if done.changed or done.removed:
            self._on_change()
        return done

    async def digest(self, digest_id: str) -> Digest | None:
        """Find a digest by its id."""
        return await self._index.digest(digest_id)

    async def between(
        self, first: date, last: date, excused: Mapping[str, Set[str]] = MappingProxyType({})
    ) -> Sequence[Digest]:
        """Give the digests of these days that may be pushed now, the oldest first.

        Where to is for their source to say: none of one that was away since the start. Those
        with which nothing is wrong but what is *excused*, by their ids, are among them.
        """
        if self._indexing.is_begun:
            # Which of two says the same, and which id is whose, is told when all are read.
            return []
        days = await self._index.days(first, last)
        fit = await self._held_for_no_more_than(excused)
        heads = [
            head
            for day in sorted(days)
            for head in days[day]
            if (head.status is Status.READY or head.id in fit) and self.source(head.source)
        ]
        unrested = self._naming.ids_of(self.unrested())
        found = [await self._index.digest(one.id) for one in heads if one.id not in unrested]
        return [digest for digest in found if digest]

    def unrested(self) -> set[str]:
        """Give the files of which nothing is sent yet: they may be half there."""
        return self._unrested.paths()

    def source(self, name: str) -> Source | None:
        """Find a source by its name."""
        return self._indexing.sources.get(name)

    def targets(self) -> set[str]:
        """Give the targets that sources name for themselves."""
        sources = self._indexing.sources.values()
        return {name for source in sources for name in source.targets or ()}

    def titles(self) -> Mapping[str, str]:
        """Give the titles of all sources, by name."""
        return {name: source.title or name for name, source in self._indexing.sources.items()}

    async def _held_for_no_more_than(self, excused: Mapping[str, Set[str]]) -> set[str]:
        held = await self._index.reports({Status.HELD}) if excused else []
        return {
            one.digest.id
            for one in held
            if one.digest
            and {problem.code for problem in one.problems} <= excused.get(one.digest.id, set())
        }

    async def _follow(self, watched: tuple[int, int]) -> None:
        """Follow the changes in a folder until another one, or none, has its name."""
        # Nobody watched while the files were read.
        unseen = True
        async for seen in self._looks():
            if unseen or seen or await self._is_due():
                await self.refresh()
            self._tell_of_rested()
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

    def _tell_of_rested(self) -> None:
        if self._unrested.forget_rested():
            self._on_change()

    async def _is_due(self) -> bool:
        if await asyncio.to_thread(self._has_new_rules):
            self._index.stale.set()
        return self._indexing.is_due

    async def _is_behind(self) -> bool:
        try:
            return (await self.sync()).waiting > 0
        except DatabaseUnavailable as exc:
            log.warning("database not usable", delays="the archive", error=str(exc))
            return not await self._stopped_within(PAUSE)

    async def _stopped_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        return self._stopping.is_set()
