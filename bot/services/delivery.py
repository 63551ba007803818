"""The delivery worker: claims what is due, sends it, writes down what came of it.

One loop touches the database; it settles and claims in groups, in one transaction a beat.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import datetime, timedelta

import structlog
from msgspec.structs import replace

from bot.services.answers import Answers
from bot.services.attempts import attempt
from bot.services.catching_up import CatchingUp
from bot.services.halts import Halt
from bot.services.ledger import Beat, Ledger
from bot.services.outcomes import Sender
from bot.services.patience import PAUSE, Patience
from bot.services.settling import GIVE_UP_AFTER, Answer
from bot.services.telling import Listener, Teller
from bot.storage import doubts
from bot.storage.database import Database
from bot.storage.errors import DatabaseUnavailable
from bot.storage.records import Delivery, DeliveryState

_log = structlog.get_logger(__name__)

# An answer is written down within 50 ms. No beat follows another sooner than this: of many answers
# some join each other, and one alone waits for none.
_BEAT = 0.012
# Another process (a command beside the bot) may have written into the outbox.
_LONGEST_SLEEP = 5.0
# Whoever stops the bot waits so long for answers, for a disk that is full, and for what is told.
_FAREWELL = 5.0
_LAST_WORDS = 1.0
# More may be due than the line had room for, and requests that hang wake nobody.
_CROWDED = timedelta(seconds=0.1)


class DeliveryWorker:
    """Sends what the outbox owes."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        *,
        now: Callable[[], datetime],
        listener: Listener | None = None,
        catch_up: CatchingUp | None = None,
        in_flight: int = 32,
    ) -> None:
        self._database = database
        self._sender = sender
        self._now = now
        self._patience = Patience()
        self._teller = Teller(database, listener or Listener(), now, sender.waited, self._patience)
        self._ledger = Ledger(database, now(), catch_up)
        self._in_flight = in_flight
        # Claims come in groups: one for each free hand would be a statement a message.
        self._handful = max(in_flight // 12, 1)
        # What waits in line has no use of it, and may be sent twice after a crash.
        self._longest_queue = max(in_flight // 6, 10)
        self._in_hand: set[int] = set()
        self._unsure = False
        self._answers = Answers(database.journal)
        self._began_at = -math.inf
        self._halt = Halt()
        self._woken = asyncio.Event()
        self._stopping = False
        self._ends_at = math.inf
        self._sending: set[asyncio.Task[None]] = set()
        self._telling: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send until `stop`; what is in hand then is still settled, unless that takes long."""
        heard = self._answers.of_former_process()
        before = (
            await self._patience("the start", lambda: self._ledger.recover(heard, self._now()))
            or Beat()
        )
        async with asyncio.TaskGroup() as tasks:
            self._tell(tasks, self._teller.all_doubts())
            self._tell(tasks, self._teller.settled(before.settled, before.doubtful))
            self._report(tasks, before.finished)
            again: datetime | None = self._now()
            while not self._is_through():
                await self._rest(again)
                self._woken.clear()
                beat = await self._try_beat()
                for delivery in beat.claimed:
                    self._teller.began(delivery.broadcast_id)
                    self._begin(tasks, delivery)
                if beat.settled:
                    self._tell(tasks, self._teller.settled(beat.settled, beat.doubtful))
                self._report(tasks, beat.finished)
                again = beat.again
            await self._part()

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping = True
        self._ends_at = asyncio.get_running_loop().time() + _FAREWELL
        self._patience.stop()
        self._woken.set()

    def wake(self) -> None:
        """Look into the outbox now."""
        self._woken.set()

    @property
    def halted_for(self) -> float:
        """Tell for how many seconds more Telegram asked the whole bot to wait; 0 if it did not."""
        now = self._now()
        return ((self._halt.ends(now) or now) - now).total_seconds()

    async def resolve(self, delivery_id: int, *, sent: bool) -> DeliveryState | None:
        """Take an admin's word on a post in doubt; tell what it became, None if it was not."""
        now = self._now()
        since = now - GIVE_UP_AFTER
        async with self._database.transaction() as db:
            became = await doubts.resolve(db, delivery_id, sent=sent, since=since, now=now)
        self.wake()
        return became

    def _report(self, tasks: asyncio.TaskGroup, finished: Sequence[int]) -> None:
        for broadcast_id in finished:
            self._tell(tasks, self._teller.finished(broadcast_id))

    def _tell(self, tasks: asyncio.TaskGroup, telling: Coroutine[None, None, None]) -> None:
        _keep(tasks.create_task(telling, name="tell"), self._telling)

    def _is_through(self) -> bool:
        """Tell whether the end is wished for, and has come or can be waited for no longer."""
        return self._stopping and (not self._in_hand or self._left() <= 0)

    def _left(self) -> float:
        return self._ends_at - asyncio.get_running_loop().time()

    async def _part(self) -> None:
        """Let go of what has not come to its end: the next start takes it up, as after a crash."""
        if answers := self._answers.all():
            _log.error("answers unwritten, sent again unless in the journal", count=len(answers))
        if self._sending:
            _log.warning("requests without an answer, may be sent again", count=len(self._sending))
        if self._telling:
            await asyncio.wait(self._telling, timeout=max(self._left(), _LAST_WORDS))
        for task in (*self._sending, *self._telling):
            task.cancel()

    def _begin(self, tasks: asyncio.TaskGroup, delivery: Delivery) -> None:
        sending = self._send(delivery)
        _keep(tasks.create_task(sending, name=f"delivery {delivery.id}"), self._sending)

    async def _send(self, delivery: Delivery) -> None:
        outcome = await attempt(self._sender, delivery, self._ledger.message_of(delivery))
        self._answers.add((delivery, outcome))
        self._woken.set()

    async def _rest(self, again: datetime | None) -> None:
        wait = _LONGEST_SLEEP
        if again is not None:
            wait = min(wait, (again - self._now()).total_seconds())
        wait = max(min(wait, self._left()), 0.0)
        try:
            async with asyncio.timeout(wait):
                await self._woken.wait()
        except TimeoutError:
            return
        await asyncio.sleep(max(self._began_at + _BEAT - asyncio.get_running_loop().time(), 0.0))

    async def _try_beat(self) -> Beat:
        try:
            return await self._beat()
        except DatabaseUnavailable as exc:
            # The answers are kept: what was sent must not be sent again.
            _log.warning("outbox not writable, trying again", error=str(exc))
            self._unsure = True
            await asyncio.sleep(PAUSE)
            return Beat(again=self._now())

    async def _beat(self) -> Beat:
        """Settle what was answered and claim what is due."""
        now, self._began_at = self._now(), asyncio.get_running_loop().time()
        if self._unsure and not self._stopping:
            await self._ledger.release(self._in_hand, now)
            self._unsure = False
        answers = self._answers.all()
        self._halt.note((outcome for _, outcome in answers), now)
        free = self._free(len(answers))
        if free >= self._handful:
            halted_until = self._halt.ends(now)
            may_claim = not (self._stopping or halted_until)
            beat = await self._ledger.settle_and_take(answers, free if may_claim else 0, now)
            soon = now + _CROWDED if beat.claimed else None
            beat = replace(beat, again=halted_until or beat.again or soon)
        else:
            beat = await self._ledger.settle(answers, now)
            beat = replace(beat, again=now + _CROWDED)
        self._answers.drop(len(answers))
        self._in_hand -= _ids(answers)
        self._in_hand.update(delivery.id for delivery in beat.claimed)
        return beat

    def _free(self, answered: int) -> int:
        """Count what may be claimed: hands that are free, while the line is short."""
        busy = len(self._in_hand) - answered - self._sender.resting()
        hands = self._in_flight - busy
        return min(hands, self._longest_queue - self._sender.queued())


def _keep(task: asyncio.Task[None], among: set[asyncio.Task[None]]) -> None:
    among.add(task)
    task.add_done_callback(among.discard)


def _ids(answers: Iterable[Answer]) -> set[int]:
    return {delivery.id for delivery, _ in answers}
