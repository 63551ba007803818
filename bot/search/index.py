"""The index for the layers above: a cache of parsed digests with full-text search.

How it is kept equal to the archive::

    async with Index.open(path, topics) as index:
        if index.is_stale:                      # made by other rules, or found damaged
            await index.rebuild(everything)     # a new file: the old one answers meanwhile
        else:
            await index.apply(changed, removed)

``index.stale`` is an event that is set whenever ``rebuild`` is due: at once, when the topics, the
rules or the layout have changed since the index was made; later, when the file turns out to be
damaged. A damaged file is replaced by an empty one, which answers that it has nothing until it is
rebuilt.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Set
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, closing
from datetime import date, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from bot.model import Digest, DigestHead, Report, Results, Stamp, Status
from bot.search.lanes import Lane
from bot.search.query import Query, Topics
from bot.search.reading import Reader
from bot.search.schema import (
    begin_anew,
    connect,
    connect_new,
    discard,
    is_damage,
    take_place,
)
from bot.search.searching import Searcher
from bot.search.writing import Each, Writer

_Worker = TypeVar("_Worker")
_Answer = TypeVar("_Answer")

PAGE = 5
_DAY = timedelta(days=1)
__all__ = ["Each", "Index", "Stamp"]


class Index:
    """Writes in one thread, searches in another and reads in a third."""

    def __init__(self, path: Path, topics: Topics) -> None:
        self.stale = asyncio.Event()
        # Beside a link, another disk may be; and the link would be lost.
        self._path = path.resolve()
        self._new = self._path.with_name(f"{self._path.name}-new")
        self._topics = topics
        open_file = partial(connect, self._path)
        self._writing = Lane("index-writing", open_file, self._writer)
        self._searching = Lane("index-searching", open_file, self._searcher)
        self._reading = Lane("index-reading", open_file, Reader)
        self._lanes = (self._writing, self._searching, self._reading)
        self._replacing = asyncio.Lock()
        self._file = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, topics: Topics) -> AsyncIterator[Index]:
        """Open the index at *path*, or begin an empty one where none can be read.

        Raises:
            ForeignFileError: the path names a database that is something else.
        """
        index = cls(path, topics)
        async with AsyncExitStack() as stack:
            for lane in index._lanes:
                await stack.enter_async_context(aclosing(lane))
            # What a kill left of one.
            await asyncio.to_thread(discard, index._new)
            await index._check()
            yield index

    @property
    def is_stale(self) -> bool:
        """Tell whether everything must be put in anew."""
        return self.stale.is_set()

    async def apply(self, changed: Iterable[tuple[Stamp, Report]], removed: Iterable[str]) -> None:
        """Take in changed files and drop removed ones, in one transaction."""
        await self._write(lambda writer: writer.apply(changed, removed))

    async def rebuild(
        self,
        everything: Iterable[tuple[Stamp, Report]],
        hidden: Set[str] = frozenset(),
        each: Each = map,
    ) -> None:
        """Make a new file of *everything*, and of what is known of *hidden* files.

        *each* does what can be done apart from the file of the index, perhaps elsewhere.
        """
        file = self._file
        try:
            await self._build(chain(everything, self._unseen(hidden)), each)
        except sqlite3.DatabaseError as error:
            await self._replace(file, error)
            return
        self.stale.clear()
        # The rules may have changed again meanwhile.
        await self._check()

    async def stamps(self) -> dict[str, Stamp]:
        """Give the stamps of all files that were put in, by path."""
        return await self._run(self._reading, Reader.stamps)

    async def reports(self, statuses: Set[Status] = frozenset(Status)) -> list[Report]:
        """Give what is thought of files; digests come without headlines and items."""
        return await self._run(self._reading, lambda reader: reader.reports(statuses))

    async def digest(self, id: str) -> Digest | None:
        """Find a digest by its id."""
        return await self._run(self._reading, lambda reader: reader.digest(id))

    async def covers(self, ids: Set[str]) -> dict[str, str]:
        """Give the cover of each of these digests that has one."""
        return await self._run(self._reading, lambda reader: reader.covers(ids))

    async def days(self, first: date, last: date) -> dict[date, list[DigestHead]]:
        """Give the digests of each day that has any."""
        return await self._run(self._reading, lambda reader: reader.days(first, last))

    async def on(self, day: date) -> list[DigestHead]:
        """Give the digests of a day."""
        return await self._run(self._reading, lambda reader: reader.on(day))

    async def latest_day(self, before: date | None = None) -> date | None:
        """Give the newest day that has a digest, of those before a day."""
        return await self._run(self._reading, lambda reader: reader.latest_day(before))

    async def newest_day(self) -> date | None:
        """Give the newest day that has a digest with which nothing is wrong."""
        return await self._run(self._reading, Reader.newest_day)

    async def first_day(self, after: date | None = None) -> date | None:
        """Give the oldest day that has a digest, of those after a day."""
        return await self._run(self._reading, lambda reader: reader.first_day(after))

    async def nearest_day(self, day: date) -> date | None:
        """Give the newest day up to *day* that has a digest, else the first one after it."""
        # No day comes after the last one, which has no digest.
        after = min(day, date.max - _DAY) + _DAY
        return await self.latest_day(after) or await self.first_day(day)

    async def ids(self) -> dict[str, str]:
        """Give the ids of all digests, by path."""
        return await self._run(self._reading, Reader.ids)

    async def search(
        self,
        text: str,
        *,
        limit: int = PAGE,
        offset: int = 0,
        tag: str | None = None,
        since: date | None = None,
        until: date | None = None,
        fold: bool = True,
        today: date | None = None,
        titles: Mapping[str, str] = MappingProxyType({}),
    ) -> Results:
        """Answer whatever was typed; without *fold* each telling of a story is a hit.

        With *today*, days may be typed as yesterday or the month alone, and with *titles*, which
        are those of the sources by their names, sources by their titles.
        """
        families = (self._topics.family(tag) or (tag,),) if tag else ()
        narrowed = Query(topics=families, since=since, until=until)
        return await self._run(
            self._searching,
            lambda searcher: searcher.search(
                text, narrowed, limit=limit, offset=offset, fold=fold, today=today, titles=titles
            ),
        )

    async def topics_by_day(self, first: date = date.min) -> dict[str, dict[date, int]]:
        """Count the items of each topic on each day that has any, from a day on."""
        return await self._run(self._searching, lambda searcher: searcher.topics_by_day(first))

    async def topic_days(self, topic: str, first: date, last: date) -> dict[date, int]:
        """Count the items of a topic and those below it on each day that has any."""
        return await self._run(
            self._searching, lambda searcher: searcher.topic_days(topic, first, last)
        )

    async def topic_items(self, topic: str, *, limit: int = PAGE, offset: int = 0) -> Results:
        """Give the items of a topic and those below it, the newest first."""
        return await self._run(
            self._searching,
            lambda searcher: searcher.topic_items(topic, limit=limit, offset=offset),
        )

    async def roundup(
        self, first: date, last: date, *, limit: int = PAGE, offset: int = 0
    ) -> Results:
        """Give the stories of some days, those that most digests tell first."""
        return await self._run(
            self._searching,
            lambda searcher: searcher.roundup(first, last, limit=limit, offset=offset),
        )

    def _writer(self, connection: sqlite3.Connection) -> Writer:
        return Writer(connection, self._topics)

    def _searcher(self, connection: sqlite3.Connection) -> Searcher:
        return Searcher(connection, self._topics)

    def _unseen(self, paths: Set[str]) -> Iterator[tuple[Stamp, Report]]:
        if paths:
            with closing(connect(self._path)) as connection:
                yield from Reader(connection).unseen(paths)

    async def _build(self, everything: Iterable[tuple[Stamp, Report]], each: Each) -> None:
        """Let a new file, once everything is in it, take the place of the old one."""
        begin = partial(connect_new, self._new)
        try:
            await self._writing.run_on(begin, lambda writer: writer.fill(everything, each))
            async with self._replacing:
                await self._exchange(partial(take_place, self._new, self._path))
        finally:
            await asyncio.to_thread(discard, self._new)

    async def _check(self) -> None:
        if await self._run(self._writing, Writer.is_stale):
            self.stale.set()

    async def _write(self, task: Callable[[Writer], None]) -> None:
        """Write, unless the file is damaged: then what was to be written is not enough."""
        file = self._file
        try:
            await self._writing.run(task)
        except sqlite3.DatabaseError as error:
            await self._replace(file, error)

    async def _run(self, lane: Lane[_Worker], task: Callable[[_Worker], _Answer]) -> _Answer:
        file = self._file
        try:
            return await lane.run(task)
        except sqlite3.DatabaseError as error:
            await self._replace(file, error)
        return await lane.run(task)

    async def _replace(self, file: int, error: sqlite3.DatabaseError) -> None:
        """Begin an empty index in the place of a damaged one, once for all who met the damage."""
        if not is_damage(error):
            raise error
        async with self._replacing:
            if file == self._file:
                self.stale.set()
                await self._exchange(partial(begin_anew, self._path))

    async def _exchange(self, exchange: Callable[[], None]) -> None:
        """Exchange the file while nobody has it open."""
        async with AsyncExitStack() as stack:
            # Searches go on until the writer is done.
            for lane in self._lanes:
                await stack.enter_async_context(lane.resting())
            self._file += 1
            await asyncio.to_thread(exchange)
