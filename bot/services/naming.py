"""Which id each file of the archive holds: it keeps its own while its path or its text stays."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Set
from datetime import date
from typing import NamedTuple, TypeAlias

from bot.digests.dates import in_path
from bot.digests.identity import content_of, told_apart, words_of
from bot.model import Digest, Report
from bot.search.index import Index

Posted: TypeAlias = Callable[[], Awaitable[Mapping[str, str]]]
"""Gives the ids of the digests that were posted, by the hashes of their contents."""

# So many files that are gone are known by their words: an archive moved as a whole is read anew.
MOST_GONE = 100


async def nothing_posted() -> Mapping[str, str]:
    """Give no ids, where nothing is ever posted."""
    return {}


class _Gone(NamedTuple):
    """A digest whose file is gone: its id, and what may tell who follows it."""

    digest_id: str
    words: str
    source: str
    day: date
    keys: frozenset[str]


class Naming:
    """Gives ids, and remembers who has which also while a file cannot be read."""

    def __init__(self, index: Index, posted: Posted) -> None:
        self._index = index
        self._posted = posted
        self._held: dict[str, str] = {}
        self._gone: deque[_Gone] = deque(maxlen=MOST_GONE)

    async def begin(self) -> None:
        """Learn what is in the index, once."""
        if not self._held:
            self._held = await self._index.ids()

    def ids_of(self, paths: Iterable[str]) -> set[str]:
        """Give the ids that some files hold."""
        return {self._held[path] for path in paths if path in self._held}

    async def leave(self, paths: Iterable[str]) -> None:
        """Free the ids of files that are gone; whoever comes to say the same gets them."""
        ids = [self._held.pop(path) for path in sorted(paths) if path in self._held]
        for digest_id in ids[:MOST_GONE]:
            if digest := await self._index.digest(digest_id):
                self._gone.append(
                    _Gone(digest_id, words_of(digest), digest.source, digest.day, _keys(digest))
                )

    async def name(self, reports: Mapping[str, Report]) -> Iterator[Report]:
        """Give ids to some files among all that are there."""
        for path in self._held.keys() & reports.keys():
            if not in_path(path) and await self._is_another_issue(path, reports[path].digest):
                del self._held[path]
        texts = {**await self._posted(), **self._left_to(reports)}
        ordered = [reports[path] for path in sorted(reports)]
        twins = await self._others_of_their_days(reports)
        return self._noted(told_apart(ordered, dict(self._held), texts, twins))

    async def name_all(self, reports: Iterable[Report], paths: Set[str]) -> Iterator[Report]:
        """Give ids to all files that are there, as they are read."""
        # What lies at a path without a day may be another day's by now: its text decides.
        self._held = {
            path: own for path, own in self._held.items() if path in paths and in_path(path)
        }
        return self._noted(told_apart(reports, dict(self._held), await self._posted()))

    def _left_to(self, reports: Mapping[str, Report]) -> dict[str, str]:
        """Give the ids of digests that are gone, by the words of those that follow them."""
        found = {gone.words: gone.digest_id for gone in self._gone}
        new = [one.digest for path, one in reports.items() if path not in self._held]
        for digest in filter(None, new):
            followed = (gone for gone in self._gone if _follows(digest, gone))
            if gone := next(followed, None):
                found[words_of(digest)] = gone.digest_id
        return found

    async def _others_of_their_days(self, reports: Mapping[str, Report]) -> dict[str, str]:
        """Give the files of the same days that are not among these, by what they say."""
        paths = {own: path for path, own in self._held.items() if path not in reports}
        days = {report.digest.day for report in reports.values() if report.digest}
        heads = [head for day in days for head in await self._index.on(day) if head.id in paths]
        others = [await self._index.digest(head.id) for head in heads]
        return {content_of(other): paths[other.id] for other in others if other}

    async def _is_another_issue(self, path: str, new: Digest | None) -> bool:
        """Tell a file that is written anew each day, such as latest.md, from a corrected one."""
        old = await self._index.digest(self._held[path])
        if old is None or new is None:
            return False
        return old.day != new.day and words_of(old) != words_of(new)

    def _noted(self, reports: Iterable[Report]) -> Iterator[Report]:
        for report in reports:
            if report.digest:
                self._held[report.path] = report.digest.id
            yield report


def _follows(digest: Digest, gone: _Gone) -> bool:
    """Tell whether a file was moved and edited at once: most of its stories are the same."""
    if (digest.source, digest.day) != (gone.source, gone.day):
        return False
    keys = _keys(digest)
    return max(len(keys), len(gone.keys)) < 2 * len(keys & gone.keys)


def _keys(digest: Digest) -> frozenset[str]:
    return frozenset(item.key for item in digest.items)
