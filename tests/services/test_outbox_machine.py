"""Any sequence of broadcasts, outcomes, crashes and waits: each gets each part, in order."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter, defaultdict
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from bot.model import Message
from bot.rendering.callbacks import Choose
from bot.services.broadcasting import Broadcasts
from bot.services.catching_up import CatchingUp
from bot.services.delivery import DeliveryWorker
from bot.services.outcomes import (
    Address,
    Gone,
    InDoubt,
    Outcome,
    Priority,
    Refusal,
    Rejected,
    Retry,
    Sent,
)
from bot.services.preferences import PersonalSettings
from bot.services.schedule import Schedule
from bot.services.subscriptions import Subscriptions
from bot.storage import amendments
from bot.storage.database import Database
from bot.storage.records import Posted, Rendered

T = TypeVar("T")

PEOPLE = st.integers(1, 6)
CHATS = PEOPLE | st.integers(-3, -1)
ZONE = ZoneInfo("Asia/Shanghai")
WISHES = st.sampled_from(
    [
        Choose("quiet", "22-7"),
        Choose("quiet", "0-9"),
        Choose("quiet", "none"),
        Choose("zone", "America/New_York"),
    ]
)
RECALLED = -1
OUTCOMES = st.sampled_from(
    [
        Retry("server error"),
        Retry("flood wait", 40.0),
        Retry("flood wait", 3.0, whole_bot=True),
        InDoubt("lost"),
        Rejected("refused", Refusal.CONTENT),
        Gone("blocked"),
    ]
)


class World:
    """Telegram as the machine plans it: answers, arrivals, and who has gone."""

    def __init__(self) -> None:
        self.planned: dict[int, list[Outcome]] = defaultdict(list)
        self.arrived: dict[int, list[str]] = defaultdict(list)
        self.doubts: Counter[tuple[int, str]] = Counter()
        self.told_gone: set[int] = set()
        self.sent_to_gone = 0
        self.frozen = False
        self.numbers = 0
        self.seen: dict[tuple[int, int], str] = {}

    async def send(
        self, address: Address, message: Message, priority: Priority, *, piece: int | None = None
    ) -> Outcome:
        chat = address.chat_id
        self.numbers += 1
        outcome = self.outcome(chat, self.numbers)
        if isinstance(outcome, Sent | InDoubt):
            self.arrived[chat].append(message.text)
            self.seen[chat, self.numbers] = message.text
        if isinstance(outcome, InDoubt) or self.frozen:
            self.doubts[chat, message.text] += 1
        return await self.answer(outcome)

    async def edit(
        self, address: Address, message_id: int, message: Message, priority: Priority
    ) -> Outcome:
        outcome = self.outcome(address.chat_id, message_id)
        if isinstance(outcome, Sent | InDoubt):
            assert (address.chat_id, message_id) in self.seen
            self.seen[address.chat_id, message_id] = message.text
        return await self.answer(outcome)

    async def delete(
        self, address: Address, message_ids: Sequence[int], priority: Priority
    ) -> Outcome:
        outcome = self.outcome(address.chat_id, 0)
        if isinstance(outcome, Sent | InDoubt):
            for message_id in message_ids:
                self.seen.pop((address.chat_id, message_id), None)
        return await self.answer(outcome)

    def waited(self) -> Mapping[str, float]:
        return {}

    def queued(self) -> int:
        return 0

    def outcome(self, chat: int, message_id: int) -> Outcome:
        self.sent_to_gone += chat in self.told_gone
        planned = self.planned[chat]
        outcome = planned.pop(0) if planned else Sent(message_id)
        if isinstance(outcome, Gone):
            self.told_gone.add(chat)
        return outcome

    async def answer(self, outcome: Outcome) -> Outcome:
        if self.frozen:
            await asyncio.sleep(3600)
        return outcome


class Outbox(RuleBasedStateMachine):
    """Drives subscriptions, broadcasts, outcomes, clock and crashes against a real database."""

    @initialize()
    def open(self) -> None:
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        self.instant = datetime(2026, 1, 14, tzinfo=UTC)
        self.world = World()
        self.owed: dict[int, set[int]] = {}
        self.amended: dict[int, int] = {}
        url = f"sqlite+aiosqlite:///{self.folder.name}/bot.db"
        self.database = self.run(self.stack.enter_async_context(Database.open(url)))
        self.subscriptions = Subscriptions(self.database, self.now)
        self.broadcasts = Broadcasts(self.database, self.now, timezone=ZONE)
        self.personal = PersonalSettings(self.database, ZONE, self.now)

    def now(self) -> datetime:
        return self.instant

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def worker(self) -> DeliveryWorker:
        catch_up = CatchingUp(Schedule(ZONE, None, 1))
        return DeliveryWorker(
            self.database, self.world, now=self.now, catch_up=catch_up, in_flight=4
        )

    @rule(chat=CHATS)
    def subscribe(self, chat: int) -> None:
        self.run(self.subscriptions.subscribe(chat))

    @rule(chat=CHATS)
    def unsubscribe(self, chat: int) -> None:
        self.run(self.subscriptions.unsubscribe(chat))

    @rule(chat=PEOPLE, wish=WISHES)
    def choose(self, chat: int, wish: Choose) -> None:
        assert self.run(self.personal.choose(chat, wish))

    @rule(chat=CHATS)
    def show_life(self, chat: int) -> None:
        self.run(self.subscriptions.back(chat))
        self.world.told_gone.discard(chat)

    @rule(chat=CHATS, outcome=OUTCOMES)
    def plan(self, chat: int, outcome: Outcome) -> None:
        self.world.planned[chat].append(outcome)

    @rule(parts=st.integers(1, 3))
    def announce(self, parts: int) -> None:
        self.instant += timedelta(seconds=1)
        number = len(self.owed)
        texts = [Message(f"{number}.{part}") for part in range(parts)]
        draft = self.run(self.broadcasts.draft(1, texts))
        assert self.run(self.broadcasts.confirm(draft.id, 1))
        assert not self.run(self.broadcasts.confirm(draft.id, 1))
        self.owed[draft.id] = set(self.run(self.owed_to(draft.id)))

    @rule(parts=st.integers(1, 3), number=st.integers(0, 9))
    def amend(self, parts: int, number: int) -> None:
        broadcast = next(iter(list(self.owed)[number:]), 0)
        if not broadcast or self.amended.get(broadcast) == RECALLED:
            return
        version = self.amended[broadcast] = self.amended.get(broadcast, 0) + 1
        messages = tuple(Message(f"{number}.{part} v{version}") for part in range(parts))
        self.run(self.amend_to(broadcast, Rendered(messages, messages)))

    async def amend_to(self, broadcast: int, rendered: Rendered) -> None:
        async with self.database.transaction() as db:
            await amendments.amend(db, Posted("", broadcast, ""), "", rendered, self.instant)

    @rule(number=st.integers(0, 9))
    def recall(self, number: int) -> None:
        if number < len(self.owed):
            broadcast = list(self.owed)[number]
            if self.amended.get(broadcast) != RECALLED:
                assert self.run(self.broadcasts.recall(broadcast, 1, Message("taken back")))
                self.amended[broadcast] = RECALLED
            assert not self.run(self.broadcasts.recall(broadcast, 1, Message("taken back")))

    @rule(seconds=st.integers(-3600, 7200))
    def pass_time(self, seconds: int) -> None:
        self.instant += timedelta(seconds=seconds)

    @rule()
    def work(self) -> None:
        self.run(self.work_until_idle())

    @rule(seconds=st.floats(0, 0.08))
    def crash(self, seconds: float) -> None:
        self.run(self.crash_with_requests_in_flight(seconds))

    async def owed_to(self, broadcast_id: int) -> list[int]:
        async with self.database.reading() as db:
            rows = await db.exec_driver_sql(
                "SELECT DISTINCT chat_id FROM deliveries WHERE broadcast_id = ?", (broadcast_id,)
            )
            return list(rows.scalars())

    async def busy(self) -> bool:
        async with self.database.reading() as db:
            rows = await db.exec_driver_sql(
                "SELECT (SELECT count(*) FROM deliveries WHERE claimed_at NOTNULL OR due_at <= ?)"
                " + (SELECT count(*) FROM broadcasts AS b WHERE state = 'sending' AND NOT EXISTS"
                " (SELECT 1 FROM deliveries WHERE broadcast_id = b.id AND settled_at IS NULL))",
                (self.instant.strftime("%Y-%m-%d %H:%M:%S.%f"),),
            )
            return bool(rows.scalar())

    async def work_until_idle(self) -> None:
        worker = self.worker()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run())
            await asyncio.sleep(0)
            while await self.busy():
                await asyncio.sleep(0.005)
                self.instant += timedelta(milliseconds=50)
                worker.wake()
            worker.stop()

    async def crash_with_requests_in_flight(self, seconds: float) -> None:
        self.world.frozen = True
        task = asyncio.create_task(self.worker().run())
        await asyncio.sleep(seconds)
        task.cancel()
        await asyncio.wait([task])
        self.world.frozen = False

    async def progress_is_done(self) -> bool:
        found = [await self.broadcasts.progress(broadcast_id) for broadcast_id in self.owed]
        return all(progress is not None and progress.done for progress in found)

    def teardown(self) -> None:
        if not hasattr(self, "database"):
            return
        try:
            self.world.planned.clear()
            for _ in range(30):
                self.instant += timedelta(hours=1)
                self.work()
                if self.run(self.progress_is_done()):
                    break
            self.judge()
        finally:
            self.run(self.stack.aclose())
            self.runner.close()
            self.folder.cleanup()

    def judge(self) -> None:
        assert self.run(self.progress_is_done())
        assert self.world.sent_to_gone == 0
        for chat, sent_id, text in self.run(self.goals()):
            assert self.world.seen.get((chat, sent_id)) == text
        for chat, number, state, parts in self.run(self.results()):
            if number in self.amended:
                continue
            texts = [text for text in self.world.arrived[chat] if text in parts]
            first_times = list(dict.fromkeys(texts))
            assert first_times == parts[: len(first_times)]
            if state == "sent":
                assert first_times == parts
            for text, times in Counter(texts).items():
                assert times <= 1 + self.world.doubts[chat, text]

    async def goals(self) -> list[tuple[int, int, str | None]]:
        """Give for each message that is where it should be its number and what it should say."""
        async with self.database.reading() as db:
            rows = await db.exec_driver_sql(
                "SELECT chat_id, sent_id, body ->> 'text' "
                "FROM deliveries AS d LEFT JOIN messages AS m ON m.id = d.message "
                "WHERE sent_id > 0 AND reason IS NULL AND chat_id NOT IN "
                "(SELECT id FROM chats WHERE gone_at NOTNULL)"
            )
            return [(row[0], row[1], row[2]) for row in map(tuple, rows)]

    async def results(self) -> list[tuple[int, int, str, list[str]]]:
        """Give for each chat and broadcast the worst state of its parts, and their texts."""
        async with self.database.reading() as db:
            rows = await db.exec_driver_sql(
                "SELECT chat_id, d.broadcast_id, min(d.state), max(d.state), "
                "json_group_array(body ->> 'text') "
                "FROM deliveries AS d JOIN messages AS m ON m.id = d.message "
                "GROUP BY 1, 2"
            )
            return [
                (row[0], row[1], row[2] if row[2] == row[3] else "mixed", sorted(_texts(row[4])))
                for row in map(tuple, rows)
            ]


def _texts(array: str) -> list[str]:
    return list(dict.fromkeys(part.strip('"[] ') for part in array.split(",")))


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(
    max_examples=5,
    stateful_step_count=15,
    suppress_health_check=list(HealthCheck),
)
