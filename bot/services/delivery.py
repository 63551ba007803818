"""The delivery worker: claims what is due, sends it, writes down what came of it.

One loop touches the database; it settles and claims in groups, in one transaction a beat.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias

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
from bot.services.patience import PAUSE, Patience
from bot.services.settling import DOUBT_LASTS, settlement
from bot.services.telling import Listener, Teller
from bot.storage import broadcasts, chats, doubts, outbox, recovery, settlements, waiting
from bot.storage.database import Database, Transaction
from bot.storage.errors import DatabaseUnavailable
from bot.storage.records import Delivery, Settlement

_log = structlog.get_logger(__name__)

# An answer is written down within 50 ms; until then others may join its transaction.
_BEAT = 0.035
# Another process (a command beside the bot) may have written into the outbox.
_LONGEST_SLEEP = 5.0
_MESSAGES_AT_HAND = 1000
# Who stops the bot while the disk is full cannot wait for ever.
_FAREWELL_TRIES = 10
# While the line is long, others' answers may be all that moves it.
_CROWDED = timedelta(seconds=0.1)
# A machine that slept, or a clock that was set on, may have let moments pass.
_SLEPT = timedelta(minutes=1)

CatchUp: TypeAlias = Callable[[Transaction, datetime], Awaitable[None]]
"""Puts moments right that passed while nobody was looking."""


class _Taken(Struct, frozen=True):
    """What the outbox gave; *again* is the next moment at which something is due."""

    claimed: Sequence[Delivery] = ()
    finished: Sequence[int] = ()
    again: datetime | None = None


class _Beat(Struct, frozen=True):
    """What was taken and what was settled in one transaction."""

    taken: _Taken
    settled: Sequence[tuple[Settlement, Outcome]] = ()


class DeliveryWorker:
    """Sends what the outbox owes."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        *,
        now: Callable[[], datetime],
        listener: Listener | None = None,
        catch_up: CatchUp | None = None,
        in_flight: int = 32,
    ) -> None:
        self._database = database
        self._sender = sender
        self._now = now
        self._patience = Patience()
        self._teller = Teller(database, listener or Listener(), now, sender.waited, self._patience)
        self._catch_up = catch_up
        self._in_flight = in_flight
        # Claims come in groups: one for each free hand would be a statement a message.
        self._handful = max(in_flight // 8, 1)
        # What waits in line has no use of it, and may be sent twice after a crash.
        self._longest_queue = max(in_flight // 3, 1)
        self._in_hand = 0
        self._answers: list[tuple[Delivery, Outcome]] = []
        self._messages: dict[int, Message] = {}
        self._turn = 0
        self._latest = now()
        self._paused_until: datetime | None = None
        self._woken = asyncio.Event()
        self._stopping = False
        self._farewells = 0

    async def run(self) -> None:
        """Send until `stop`; whatever is in hand then is still settled."""
        unreported = await self._patience("the start", self._recover)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._teller.all_doubts(), name="tell doubts")
            self._report(tasks, unreported or ())
            again: datetime | None = self._now()
            while self._in_hand or self._answers or not self._stopping:
                await self._rest(again)
                self._woken.clear()
                beat = await self._try_beat()
                for delivery in beat.taken.claimed:
                    self._teller.began(delivery.broadcast_id)
                    tasks.create_task(self._send(delivery), name=f"delivery {delivery.id}")
                if beat.settled:
                    tasks.create_task(self._teller.settled(beat.settled), name="tell")
                self._report(tasks, beat.taken.finished)
                again = beat.taken.again

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping = True
        self._patience.stop()
        self._woken.set()

    def wake(self) -> None:
        """Look into the outbox now."""
        self._woken.set()

    async def resolve(self, delivery_id: int, *, sent: bool) -> bool:
        """Take an admin's word on a post in doubt; tell whether it still was."""
        async with self._database.transaction() as db:
            taken = await doubts.resolve(db, delivery_id, sent=sent, now=self._now())
        self.wake()
        return taken

    def _report(self, tasks: asyncio.TaskGroup, finished: Sequence[int]) -> None:
        for broadcast_id in finished:
            tasks.create_task(self._teller.finished(broadcast_id), name=f"report {broadcast_id}")

    async def _recover(self) -> Sequence[int]:
        """Put right what a crash left; give the broadcasts whose result nobody was told."""
        now = self._now()
        async with self._database.transaction() as db:
            await recovery.recover(db, now, doubt_until=now + DOUBT_LASTS)
            await recovery.heed_clock(db, now)
            if self._catch_up:
                await self._catch_up(db, now)
            return await broadcasts.unreported(db)

    async def _send(self, delivery: Delivery) -> None:
        outcome = await self._try(delivery)
        self._answers.append((delivery, outcome))
        self._woken.set()

    async def _try(self, delivery: Delivery) -> Outcome:
        """Bring the chat one step nearer to what it should see."""
        thread_id = 0 if delivery.main_thread else delivery.thread_id
        address, priority = Address(delivery.chat_id, thread_id), Priority.BROADCAST
        if delivery.sent_id == 0:
            return Rejected("the number of its message is not known")
        if delivery.message is None:
            there = [number for number in (*delivery.pieces, delivery.sent_id) if number]
            return await self._sender.delete(address, there, priority) if there else Sent(0)
        message = self._messages[delivery.message]
        if delivery.sent_id is not None:
            return await self._sender.edit(address, delivery.sent_id, message, priority)
        pieces = len(delivery.pieces)
        return await self._sender.send(address, message, priority, pieces=pieces)

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
            if self._stopping:
                self._part()
            await asyncio.sleep(PAUSE)
            return _Beat(_Taken(again=self._now()))

    def _part(self) -> None:
        """Let go of answers that cannot be written down before the end."""
        self._farewells += 1
        if self._farewells == _FAREWELL_TRIES:
            _log.error("answers not written down, may be sent again", count=len(self._answers))
            self._in_hand -= len(self._answers)
            self._answers.clear()

    async def _beat(self) -> _Beat:
        """Settle what was answered and claim what is due, in one transaction."""
        now = self._now()
        answers = self._answers[:]
        self._note_pause(answers, now)
        free = self._free(answers)
        async with self._database.transaction() as db:
            if now < self._latest:
                await recovery.heed_clock(db, now)
            if self._catch_up and now > self._latest + _SLEPT:
                await self._catch_up(db, now)
            sending = await outbox.sending(db)
            settled = await self._settle(db, answers, sending, now)
            if free >= self._handful:
                taken = await self._take(db, sending, free, now)
            else:
                taken = _Taken(again=now + _CROWDED)
        del self._answers[: len(answers)]
        self._in_hand += len(taken.claimed) - len(answers)
        self._latest = now
        news = [(one, outcome) for one, (_, outcome) in zip(settled, answers, strict=True)]
        return _Beat(taken, news)

    def _free(self, answers: Sequence[object]) -> int:
        """Count what may be claimed: hands that are free, while the line is short."""
        hands = self._in_flight - self._in_hand + len(answers)
        return min(hands, self._longest_queue - self._sender.queued())

    async def _take(
        self, db: Transaction, sending: Mapping[int, bool], free: int, now: datetime
    ) -> _Taken:
        """Claim what is due; once that is all, see what is through and when to come back."""
        claimed = await self._claim(db, sending, free, now)
        await self._load(db, claimed)
        if len(claimed) == free:
            return _Taken(claimed)
        again = await outbox.next_due(db, sending, now)
        finished = await outbox.finish(db, now)
        return _Taken(claimed, (*finished, *await waiting.through(db, now)), again)

    async def _settle(
        self,
        db: Transaction,
        answers: Sequence[tuple[Delivery, Outcome]],
        sending: Mapping[int, bool],
        now: datetime,
    ) -> list[Settlement]:
        settled = [
            settlement(delivery, outcome, now, random.random())  # noqa: S311 - spreads waits
            for delivery, outcome in answers
        ]
        await settlements.settle(db, settled, sending, now)
        for delivery, outcome in answers:
            match outcome:
                case Gone(reason):
                    await chats.mark_gone(db, delivery.chat_id, reason, now)
                case Migrated(new_id):
                    await chats.move(db, delivery.chat_id, new_id, now)
                case _:
                    pass
        return settled

    async def _claim(
        self, db: Transaction, sending: Iterable[int], free: int, now: datetime
    ) -> list[Delivery]:
        """Claim for all open broadcasts in turn, so that none waits for another's end."""
        if self._stopping or (self._paused_until and now < self._paused_until):
            return []
        line = deque(sending)
        self._turn += 1
        line.rotate(self._turn)
        claimed: list[Delivery] = []
        while line and len(claimed) < free:
            share = -(-(free - len(claimed)) // len(line))
            broadcast_id = line.popleft()
            got = await outbox.claim(db, broadcast_id, share, now)
            claimed += got
            if len(got) == share:
                line.append(broadcast_id)
        return claimed

    def _note_pause(self, answers: Sequence[tuple[Delivery, Outcome]], now: datetime) -> None:
        for _, outcome in answers:
            if isinstance(outcome, Retry) and outcome.whole_bot and outcome.after:
                self._paused_until = now + timedelta(seconds=outcome.after)

    async def _load(self, db: Transaction, claimed: Sequence[Delivery]) -> None:
        """Have the messages of *claimed* at hand, and no others for long."""
        if len(self._messages) > _MESSAGES_AT_HAND:
            self._messages.clear()
        wanted = {delivery.message for delivery in claimed if delivery.message is not None}
        missing = wanted - self._messages.keys()
        if missing:
            self._messages |= await outbox.bodies(db, missing)
