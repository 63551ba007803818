"""The delivery worker: claims what is due, sends it, writes down what came of it.

One loop touches the database; it settles and claims in groups, in one transaction a beat.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from msgspec import Struct

from bot.model import Message
from bot.services.outcomes import (
    Address,
    Gone,
    Migrated,
    Outcome,
    Priority,
    Rejected,
    Retry,
    Sender,
    Sent,
)
from bot.services.settling import DOUBT_LASTS, settlement
from bot.storage import broadcasts, chats, outbox
from bot.storage.database import Database, Transaction
from bot.storage.errors import DatabaseUnavailable
from bot.storage.records import Delivery, DeliveryState, Doubt, Settlement, Summary

_log = structlog.get_logger(__name__)

# An answer is written down within 50 ms; until then others may join its transaction.
_BEAT = 0.02
# Another process (a command beside the bot) may have written into the outbox.
_LONGEST_SLEEP = 5.0
_DATABASE_PAUSE = 1.0


_MESSAGES_AT_HAND = 1000


class _Taken(Struct, frozen=True):
    """What the outbox gave; *again* is the next moment at which something is due."""

    claimed: Sequence[Delivery] = ()
    finished: Sequence[int] = ()
    again: datetime | None = None


class _Beat(Struct, frozen=True):
    """What was taken and what was settled in one transaction."""

    taken: _Taken
    settled: Sequence[tuple[Settlement, Outcome]] = ()


class Listener:
    """Is told what people want to know; does nothing by itself.

    It may take its time, but must not raise: what it raises ends the worker.
    """

    async def finished(self, summary: Summary) -> None:
        """Hear that a broadcast is through."""

    async def doubtful(self, doubts: Sequence[Doubt]) -> None:
        """Hear of posts in groups that may or may not have arrived."""

    async def refused(self, delivery: Delivery, outcome: Rejected | Sent) -> None:
        """Hear of a message that was not taken as it was."""


class DeliveryWorker:
    """Sends what the outbox owes."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        *,
        now: Callable[[], datetime],
        listener: Listener | None = None,
        in_flight: int = 32,
    ) -> None:
        self._database = database
        self._sender = sender
        self._now = now
        self._listener = listener or Listener()
        self._in_flight = in_flight
        # Claims come in groups: one for each free hand would be a statement a message.
        self._handful = max(in_flight // 4, 1)
        self._in_hand = 0
        self._answers: list[tuple[Delivery, Outcome]] = []
        self._messages: dict[int, Message] = {}
        self._turn = 0
        self._latest = now()
        self._paused_until: datetime | None = None
        self._woken = asyncio.Event()
        self._stopping = False

    async def run(self) -> None:
        """Send until `stop`; whatever is in hand then is still settled."""
        await self._recover()
        async with asyncio.TaskGroup() as tasks:
            again: datetime | None = self._now()
            while self._in_hand or self._answers or not self._stopping:
                await self._rest(again)
                self._woken.clear()
                beat = await self._try_beat()
                for delivery in beat.taken.claimed:
                    tasks.create_task(self._send(delivery), name=f"delivery {delivery.id}")
                if beat.settled:
                    tasks.create_task(self._tell(beat.settled), name="tell")
                for broadcast_id in beat.taken.finished:
                    tasks.create_task(self._report(broadcast_id), name=f"report {broadcast_id}")
                again = beat.taken.again

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping = True
        self._woken.set()

    def wake(self) -> None:
        """Look into the outbox now."""
        self._woken.set()

    async def resolve(self, delivery_id: int, *, sent: bool) -> bool:
        """Take an admin's word on a post in doubt; tell whether it still was."""
        async with self._database.transaction() as db:
            taken = await outbox.resolve(db, delivery_id, sent=sent, now=self._now())
        self.wake()
        return taken

    async def _recover(self) -> None:
        now = self._now()
        async with self._database.transaction() as db:
            await outbox.recover(db, now, doubt_until=now + DOUBT_LASTS)
            await outbox.heed_clock(db, now)
            doubts = await outbox.doubtful(db)
            unreported = await broadcasts.unreported(db)
        if doubts:
            await self._listener.doubtful(doubts)
        for broadcast_id in unreported:
            await self._report(broadcast_id)

    async def _send(self, delivery: Delivery) -> None:
        thread_id = 0 if delivery.main_thread else delivery.thread_id
        address = Address(delivery.chat_id, thread_id)
        message = self._messages[delivery.message]
        outcome = await self._sender.send(address, message, Priority.BROADCAST)
        self._answers.append((delivery, outcome))
        self._woken.set()

    async def _rest(self, again: datetime | None) -> None:
        wait = _LONGEST_SLEEP
        if again is not None:
            wait = min(wait, max((again - self._now()).total_seconds(), 0.0))
        try:
            async with asyncio.timeout(wait):
                await self._woken.wait()
        except TimeoutError:
            return
        await asyncio.sleep(_BEAT)

    async def _try_beat(self) -> _Beat:
        try:
            return await self._beat()
        except DatabaseUnavailable as exc:
            # The answers are kept: what was sent must not be sent again.
            _log.warning("outbox not writable, trying again", error=str(exc))
            await asyncio.sleep(_DATABASE_PAUSE)
            return _Beat(_Taken(again=self._now()))

    async def _beat(self) -> _Beat:
        """Settle what was answered and claim what is due, in one transaction."""
        now = self._now()
        answers = self._answers[:]
        self._note_pause(answers, now)
        free = self._in_flight - self._in_hand + len(answers)
        async with self._database.transaction() as db:
            if now < self._latest:
                await outbox.heed_clock(db, now)
            settled = await self._settle(db, answers, now)
            taken = await self._take(db, free, now) if free >= self._handful else _Taken()
        del self._answers[: len(answers)]
        self._in_hand += len(taken.claimed) - len(answers)
        self._latest = now
        news = [(one, outcome) for one, (_, outcome) in zip(settled, answers, strict=True)]
        return _Beat(taken, news)

    async def _take(self, db: Transaction, free: int, now: datetime) -> _Taken:
        """Claim what is due; once that is all, see what is through and when to come back."""
        claimed = await self._claim(db, free, now)
        await self._load(db, claimed)
        if len(claimed) == free:
            return _Taken(claimed)
        again = await outbox.next_due(db, now)
        return _Taken(claimed, await outbox.finish(db, now), again)

    async def _settle(
        self, db: Transaction, answers: Sequence[tuple[Delivery, Outcome]], now: datetime
    ) -> list[Settlement]:
        settled = [
            settlement(delivery, outcome, now, random.random())  # noqa: S311 - spreads waits
            for delivery, outcome in answers
        ]
        await outbox.settle(db, settled, now)
        for delivery, outcome in answers:
            match outcome:
                case Gone(reason):
                    await chats.mark_gone(db, delivery.chat_id, reason, now)
                case Migrated(new_id):
                    await chats.move(db, delivery.chat_id, new_id, now)
                case _:
                    pass
        return settled

    async def _claim(self, db: Transaction, free: int, now: datetime) -> list[Delivery]:
        """Claim for all open broadcasts in turn, so that none waits for another's end."""
        if self._stopping or (self._paused_until and now < self._paused_until):
            return []
        waiting = deque(await outbox.sending(db))
        self._turn += 1
        waiting.rotate(self._turn)
        claimed: list[Delivery] = []
        while waiting and len(claimed) < free:
            share = -(-(free - len(claimed)) // len(waiting))
            broadcast_id = waiting.popleft()
            got = await outbox.claim(db, broadcast_id, share, now)
            claimed += got
            if len(got) == share:
                waiting.append(broadcast_id)
        return claimed

    def _note_pause(self, answers: Sequence[tuple[Delivery, Outcome]], now: datetime) -> None:
        for _, outcome in answers:
            if isinstance(outcome, Retry) and outcome.whole_bot and outcome.after:
                self._paused_until = now + timedelta(seconds=outcome.after)

    async def _load(self, db: Transaction, claimed: Sequence[Delivery]) -> None:
        """Have the messages of *claimed* at hand, and no others for long."""
        if len(self._messages) > _MESSAGES_AT_HAND:
            self._messages.clear()
        missing = {delivery.message for delivery in claimed} - self._messages.keys()
        if missing:
            self._messages |= await outbox.bodies(db, missing)

    async def _tell(self, settled: Sequence[tuple[Settlement, Outcome]]) -> None:
        doubtful = {one.delivery.id for one, _ in settled if one.state is DeliveryState.IN_DOUBT}
        if doubtful:
            async with self._database.reading() as db:
                doubts = await outbox.doubtful(db)
            await self._listener.doubtful([d for d in doubts if d.delivery_id in doubtful])
        for one, outcome in settled:
            if isinstance(outcome, Rejected) or (isinstance(outcome, Sent) and outcome.plain):
                await self._listener.refused(one.delivery, outcome)

    async def _report(self, broadcast_id: int) -> None:
        async with self._database.reading() as db:
            summary = await broadcasts.summary(db, broadcast_id)
        if summary is None:
            return
        progress = summary.progress
        _log.info(
            "broadcast finished",
            broadcast=broadcast_id,
            digest=summary.digest_id,
            total=progress.total,
            sent=progress.sent,
            failed=progress.failed,
            skipped=progress.skipped,
            seconds=(summary.finished_at - summary.started_at).total_seconds(),
        )
        await self._listener.finished(summary)
        # Where this cannot be written down, the result is told again at the next start.
        with suppress(DatabaseUnavailable):
            async with self._database.transaction() as db:
                await broadcasts.mark_reported(db, summary, self._now())
