"""Everything that a delivery needs: people, a sender that does as told, and who listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.model import Message
from bot.services.broadcasting import Broadcasts
from bot.services.delivery import DeliveryWorker
from bot.services.outcomes import Partly
from bot.services.subscriptions import Subscriptions
from bot.services.telling import Listener
from bot.storage import chats, targets
from bot.storage.database import Database
from bot.storage.errors import DatabaseUnavailable
from bot.storage.records import ChatSeen, Doubt, Instead, Progress, Refused, Summary, Target
from bot.storage.tables import deliveries

if TYPE_CHECKING:
    from tests.services.conftest import Clock, Telegram

ADMIN = 99
GROUP = -100
WHOLE_REFUSED = Partly(0, "too long")


class Ears(Listener):
    """Remembers what it heard."""

    def __init__(self) -> None:
        self.summaries: list[Summary] = []
        self.doubts: list[Doubt] = []
        self.refusals: list[int] = []
        self.refused_digests: list[str | None] = []
        self.instead: list[Instead | None] = []
        self.heard = asyncio.Event()
        self.delay: asyncio.Event | None = None
        self.failing = 0

    async def finished(self, summary: Summary) -> None:
        if self.failing:
            self.failing -= 1
            raise DatabaseUnavailable("locked")
        if self.delay is not None:
            await self.delay.wait()
        self.summaries.append(summary)
        self.heard.set()

    async def doubtful(self, doubts: Sequence[Doubt]) -> None:
        self.doubts.extend(doubts)
        self.heard.set()

    async def refused(self, refused: Refused) -> None:
        self.refusals.append(refused.delivery.chat_id)
        self.refused_digests.append(refused.digest_id)
        self.instead.append(refused.instead)


class Stage:
    """Everything that a delivery needs, and shortcuts to use it."""

    def __init__(self, database: Database, clock: Clock, telegram: Telegram) -> None:
        self.database = database
        self.clock = clock
        self.telegram = telegram
        self.ears = Ears()
        self.subscriptions = Subscriptions(database, clock)
        self.broadcasts = Broadcasts(database, clock)

    async def people(self, *ids: int) -> None:
        for chat_id in ids:
            await self.subscriptions.subscribe(chat_id)
        self.clock.pass_by(seconds=1)

    async def group(self, chat_id: int = GROUP, thread_id: int = 0) -> None:
        day = self.clock().date()
        async with self.database.transaction() as db:
            await chats.note(db, ChatSeen(chat_id, "supergroup"), self.clock())
            name = f"{chat_id}/{thread_id}"
            await targets.remember(db, Target(name, chat_id, thread_id, day))

    async def announce(self, *texts: str) -> int:
        draft = await self.broadcasts.draft(ADMIN, [Message(text) for text in texts or ("hi",)])
        assert await self.broadcasts.confirm(draft.id, ADMIN)
        return draft.id

    def worker(self, in_flight: int = 32) -> DeliveryWorker:
        return DeliveryWorker(
            self.database,
            self.telegram,
            now=self.clock,
            listener=self.ears,
            in_flight=in_flight,
        )

    @asynccontextmanager
    async def working(self, in_flight: int = 32) -> AsyncIterator[DeliveryWorker]:
        worker = self.worker(in_flight)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run())
            yield worker
            worker.stop()

    async def killed(self) -> None:
        """Start sending, and die with the requests in flight."""
        before = len(self.telegram.tries)
        self.telegram.hold = asyncio.Event()
        task = asyncio.create_task(self.worker().run())
        await self.tried(before + 1)
        task.cancel()
        await asyncio.wait([task])
        self.telegram.hold = None

    async def until(self, broadcast_id: int, **wanted: object) -> Progress:
        """Wait until the broadcast is as *wanted*."""
        while True:
            progress = await self.broadcasts.progress(broadcast_id)
            assert progress is not None
            if all(getattr(progress, name) == value for name, value in wanted.items()):
                return progress
            await asyncio.sleep(0.005)

    async def through(self, broadcast_id: int) -> Progress:
        return await self.until(broadcast_id, done=True)

    async def through_waits(
        self, worker: DeliveryWorker, broadcast_id: int, seconds: float = 10
    ) -> Progress:
        """Let time pass until nothing is owed any more, but none while something is tried."""
        while not (progress := await self.until(broadcast_id)).done:
            if not await self.at_hand(broadcast_id):
                self.clock.pass_by(seconds=seconds)
            worker.wake()
            await asyncio.sleep(0.001)
        return progress

    async def at_hand(self, broadcast_id: int) -> int:
        """Count what is due or under way."""
        at_hand = deliveries.c.claimed_at.is_not(None) | (deliveries.c.due_at <= self.clock())
        async with self.database.reading() as db:
            such = (deliveries.c.broadcast_id == broadcast_id, at_hand)
            return int(await db.scalar(select(func.count()).where(*such)) or 0)

    async def after_retry_of(self, worker: DeliveryWorker, broadcast_id: int) -> None:
        """Let time pass once a try has failed."""
        await self.until_retry(broadcast_id)
        failed = len(self.telegram.tries)
        self.clock.pass_by(seconds=10)
        worker.wake()
        await self.tried(failed + 1)

    async def until_retry(self, broadcast_id: int) -> None:
        await self.until_state(broadcast_id, "retry")

    async def until_state(self, broadcast_id: int, state: str) -> None:
        while not await self.states(broadcast_id, state):  # noqa: ASYNC110 - polls the database
            await asyncio.sleep(0.005)

    async def tried(self, times: int) -> None:
        while len(self.telegram.tries) < times:  # noqa: ASYNC110 - polls a counter
            await asyncio.sleep(0.005)

    async def states(self, broadcast_id: int, state: str) -> int:
        async with self.database.reading() as db:
            such = (deliveries.c.broadcast_id == broadcast_id, deliveries.c.state == state)
            return int(await db.scalar(select(func.count()).where(*such)) or 0)
