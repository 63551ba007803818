"""What the worker writes and reads: all that was answered and all that is due, in one beat."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import AsyncIterator, Collection, Iterable, Sequence, Set
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.model import Message
from bot.services.catching_up import CatchingUp, Correction
from bot.services.outcomes import Gone, Migrated, Retry
from bot.services.settling import DOUBT_LASTS, Answer, settlement
from bot.storage import chats, outbox, recovery, results, settlements, waiting
from bot.storage.database import Database, Transaction
from bot.storage.records import Delivery, DeliveryState

_MESSAGES_AT_HAND = 1000
# A machine that slept, or a clock that was set on, may have let moments pass.
_SLEPT = timedelta(minutes=1)
# A chat that asks to be left alone for longer, in seconds, is so after a restart too.
_LONG = 60.0
# While one broadcast is being sent, others come to their end.
_CLOSES_EVERY = timedelta(seconds=1)

# Hours begin at a quarter of the operator's, wherever someone lives.
_QUARTER = 900


class Beat(Struct, frozen=True):
    """What one transaction settled and took; *again* is the next moment with something due."""

    settled: Sequence[Answer] = ()
    doubtful: Set[int] = frozenset()
    claimed: Sequence[Delivery] = ()
    finished: Sequence[int] = ()
    again: datetime | None = None


class Ledger:
    """Keeps the outbox; every method writes in one transaction."""

    def __init__(self, database: Database, now: datetime, catch_up: CatchingUp | None) -> None:
        self._messages: dict[int, Message] = {}
        self._database = database
        self._catch_up = catch_up
        self._turn = 0
        self._latest = now
        self._closed_at = now

    def message_of(self, delivery: Delivery) -> Message | None:
        """Give what the chat of a claimed delivery should see."""
        return None if delivery.message is None else self._messages[delivery.message]

    async def recover(self, heard: Iterable[Answer], now: datetime) -> Beat:
        """Put right what a crash left; finished are all whose result nobody was told.

        What was *heard* before it, and is not written down, is settled as if there were none.
        """
        missed = self._catch_up and await self._catch_up.after_absence(self._database, now)
        async with self._database.transaction() as db:
            cut_off = {delivery.this_try for delivery in await outbox.claimed(db)}
            await recovery.begin_anew(db, now)
            answers = [
                (replace(delivery, tried_at=now), outcome)
                for delivery, outcome in heard
                if delivery.this_try in cut_off
            ]
            await self._settle(db, answers, now)
            await recovery.recover(db, now, doubt_until=now + DOUBT_LASTS)
            await recovery.heed_clock(db, now, doubt_until=now + DOUBT_LASTS)
            if missed:
                await missed(db)
            return Beat(answers, finished=await results.unreported(db))

    async def release(self, in_hand: Collection[int], now: datetime) -> None:
        """After a transaction of which nobody knows whether it was: owe what it may have taken."""
        async with self._database.transaction() as db:
            await recovery.release(db, in_hand, now)

    async def settle(self, answers: Sequence[Answer], now: datetime) -> Beat:
        """Write down what was answered, and take nothing."""
        async with self._heeding(now) as db:
            return Beat(answers, await self._settle(db, answers, now))

    async def settle_and_take(self, answers: Sequence[Answer], free: int, now: datetime) -> Beat:
        """Write down what was answered; take up to *free* that are due, and close what is through.

        Where nothing is, the beat says when to come back.
        """
        async with self._heeding(now) as db:
            doubtful = await self._settle(db, answers, now)
            sending = await outbox.sending(db)
            if stopped := [one for one, is_stopped in sending.items() if is_stopped]:
                await waiting.let_go_of_unbegun(db, stopped, now)
            claimed = await self._claim(db, sending, free, now)
            await self._load(db, claimed)
            if claimed and abs(now - self._closed_at) < _CLOSES_EVERY:
                return Beat(answers, doubtful, claimed)
            self._closed_at = now
            again = None if claimed else await outbox.next_due(db, sending, now)
            finished = (*await outbox.finish(db, now), *await waiting.through(db, now))
            return Beat(answers, doubtful, claimed, finished, again)

    @asynccontextmanager
    async def _heeding(self, now: datetime) -> AsyncIterator[Transaction]:
        """Write, with what the clock did put right; again, unless that came to be written down."""
        moments = await self._moments(now)
        async with self._database.transaction() as db:
            if now < self._latest:
                await recovery.heed_clock(db, now, doubt_until=now + DOUBT_LASTS)
            if moments:
                await moments(db)
            yield db
        self._latest = now

    async def _moments(self, now: datetime) -> Correction | None:
        """Work out, before a transaction, whose moments passed or are not to be disturbed."""
        if self._catch_up is None:
            return None
        if now > self._latest + _SLEPT:
            return await self._catch_up.after_absence(self._database, now)
        if _quarter(now) > _quarter(self._latest) and await self._sends():
            return await self._catch_up.in_quiet_hours(self._database, now)
        return None

    async def _sends(self) -> bool:
        async with self._database.reading() as db:
            return bool(await outbox.sending(db))

    async def _settle(self, db: Transaction, answers: Sequence[Answer], now: datetime) -> set[int]:
        """Write down what was answered; give the deliveries that are in doubt from now on."""
        settled = [
            settlement(delivery, outcome, now, random.random())  # noqa: S311 - spreads
            for delivery, outcome in answers
        ]
        await settlements.settle(db, settled, now)
        for delivery, outcome in answers:
            match outcome:
                case Gone(reason):
                    await chats.mark_gone(db, delivery.chat_id, reason, now)
                case Migrated(new_id):
                    await chats.move(db, delivery.chat_id, new_id, now)
                case Retry(reason, after=seconds) if seconds and seconds > _LONG:
                    until = now + timedelta(seconds=seconds)
                    await waiting.halt(db, delivery.chat_id, reason, until, now)
                case _:
                    pass
        if again := [one.delivery.id for one in settled if one.due_at is not None]:
            await waiting.let_go_of_leavers(db, again, now)
        return {one.delivery.id for one in settled if one.state is DeliveryState.IN_DOUBT}

    async def _claim(
        self, db: Transaction, sending: Iterable[int], free: int, now: datetime
    ) -> list[Delivery]:
        """Claim for all open broadcasts in turn, so that none waits for another's end."""
        line = deque(sending)
        line.rotate(self._turn)
        claimed: list[Delivery] = []
        while line and len(claimed) < free:
            share = -(-(free - len(claimed)) // len(line))
            broadcast_id = line.popleft()
            got = await outbox.claim(db, broadcast_id, share, now)
            claimed += got
            if len(got) == share:
                line.append(broadcast_id)
        # After a rest the oldest begins.
        self._turn = self._turn + 1 if claimed else 0
        return claimed

    async def _load(self, db: Transaction, claimed: Sequence[Delivery]) -> None:
        """Have the messages of *claimed* at hand, and no others for long."""
        if len(self._messages) > _MESSAGES_AT_HAND:
            self._messages.clear()
        wanted = {delivery.message for delivery in claimed if delivery.message is not None}
        missing = wanted - self._messages.keys()
        if missing:
            self._messages |= await outbox.bodies(db, missing)


def _quarter(moment: datetime) -> int:
    return int(moment.timestamp()) // _QUARTER
