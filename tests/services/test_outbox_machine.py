"""Any sequence of broadcasts, outcomes, crashes and waits: each gets each part, in order."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import bindparam
from sqlalchemy import text as sql

from bot.model import Message
from bot.rendering.callbacks import Choose
from bot.services.answers import Answers
from bot.services.broadcasting import Broadcasts
from bot.services.catching_up import CatchingUp
from bot.services.delivery import DeliveryWorker
from bot.services.outcomes import (
    Gone,
    InDoubt,
    Migrated,
    Outcome,
    Partly,
    Refusal,
    Rejected,
    Retry,
)
from bot.services.preferences import PersonalSettings
from bot.services.schedule import Schedule
from bot.services.subscriptions import Subscriptions
from bot.storage import amendments, chats, outbox, targets
from bot.storage.database import Database
from bot.storage.instant import Instant
from bot.storage.records import ChatSeen, Posted, Rendered, Target
from tests.services.outbox_world import TOO_LONG, World

T = TypeVar("T")

PEOPLE = st.integers(1, 3)
FORUM = -4
CHATS = PEOPLE | st.integers(-2, -1)
PLACES = CHATS | st.just(FORUM)
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
        Rejected("no rights", Refusal.RIGHTS),
        Rejected("topic closed", Refusal.TOPIC),
        Partly(0, TOO_LONG),
        Migrated(0),
        Gone("blocked"),
    ]
)


PLANS = st.dictionaries(PLACES, st.lists(OUTCOMES, min_size=1, max_size=3), max_size=4)
BUSY = sql(
    "SELECT (SELECT count(*) FROM deliveries WHERE claimed_at IS NOT NULL OR due_at <= :now)"
    " + (SELECT count(*) FROM broadcasts AS b WHERE started_at IS NOT NULL"
    " AND finished_at IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM deliveries WHERE broadcast_id = b.id AND settled_at IS NULL))"
).bindparams(bindparam("now", type_=Instant))
DOUBTS = sql(
    "SELECT chat_id, body, d.id, pieces "
    "FROM deliveries AS d JOIN messages AS m ON m.id = d.message "
    "JOIN broadcasts AS b ON b.id = d.broadcast_id "
    "WHERE d.state = 'in_doubt' OR chat_id < 0 AND d.state = 'failed' AND doubts > 0 "
    "AND b.state <> 'cancelled' AND recalled_at IS NULL AND d.settled_at >= :since"
).bindparams(bindparam("since", type_=Instant))


class End(NamedTuple):
    """How a message to a chat ended; its text is the first that it had."""

    broadcast: int
    chat: int
    thread: int
    text: str
    state: str
    reason: str | None


def any_sent(machine: Outbox) -> bool:
    return bool(machine.sent)


class Outbox(RuleBasedStateMachine):
    """Drives subscriptions, broadcasts, outcomes, clock and crashes against a real database."""

    def new_url(self) -> str:
        raise NotImplementedError

    @initialize()
    def open(self) -> None:
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.instant = datetime(2026, 1, 14, tzinfo=UTC)
        self.world = World(self.now)
        self.sent: list[int] = []
        self.amended: dict[int, int] = {}
        self.stopped: set[int] = set()
        self.left: set[int] = set()
        self.vouched: set[tuple[int, str]] = set()
        opening = self.stack.enter_async_context(Database.open(self.new_url()))
        self.database = self.run(opening)
        self.subscriptions = Subscriptions(self.database, self.now)
        self.broadcasts = Broadcasts(self.database, self.now, timezone=ZONE)
        self.personal = PersonalSettings(self.database, ZONE, self.now)
        self.run(self.open_chats())

    async def open_chats(self) -> None:
        for chat in (1, 2, 3, -1, -2):
            await self.subscriptions.subscribe(chat)
        async with self.database.transaction() as db:
            await chats.note(db, ChatSeen(FORUM, "supergroup"), self.instant)
            await targets.remember(db, Target("forum/7", FORUM, 7, self.instant.date()))

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
        self.run(self.leave(chat))

    @rule(chat=CHATS)
    def unsubscribe_in_flight(self, chat: int) -> None:
        self.world.meanwhile[chat] = self.leave

    async def leave(self, chat: int) -> None:
        # First: a crash may come in the midst of it.
        self.left.add(chat)
        await self.subscriptions.unsubscribe(chat)

    @rule(chat=PLACES)
    def go_in_flight(self, chat: int) -> None:
        self.world.meanwhile[chat] = self.go

    async def go(self, chat: int) -> None:
        self.world.ever_gone.add(chat)
        await self.subscriptions.gone(chat, "blocked")
        self.world.told_gone.add(chat)

    @rule(chat=PEOPLE, wish=WISHES)
    def choose(self, chat: int, wish: Choose) -> None:
        assert self.run(self.personal.choose(chat, wish))

    @rule(chat=PLACES)
    def show_life(self, chat: int) -> None:
        self.run(self.subscriptions.back(chat))
        self.world.told_gone.discard(chat)

    @rule(chat=PLACES, outcome=OUTCOMES)
    def plan(self, chat: int, outcome: Outcome) -> None:
        self.world.planned[chat].append(outcome)

    @rule(parts=st.integers(1, 3), plans=PLANS)
    def announce(self, parts: int, plans: dict[int, list[Outcome]]) -> None:
        for chat, outcomes in plans.items():
            self.world.planned[chat].extend(outcomes)
        self.instant += timedelta(seconds=1)
        number = len(self.sent) + 1
        texts = [Message(f"{number}.{part}") for part in range(parts)]
        draft = self.run(self.broadcasts.draft(1, texts))
        assert self.run(self.broadcasts.confirm(draft.id, 1))
        assert not self.run(self.broadcasts.confirm(draft.id, 1))
        self.sent.append(draft.id)

    @precondition(any_sent)
    @rule(parts=st.integers(1, 3), number=st.integers(0, 9))
    def amend(self, parts: int, number: int) -> None:
        broadcast = self.sent[number % len(self.sent)]
        if self.amended.get(broadcast) == RECALLED:
            return
        version = self.amended[broadcast] = self.amended.get(broadcast, 0) + 1
        messages = tuple(Message(f"{broadcast}.{part} v{version}") for part in range(parts))
        self.run(self.amend_to(broadcast, Rendered(messages, messages)))

    async def amend_to(self, broadcast: int, rendered: Rendered) -> None:
        async with self.database.transaction() as db:
            await amendments.amend(db, Posted("", broadcast, ""), "", rendered, self.instant)

    @precondition(any_sent)
    @rule(number=st.integers(0, 9))
    def recall(self, number: int) -> None:
        broadcast = self.sent[number % len(self.sent)]
        if self.amended.get(broadcast) != RECALLED:
            assert self.run(self.broadcasts.recall(broadcast, 1, Message("taken back")))
            self.amended[broadcast] = RECALLED
        assert not self.run(self.broadcasts.recall(broadcast, 1, Message("taken back")))

    @precondition(any_sent)
    @rule(number=st.integers(0, 9))
    def stop(self, number: int) -> None:
        broadcast = self.sent[number % len(self.sent)]
        if self.run(self.broadcasts.stop(broadcast)):
            self.stopped.add(broadcast)

    @rule()
    def answer_a_doubt(self) -> None:
        self.run(self.tell_what_is_there())

    async def tell_what_is_there(self) -> None:
        for chat, text, delivery, pieces in await self.doubts():
            shown = f"{text}/{pieces}" if pieces >= 0 else text
            homes = self.world.homes(chat)
            there = any(shown in self.world.arrived[home] for home in homes)
            assert await self.worker().resolve(delivery, sent=there)
            if there and pieces < 0:
                self.vouched.add((chat, text))
            elif not there:
                for home in homes:
                    self.world.lost[home, text] = 0
                self.world.heard[chat, text].append(None)

    @rule(seconds=st.integers(-3600, 7200))
    def pass_time(self, seconds: int) -> None:
        self.instant += timedelta(seconds=seconds)

    @rule()
    def work(self) -> None:
        self.run(self.work_until_idle())

    @rule(seconds=st.floats(0, 0.08))
    def crash(self, seconds: float) -> None:
        self.run(self.crash_with_requests_in_flight(seconds))

    @rule(seconds=st.floats(0, 0.08))
    def crash_having_heard(self, seconds: float) -> None:
        self.world.meanwhile.clear()
        self.run(self.crash_with_answers_unwritten(seconds))

    async def doubts(self) -> list[tuple[int, str, int, int]]:
        """Give for each post in doubt its chat, text and number, and which piece it is, if any.

        Those given up in doubt less than a day ago, too.
        """
        async with self.database.reading() as db:
            rows = await db.execute(DOUBTS, {"since": self.instant - timedelta(days=1)})
            return [
                (chat, text_of(body), delivery, len(msgspec.json.decode(pieces)) - 1)
                for chat, body, delivery, pieces in map(tuple, rows)
            ]

    async def busy(self) -> bool:
        async with self.database.reading() as db:
            return bool(await db.scalar(BUSY, {"now": self.instant}))

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
        await self.doubt_what_was_in_hand()

    async def crash_with_answers_unwritten(self, seconds: float) -> None:
        self.world.hold = asyncio.Event()
        task = asyncio.create_task(self.worker().run())
        await asyncio.sleep(seconds)
        async with self.database.transaction():
            self.world.hold.set()
            await asyncio.sleep(0.005)
            task.cancel()
            await asyncio.wait([task])
        self.world.hold = None
        await self.doubt_what_was_in_hand()

    async def doubt_what_was_in_hand(self) -> None:
        """Let what was taken and not heard of be what nobody knows, sent or not."""
        heard = Answers(self.database.journal).of_former_process()
        known = {delivery.this_try for delivery, _ in heard}
        async with self.database.reading() as db:
            in_hand = await outbox.claimed(db)
        for one in in_hand:
            if one.sent_id is None and one.this_try not in known:
                place = one.chat_id, f"{one.broadcast_id}.{one.part}"
                self.world.lost[place] = max(self.world.lost[place], 1)

    async def progress_is_done(self) -> bool:
        found = [await self.broadcasts.progress(broadcast_id) for broadcast_id in self.sent]
        return all(progress is not None and progress.done for progress in found)

    def teardown(self) -> None:
        if not hasattr(self, "database"):
            return
        try:
            self.world.planned.clear()
            self.world.meanwhile.clear()
            self.come_to_an_end()
            self.answer_a_doubt()
            self.come_to_an_end()
        finally:
            self.run(self.stack.aclose())
            self.runner.close()

    def come_to_an_end(self) -> None:
        for _ in range(30):
            self.instant += timedelta(hours=1)
            self.work()
            if self.run(self.progress_is_done()):
                break
        self.judge()

    def judge(self) -> None:
        assert self.run(self.progress_is_done())
        assert self.world.sent_to_gone == 0
        for chat, sent_id, text in self.run(self.goals()):
            assert self.world.seen.get((chat, sent_id)) == text
        behind: set[tuple[int, int, int]] = set()
        for end in self.run(self.ends()):
            if end.state == "recalled":
                assert not self.world.is_there(end.chat, end.text)
            if end.broadcast not in self.amended:
                self.judge_end(end, behind)
                self.judge_order(end)
            if end.state in {"failed", "skipped"}:
                behind.add((end.broadcast, end.chat, end.thread))

    def judge_end(self, end: End, behind: set[tuple[int, int, int]]) -> None:
        """Compare how a delivery ended with what the world answered to it."""
        expected, dropped = self.world.ends(end.chat, end.text)
        if (end.chat, end.text) in self.vouched:
            expected = {"sent: None"}
        if dropped:
            expected |= self.reasons_to_drop(end, behind)
        assert f"{end.state}: {end.reason}" in expected

    def reasons_to_drop(self, end: End, behind: set[tuple[int, int, int]]) -> set[str]:
        homes = self.world.homes(end.chat)
        known = {
            "unsubscribed": any(home in self.left for home in homes),
            "blocked": any(home in self.world.ever_gone for home in homes),
            "cancelled": end.broadcast in self.stopped,
            "migrated": end.chat in self.world.moved,
            "an earlier part failed": (end.broadcast, end.chat, end.thread) in behind,
        }
        return {f"skipped: {reason}" for reason, is_so in known.items() if is_so}

    def judge_order(self, end: End) -> None:
        """See that parts came in order, and none again but where its answer was lost."""
        number = end.text.partition(".")[0]
        texts = [text for text in self.world.arrived[end.chat] if text.partition(".")[0] == number]
        first_times = list(dict.fromkeys(texts))
        assert first_times == sorted(first_times)
        times = Counter(texts)
        for text in times:
            assert times[text] <= 1 + self.repeats(end.chat, text.partition("/")[0])

    def repeats(self, chat: int, text: str) -> int:
        """Count how often *text* may come again; in a group only once, but for crashes."""
        lost = self.world.ever_lost[chat, text]
        crashes = self.world.in_flight_at_crash[chat, text]
        return lost if chat > 0 else min(lost, 1 + crashes)

    async def goals(self) -> list[tuple[int, int, str | None]]:
        """Give for each message that is where it should be its number and what it should say."""
        async with self.database.reading() as db:
            rows = await db.exec_driver_sql(
                "SELECT chat_id, sent_id, body "
                "FROM deliveries AS d LEFT JOIN messages AS m ON m.id = d.message "
                "WHERE sent_id > 0 AND reason IS NULL AND chat_id NOT IN "
                "(SELECT id FROM chats WHERE gone_at IS NOT NULL)"
            )
            return [
                (chat, sent_id, body and text_of(body)) for chat, sent_id, body in map(tuple, rows)
            ]

    async def ends(self) -> list[End]:
        """Give how each message to a chat ended, the parts of a post in order."""
        async with self.database.reading() as db:
            rows = await db.exec_driver_sql(
                "SELECT d.broadcast_id, chat_id, thread_id, "
                "d.broadcast_id || '.' || d.part, state, reason "
                "FROM deliveries AS d ORDER BY d.broadcast_id, chat_id, thread_id, d.part"
            )
            return [End(*row) for row in map(tuple, rows)]


def text_of(body: str) -> str:
    return msgspec.json.decode(body, type=Message).text


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Name a new database for each life of the machine."""
    if request.param == "sqlite":
        numbers = count()
        return lambda: f"sqlite+aiosqlite:///{tmp_path}/{next(numbers)}.db"
    server = request.getfixturevalue("postgresql_server")
    template = request.getfixturevalue("postgresql_template")
    return lambda: str(server.url(server.create("--template", template)))


def test_each_gets_each_part_in_order(new_url: Callable[[], str]) -> None:
    class OnOne(Outbox):
        def new_url(self) -> str:
            return new_url()

    run_state_machine_as_test(
        OnOne,
        settings=settings(
            max_examples=5, stateful_step_count=15, suppress_health_check=list(HealthCheck)
        ),
    )
