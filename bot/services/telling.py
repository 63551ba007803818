"""What delivery has to tell: results, posts in doubt, refused messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from datetime import datetime

import structlog

from bot.services.outcomes import Outcome, Partly, Rejected, Sent
from bot.services.patience import Patience
from bot.services.settling import Answer, goes_to_main_thread
from bot.storage import broadcasts, doubts, results
from bot.storage.database import Database
from bot.storage.records import Delivery, Doubt, Instead, Refused, Summary

_log = structlog.get_logger(__name__)

_REFUSALS_KEPT = 1000
_SHORTEST_WAIT = 0.1


class Listener:
    """Is told what people want to know; does nothing by itself.

    It may take its time. Where it finds the database unusable it is told again.
    """

    async def finished(self, summary: Summary) -> None:
        """Hear that a broadcast is through, or all of it but what waits for its moment."""

    async def doubtful(self, doubts: Sequence[Doubt]) -> None:
        """Hear of posts in groups that may or may not have arrived."""

    async def refused(self, refused: Refused) -> None:
        """Hear of a message that was not taken as it was, once a broadcast, reason and place."""


class Teller:
    """Tells a listener what came of deliveries; waits for the database where it must."""

    def __init__(
        self,
        database: Database,
        listener: Listener,
        now: Callable[[], datetime],
        waited: Callable[[], Mapping[str, float]],
        patience: Patience,
    ) -> None:
        self._database = database
        self._listener = listener
        self._now = now
        self._waited = waited
        self._patience = patience
        self._waited_before: dict[int, Mapping[str, float]] = {}
        self._refusals: set[tuple[int, str, Instead | None, tuple[int, int] | None]] = set()

    def began(self, broadcast_id: int) -> None:
        """Measure the waits of a broadcast from here, unless that is done already."""
        self._waited_before.setdefault(broadcast_id, dict(self._waited()))

    async def all_doubts(self) -> None:
        """Tell of all posts in doubt."""
        await self._patience("questions to admins", lambda: self._doubts(None))

    async def settled(self, answers: Sequence[Answer], doubtful: Set[int]) -> None:
        """Tell what people should know of these answers; *doubtful*: deliveries, since now."""
        if doubtful:
            await self._patience("questions to admins", lambda: self._doubts(doubtful))
        for delivery, outcome in answers:
            await self._refusal(delivery, outcome)

    async def finished(self, broadcast_id: int) -> None:
        """Log and tell the result of a broadcast, and write down that it was told."""
        summary = await self._patience("a result", lambda: self._summary(broadcast_id))
        if summary is None:
            return
        self._log(summary)
        # Where this cannot be written down, the result is told again at the next start.
        await self._patience("a result", lambda: self._listener.finished(summary))
        await self._patience("a result", lambda: self._mark_told(summary))

    async def _doubts(self, fresh: Set[int] | None) -> None:
        async with self._database.reading() as db:
            known = await doubts.doubtful(db)
        wanted = [doubt for doubt in known if fresh is None or doubt.delivery_id in fresh]
        if wanted:
            await self._listener.doubtful(wanted)

    async def _refusal(self, delivery: Delivery, outcome: Outcome) -> None:
        match outcome:
            case Rejected(reason):
                moves = goes_to_main_thread(delivery, outcome)
                instead = Instead.MAIN_THREAD if moves else None
            case Sent(plain=str(reason)) | Partly(plain=reason):
                instead = Instead.PLAIN
            case _:
                return
        # Places in groups are put right one by one; what people cannot get is the same for all.
        place = None if delivery.private else (delivery.chat_id, delivery.topic)
        key = (delivery.broadcast_id, reason, instead, place)
        if key in self._refusals:
            return
        if len(self._refusals) >= _REFUSALS_KEPT:
            self._refusals.clear()
        self._refusals.add(key)
        await self._patience("a refusal", lambda: self._refused(delivery, reason, instead))

    async def _refused(self, delivery: Delivery, reason: str, instead: Instead | None) -> None:
        async with self._database.reading() as db:
            digest_id, title = await broadcasts.names(db, delivery.broadcast_id, delivery.chat_id)
        _log.warning(
            "message refused",
            broadcast=delivery.broadcast_id,
            digest=digest_id,
            chat=delivery.chat_id,
            task=delivery.task.value,
            reason=reason,
            instead=instead and instead.value,
        )
        await self._listener.refused(Refused(delivery, reason, instead, title, digest_id))

    async def _summary(self, broadcast_id: int) -> Summary | None:
        async with self._database.reading() as db:
            return await results.summary(db, broadcast_id)

    async def _mark_told(self, summary: Summary) -> None:
        async with self._database.transaction() as db:
            await results.mark_reported(db, summary, self._now())

    def _log(self, summary: Summary) -> None:
        before = self._waited_before.pop(summary.broadcast_id, self._waited())
        waits = {
            cause: round(seconds - before.get(cause, 0.0), 1)
            for cause, seconds in self._waited().items()
            if seconds - before.get(cause, 0.0) >= _SHORTEST_WAIT
        }
        progress = summary.progress
        _log.info(
            "broadcast finished" if progress.done else "broadcast waits",
            broadcast=summary.broadcast_id,
            digest=summary.digest_id,
            total=progress.total,
            sent=progress.sent,
            failed=progress.failed,
            skipped=progress.skipped,
            recalled=progress.recalled,
            never_sent=progress.never_sent,
            waiting=progress.waiting,
            seconds=(summary.finished_at - summary.started_at).total_seconds(),
            waited=waits,
        )
