"""Announcements of admins: drafted, confirmed once, watched, stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from msgspec import Struct

from bot.model import Message
from bot.services.addressing import Issue, moments_of, owe_subscribers
from bot.storage import amendments, audience, broadcasts, delays, results, targets, waiting
from bot.storage.database import Database
from bot.storage.errors import StorageError
from bot.storage.records import Delay, Progress, Rendered, UnderWay

log = structlog.get_logger()

# What is older than two days stays, but may still be edited; an hour is for those that wait.
_DELETABLE = timedelta(hours=47)
_UTC = ZoneInfo("UTC")


class Draft(Struct, frozen=True):
    """An announcement that waits for its confirmation; *recipients* are chats."""

    id: int
    recipients: int


class Broadcasts:
    """What admins send to all targets and subscribers."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        on_confirmed: Callable[[], None] = lambda: None,
        timezone: ZoneInfo = _UTC,
    ) -> None:
        self._database = database
        self._now = now
        self._timezone = timezone
        self._on_confirmed = on_confirmed

    async def draft(self, admin_id: int, messages: Sequence[Message]) -> Draft:
        """Keep *messages* for *admin_id* to confirm."""
        parts = tuple(messages)
        async with self._database.transaction() as db:
            draft_id = await broadcasts.add_draft(db, admin_id, self._now())
            await broadcasts.freeze(db, draft_id, Rendered(parts, parts))
            return Draft(draft_id, await audience.recipients(db))

    async def confirm(self, draft_id: int, admin_id: int) -> bool:
        """Send a draft, once; only the admin who saw its preview may."""
        now = self._now()
        issue = Issue(now, now, now, self._timezone, heeds_hours=False)
        moments = moments_of(issue)
        await moments.work_out(self._database)
        async with self._database.transaction() as db:
            if not await broadcasts.start(db, draft_id, admin_id, now):
                return False
            places = await targets.active(db)
            await audience.owe_targets(db, draft_id, places, now)
            await owe_subscribers(db, draft_id, issue, moments)
            await audience.leave_out(db, draft_id, places, now)
        self._on_confirmed()
        return True

    async def drop(self, draft_id: int) -> bool:
        """Drop a draft, never what is on its way; any admin may."""
        async with self._database.transaction() as db:
            return await broadcasts.drop(db, draft_id, self._now())

    async def stop(self, broadcast_id: int) -> bool:
        """Send a broadcast to nobody more, tell whether it was being sent; any admin may.

        Who has got the beginning of a text still gets the rest.
        """
        async with self._database.transaction() as db:
            stopped = await broadcasts.stop(db, broadcast_id)
            if stopped:
                await waiting.let_go_of_unbegun(db, [broadcast_id], self._now())
        self._on_confirmed()
        return stopped

    async def recall(self, broadcast_id: int, admin_id: int, notice: Message) -> bool:
        """Take a broadcast back, once: delete it, or where it is too old put *notice* there."""
        now = self._now()
        async with self._database.transaction() as db:
            if not await amendments.may_recall(db, broadcast_id, admin_id):
                return False
            await amendments.recall(db, broadcast_id, notice, now - _DELETABLE, now)
        self._on_confirmed()
        return True

    async def delays(self) -> tuple[Delay, ...]:
        """Count what is sent later than it could be, by reason."""
        async with self._database.reading() as db:
            return await delays.delays(db, self._now())

    async def under_way(self) -> list[UnderWay]:
        """Give all that is being sent, and how far it is."""
        async with self._database.reading() as db:
            return await results.under_way(db)

    async def follow(self, broadcast_id: int, chat_id: int, message_id: int) -> None:
        """Let a message tell how far a broadcast is, also when that has come to its end.

        What cannot be noted hinders no look.
        """
        try:
            async with self._database.transaction() as db:
                await results.follow(db, broadcast_id, chat_id, message_id)
        except StorageError as error:
            log.warning("followed message not noted", error=str(error))

    async def opening(self, broadcast_id: int) -> Message | None:
        """Give the message that it began with; None where there is no such broadcast."""
        async with self._database.reading() as db:
            return await results.opening(db, broadcast_id)

    async def progress(self, broadcast_id: int) -> Progress | None:
        """Count what became of it so far; None where there is no such broadcast."""
        async with self._database.reading() as db:
            return await results.progress(db, broadcast_id)
