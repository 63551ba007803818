"""Publishing: a due digest becomes a broadcast, its messages and its deliveries, once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Protocol

import structlog

from bot.model import Digest, Source
from bot.services.addressing import Issue, moments_of, owe_subscribers
from bot.services.foresight import Foresight
from bot.services.patience import PAUSE
from bot.services.publications import (
    AlreadyPublished,
    Nobody,
    Published,
    Publishing,
    SourceAway,
    Stopped,
    TakenBack,
    Unknown,
)
from bot.services.schedule import Schedule
from bot.storage import amendments, audience, broadcasts, targets, verdicts
from bot.storage.database import Database, Transaction
from bot.storage.errors import DatabaseUnavailable
from bot.storage.records import Posted, Rendered, Target

_log = structlog.get_logger(__name__)

# Clocks are set and machines sleep: a long wait is cut into short ones.
_LONGEST_SLEEP = timedelta(minutes=1)
_LOOK_AHEAD = timedelta(days=7)
# For so long after its day the posts of a digest follow its file.
_AMENDED = timedelta(days=7)


class Archive(Protocol):
    """Gives the digests that may be pushed, and what their sources decide."""

    async def digest(self, digest_id: str) -> Digest | None:
        """Find a digest, also one that is not pushed by itself."""

    async def between(
        self, first: date, last: date, excused: Mapping[str, Set[str]] = MappingProxyType({})
    ) -> Sequence[Digest]:
        """Give the digests of these days that may be pushed, the oldest first.

        Those with which nothing is wrong but what is *excused*, by their ids, are among them.
        """

    def source(self, name: str) -> Source | None:
        """Find a source by its name."""


async def posted_texts(database: Database) -> dict[str, str]:
    """Give the ids of all digests that were published, by the hashes of their contents."""
    async with database.reading() as db:
        return await broadcasts.by_content(db)


class Publisher:
    """Publishes digests when they are due; may be asked any number of times."""

    def __init__(
        self,
        database: Database,
        archive: Archive,
        render: Callable[[Digest], Rendered],
        *,
        schedule: Schedule,
        target_names: Sequence[str],
        now: Callable[[], datetime],
        on_published: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._archive = archive
        self._render = render
        self._schedule = schedule
        self._target_names = tuple(target_names)
        self._now = now
        self._on_published = on_published
        self._last_look: datetime | None = None
        self._woken = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Publish what is due and amend what was corrected, until stopped."""
        while not self._stopping:
            self._woken.clear()
            try:
                await self.publish_due()
                await self.amend_corrected()
            except DatabaseUnavailable as exc:
                _log.warning("database not usable", delays="publishing", error=str(exc))
                await asyncio.sleep(PAUSE)
                continue
            await self._sleep()

    def stop(self) -> None:
        """Ask `run` to end; what it is writing is written to its end."""
        self._stopping = True
        self._woken.set()

    def wake(self) -> None:
        """Look again now: the archive, the targets or the clock changed."""
        self._woken.set()

    async def publish_due(self) -> list[Published]:
        """Publish all that is due and not too late; give what is new."""
        now = self._now()
        digests = await self._archive.between(*self._schedule.window(now))
        due = [digest for digest in digests if self._due_at(digest) <= now]
        results = [await self._publish_one(digest) for digest in due]
        self._last_look = now
        return [result for result in results if isinstance(result, Published)]

    async def publish(self, digest_id: str) -> Publishing:
        """Publish one digest now, however old, to all targets and subscribers."""
        digest = await self._archive.digest(digest_id)
        if digest is None:
            return Unknown(digest_id)
        return await self._publish(digest, since=None)

    async def amend_corrected(self) -> list[str]:
        """Let the posts of the last days say what their digests say now; give those that differ."""
        today = self._schedule.today(self._now())
        async with self._database.reading() as db:
            excused = await verdicts.excused(db)
        last = today + timedelta(days=1)
        digests = await self._archive.between(today - _AMENDED, last, excused)
        by_id = {digest.id: digest for digest in digests}
        async with self._database.reading() as db:
            posts = await amendments.posted(db, by_id.keys())
        corrected = [
            post for post in posts if by_id[post.digest_id].content_hash != post.content_hash
        ]
        return [
            post.digest_id for post in corrected if await self._amend(by_id[post.digest_id], post)
        ]

    async def next_due(self) -> datetime | None:
        """Give the moment at which the next digest of the archive is due."""
        now = self._now()
        today = self._schedule.today(now)
        coming = await self._archive.between(today, today + _LOOK_AHEAD)
        moments = [self._due_at(digest) for digest in coming]
        return min((moment for moment in moments if moment > now), default=None)

    async def _sleep(self) -> None:
        due = await self.next_due()
        wait = _LONGEST_SLEEP if due is None else min(due - self._now(), _LONGEST_SLEEP)
        try:
            async with asyncio.timeout(max(wait.total_seconds(), 0.0)):
                await self._woken.wait()
        except TimeoutError:
            return

    def _due_at(self, digest: Digest) -> datetime:
        return self._schedule.due_at(digest, self._archive.source(digest.source))

    def _out_since(self, digest: Digest, now: datetime) -> datetime:
        source = self._archive.source(digest.source)
        return self._schedule.out_since(digest, source, self._last_look, now)

    async def _amend(self, digest: Digest, post: Posted) -> bool:
        try:
            rendered = self._render(digest)
        except (LookupError, TypeError, ValueError):
            _log.exception("digest not rendered", digest=digest.id)
            return False
        async with self._database.transaction() as db:
            differs = await amendments.amend(db, post, digest.content_hash, rendered, self._now())
        if differs:
            _log.info("digest corrected", digest=digest.id)
            self._on_published()
        return differs

    async def _publish_one(self, digest: Digest) -> Publishing | None:
        try:
            return await self._publish(digest, since=digest.day)
        except (LookupError, TypeError, ValueError):
            _log.exception("digest not published", digest=digest.id)
            return None

    async def _publish(self, digest: Digest, since: date | None) -> Publishing:
        """Write broadcast, messages and deliveries in one transaction.

        *since*: only targets that were there on that day; None: all of them.
        """
        source = self._archive.source(digest.source)
        if source is None:
            return SourceAway(digest.id)
        issue = self._issue(digest, since)
        moments = moments_of(issue)
        if not await self._is_published(digest):
            await moments.work_out(self._database)
        async with self._database.transaction() as db:
            places = await self._places(db, source, since)
            broadcast_id = await broadcasts.of_digest(db, digest.id)
            if broadcast_id is None:
                result = await self._open(db, digest, places, issue, moments)
            else:
                result = await self._complete(db, digest, places, broadcast_id, since)
        if isinstance(result, Published):
            _log.info("digest published", digest=digest.id, deliveries=result.deliveries)
            self._on_published()
        return result

    def _issue(self, digest: Digest, since: date | None) -> Issue:
        now = self._now()
        joined_before = self._schedule.end_of(since) if since else now
        out = self._out_since(digest, now) if since else now
        return Issue(now, joined_before, out, self._schedule.timezone, heeds_hours=True)

    async def _is_published(self, digest: Digest) -> bool:
        async with self._database.reading() as db:
            return await broadcasts.of_digest(db, digest.id) is not None

    async def _open(
        self,
        db: Transaction,
        digest: Digest,
        places: Sequence[Target],
        issue: Issue,
        moments: Foresight,
    ) -> Publishing:
        now = issue.now
        broadcast_id = await broadcasts.add_digest(db, digest.id, digest.content_hash, now)
        await broadcasts.freeze(db, broadcast_id, self._render(digest))
        count = await audience.owe_targets(db, broadcast_id, places, now)
        count += await owe_subscribers(db, broadcast_id, issue, moments)
        if not count:
            # Whoever joins while it may still be pushed shall get it.
            await broadcasts.discard(db, broadcast_id)
            return Nobody(digest.id)
        await audience.leave_out(db, broadcast_id, places, now)
        return Published(digest.id, broadcast_id, count)

    async def _complete(
        self,
        db: Transaction,
        digest: Digest,
        places: Sequence[Target],
        broadcast_id: int,
        since: date | None,
    ) -> Publishing:
        if await broadcasts.is_taken_back(db, broadcast_id):
            return TakenBack(digest.id, broadcast_id)
        if await broadcasts.is_stopped(db, broadcast_id):
            return Stopped(digest.id, broadcast_id)
        now = self._now()
        count = await audience.owe_targets(db, broadcast_id, places, now)
        if since is None:
            # Somebody asks for it: what a group refused may have been mended there.
            count += await audience.owe_failed(db, broadcast_id, places, now)
        if not count:
            return AlreadyPublished(digest.id, broadcast_id)
        await broadcasts.reopen(db, broadcast_id, now)
        return Published(digest.id, broadcast_id, count)

    async def _places(self, db: Transaction, source: Source, since: date | None) -> list[Target]:
        names = self._target_names if source.targets is None else source.targets
        found = await targets.known(db, names)
        return [place for place in found if since is None or place.first_seen <= since]
