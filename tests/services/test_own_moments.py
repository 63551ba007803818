"""Each at their own hour: who gets what when, through changes of mind, restarts and corrections."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs
from sqlalchemy import event, func, select

from bot.model import Digest, Message, Timing
from bot.rendering.callbacks import Choose
from bot.services.addressing import Issue, moments_of, owe_subscribers
from bot.services.broadcasting import Broadcasts
from bot.services.catching_up import CatchingUp
from bot.services.delivery import DeliveryWorker
from bot.services.moments import next_quarter
from bot.services.outcomes import Address, Retry
from bot.services.preferences import PersonalSettings
from bot.services.publications import Published
from bot.services.publishing import Publisher
from bot.services.schedule import Schedule
from bot.services.subscriptions import Subscriptions
from bot.services.telling import Listener
from bot.storage import outbox, waiting
from bot.storage.database import Database, Transaction
from bot.storage.records import ChatSeen, Progress, Rendered, Summary
from bot.storage.tables import deliveries
from bot.storage.waves import Wave, laid_out
from tests.databases import ON_SQLITE

if TYPE_CHECKING:
    from tests.services.conftest import Clock, Shelf, Telegram

ANN, BOB, ADMIN = 7, 8, 9
TODAY = date(2026, 1, 14)
SHANGHAI = ZoneInfo("Asia/Shanghai")


LOOKS = 8
"""A worker looks at the clock twice a round at the most: in so many looks there is a whole one."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-01-{text}:00+08:00")


def render(digest: Digest) -> Rendered:
    def said(language: str) -> tuple[Message, ...]:
        return tuple(Message(f"{part} {language}") for part in digest.title.split("+"))

    return Rendered((Message(digest.title),), said("zh"), {"en": said("en")})


class Ears(Listener):
    """Remembers the results."""

    def __init__(self) -> None:
        self.results: list[Progress] = []

    async def finished(self, summary: Summary) -> None:
        self.results.append(summary.progress)


class Day:
    """A publisher, readers, and a worker that works when it is told to."""

    def __init__(self, database: Database, clock: Clock, telegram: Telegram, shelf: Shelf) -> None:
        self.database = database
        self.clock = clock
        self.telegram = telegram
        self.shelf = shelf
        self.looks = 0
        self.ears = Ears()
        self.schedule = Schedule(SHANGHAI, time(8), catch_up_days=1)
        self.subscriptions = Subscriptions(database, clock)
        self.personal = PersonalSettings(database, SHANGHAI, clock)
        self.broadcasts = Broadcasts(database, clock, timezone=SHANGHAI)
        self.publisher = self.new_publisher()

    def new_publisher(self, schedule: Schedule | None = None) -> Publisher:
        return Publisher(
            self.database,
            self.shelf,
            render,
            schedule=schedule or self.schedule,
            target_names=[],
            now=self.clock,
        )

    async def reader(self, person: int, **choices: str) -> None:
        await self.subscriptions.subscribe(person)
        await self.choose(person, **choices)

    async def choose(self, person: int, **choices: str) -> None:
        for about, value in choices.items():
            wish = Choose("days", value) if about.startswith("day") else Choose(about, value)  # type: ignore[arg-type]
            assert await self.personal.choose(person, wish)

    async def publish(self, title: str = "d", day: date = TODAY) -> list[Published]:
        self.clock.pass_by(seconds=1)
        self.shelf.put(title, day)
        return await self.publisher.publish_due()

    async def announce(self, text: str = "hi") -> None:
        draft = await self.broadcasts.draft(ADMIN, [Message(text)])
        assert await self.broadcasts.confirm(draft.id, ADMIN)

    async def work(self, moment: str = "", results: int = 0) -> None:
        """Let a new worker do all that is due, at *moment* where one is given."""
        self.clock.now = at(moment) if moment else self.clock.now
        async with self.working() as worker:
            await self.until_idle(worker, results)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[DeliveryWorker]:
        worker = DeliveryWorker(
            self.database,
            self.telegram,
            now=self._look,
            listener=self.ears,
            catch_up=CatchingUp(self.schedule),
        )
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run())
            yield worker
            worker.stop()

    async def until_idle(self, worker: DeliveryWorker, results: int = 0) -> None:
        enough = self.looks + LOOKS
        # The database sets no event.
        while self.looks < enough or await self._busy() or len(self.ears.results) < results:
            worker.wake()
            await asyncio.sleep(0.01)

    def _look(self) -> datetime:
        """Tell the worker the time, and count how often it asks."""
        self.looks += 1
        return self.clock()

    async def _busy(self) -> bool:
        due = deliveries.c.due_at <= self.clock()
        statement = select(func.count()).where(due | deliveries.c.claimed_at.is_not(None))
        async with self.database.reading() as db:
            return bool(await db.scalar(statement))

    def got(self, person: int) -> list[str]:
        return self.telegram.arrived[Address(person)]

    async def progress(self, broadcast_id: int = 1) -> Progress:
        progress = await self.broadcasts.progress(broadcast_id)
        assert progress is not None
        return progress


@pytest.fixture
def day(database: Database, clock: Clock, telegram: Telegram, shelf: Shelf) -> Day:
    return Day(database, clock, telegram, shelf)


async def test_a_digest_comes_at_the_hour_and_in_the_zone_that_one_chose(day: Day) -> None:
    await day.reader(ANN, hour="20", zone="Asia/Tokyo")
    await day.reader(BOB)
    await day.publish()

    await day.work("14T09:01")
    assert (day.got(ANN), day.got(BOB)) == ([], ["d zh"])

    await day.work("14T18:59")
    assert day.got(ANN) == []

    await day.work("14T19:00")
    assert (day.got(ANN), day.got(BOB)) == (["d zh"], ["d zh"])


async def test_what_came_out_since_comes_together(day: Day) -> None:
    await day.reader(ANN, hour="20")
    await day.publish("one")
    await day.publish("two")

    await day.work("14T20:00")

    assert sorted(day.got(ANN)) == ["one zh", "two zh"]


async def test_a_weekday_off_is_made_up_for(day: Day) -> None:
    # The 14th is a Wednesday.
    await day.reader(ANN, hour="10", day_wed="2-", day_thu="3-")
    await day.publish()

    await day.work("15T23:00")
    assert day.got(ANN) == []

    await day.work("16T10:00")
    assert day.got(ANN) == ["d zh"]


async def test_quiet_hours_hold_announcements_and_digests_back(day: Day) -> None:
    await day.reader(ANN, quiet="22-7")
    await day.reader(BOB, hour="20")
    day.clock.now = at("14T22:30")
    await day.publisher.publish_due()
    await day.publish()
    await day.announce()

    await day.work("15T06:59")
    assert day.got(ANN) == []
    assert day.got(BOB) == ["hi"]

    await day.work("15T07:00")
    assert sorted(day.got(ANN)) == ["d zh", "hi"]


async def test_another_hour_dates_anew_what_is_still_owed(day: Day) -> None:
    await day.reader(ANN, hour="20")
    await day.publish()

    await day.choose(ANN, hour="12")
    await day.work("14T11:59")
    assert day.got(ANN) == []

    await day.work("14T12:00")
    assert day.got(ANN) == ["d zh"]


async def test_who_takes_the_hour_back_gets_it_at_once(day: Day) -> None:
    await day.reader(ANN, hour="20", quiet="23-8")
    await day.publish()

    await day.choose(ANN, hour="none")
    await day.work()

    assert day.got(ANN) == ["d zh"]


async def test_another_zone_dates_anew_without_doubling(day: Day) -> None:
    await day.reader(ANN, hour="20")
    await day.publish()
    await day.work("14T20:00")

    await day.choose(ANN, zone="Europe/London")
    await day.work("16T00:00")

    assert day.got(ANN) == ["d zh"]


async def test_a_restart_and_a_clock_set_back_send_nothing_early(day: Day) -> None:
    await day.reader(ANN, hour="20")
    await day.publish()

    await day.work("14T19:00")
    await day.work("14T03:00")
    await day.work("14T19:59")

    assert day.got(ANN) == []


async def test_an_hour_missed_while_the_bot_was_down_is_caught_up(day: Day) -> None:
    await day.reader(ANN, hour="20")
    await day.publish()

    await day.work("15T23:00")

    assert day.got(ANN) == ["d zh"]


async def test_what_is_caught_up_wakes_nobody(day: Day) -> None:
    await day.reader(ANN, hour="20", quiet="22-7")
    await day.publish()

    await day.work("15T03:00")
    assert day.got(ANN) == []

    await day.work("15T07:00")
    assert day.got(ANN) == ["d zh"]


async def test_what_is_caught_up_comes_on_chosen_weekdays_at_the_chosen_hour(day: Day) -> None:
    # The 16th is a Friday.
    day.clock.now = at("16T08:00")
    await day.reader(ANN, hour="20", day_sat="5-", day_sun="6-")
    await day.publish(day=date(2026, 1, 16))

    await day.work("17T10:00")
    await day.work("19T19:59")
    assert day.got(ANN) == []

    await day.work("19T20:00")
    assert day.got(ANN) == ["d zh"]


async def test_an_hour_missed_before_a_day_off_comes_at_the_next_such_hour(day: Day) -> None:
    day.clock.now = at("16T07:00")
    await day.reader(ANN, hour="20", day_sat="5-", day_sun="6-")
    day.clock.now = at("17T10:00")
    await day.publish(day=date(2026, 1, 16))

    await day.work("19T19:59")
    assert day.got(ANN) == []

    await day.work("19T20:00")
    assert day.got(ANN) == ["d zh"]


async def test_an_announcement_that_is_caught_up_heeds_no_weekdays(day: Day) -> None:
    day.clock.now = at("16T23:00")
    await day.reader(ANN, hour="20", quiet="22-7", day_sat="5-", day_sun="6-")
    day.clock.pass_by(seconds=1)
    await day.announce()

    await day.work("17T08:00")

    assert day.got(ANN) == ["hi"]


@pytest.mark.parametrize("others", [0, 5])
async def test_quiet_hours_hold_what_is_to_be_tried_again(day: Day, others: int) -> None:
    for other in range(others):
        await day.reader(BOB + 1 + other, hour="20")
    await day.reader(ANN, quiet="22-7")
    await day.reader(BOB)
    day.clock.now = at("14T21:59")
    for person in (ANN, BOB):
        day.telegram.answers(person, Retry("flood wait", 90.0))
    await day.announce()

    async with day.working() as worker:
        for _ in range(5):
            await day.until_idle(worker)
            day.clock.pass_by(seconds=40)
        await day.until_idle(worker)
        assert (day.got(ANN), day.got(BOB)) == ([], ["hi"])

    await day.work("15T07:00")
    assert day.got(ANN) == ["hi"]


async def test_quiet_hours_hold_a_queue_that_is_under_way(day: Day) -> None:
    await day.reader(ANN, quiet="22-7")
    day.clock.now = at("14T21:59")
    await day.publisher.publish_due()
    await day.publish()
    await day.announce()
    day.clock.pass_by(seconds=30)

    async with day.working() as worker:
        worker.stop()
    day.clock.now = at("14T22:00")
    await day.work()
    assert day.got(ANN) == []

    await day.work("15T07:00")
    assert sorted(day.got(ANN)) == ["d zh", "hi"]


async def test_an_hour_missed_for_too_long_is_skipped_and_counted(day: Day) -> None:
    await day.reader(ANN, hour="20")
    await day.publish("one+two")

    await day.work("16T08:00", results=1)

    assert day.got(ANN) == []
    assert (await day.progress()).skipped == {"too late": 2}
    assert (await day.progress()).done


async def test_an_announcement_is_never_too_late(day: Day) -> None:
    await day.reader(ANN, quiet="22-7")
    day.clock.now = at("14T22:30")
    day.clock.pass_by(seconds=1)
    await day.announce()

    await day.work("20T08:00")

    assert day.got(ANN) == ["hi"]


async def test_an_hour_that_passed_before_the_bot_started_is_caught_up(day: Day) -> None:
    await day.reader(ANN, hour="9")
    day.clock.now = at("14T12:00")

    await day.publish()
    await day.work()

    assert day.got(ANN) == ["d zh"]


async def test_a_digest_that_comes_late_waits_for_the_next_hour(day: Day) -> None:
    await day.reader(ANN, hour="9")
    day.clock.now = at("14T12:00")
    await day.publisher.publish_due()

    await day.publish()
    await day.work("15T08:59")
    assert day.got(ANN) == []

    await day.work("15T09:00")
    assert day.got(ANN) == ["d zh"]


async def test_without_an_hour_of_the_group_it_is_out_when_it_is_found(day: Day) -> None:
    day.publisher = day.new_publisher(Schedule(SHANGHAI, None, 1))
    await day.reader(ANN, hour="20")

    await day.publish()
    await day.work("14T19:59")
    assert day.got(ANN) == []

    await day.work("14T20:00")
    assert day.got(ANN) == ["d zh"]


async def test_what_an_admin_pushes_heeds_the_hours(day: Day) -> None:
    await day.reader(ANN, hour="20")
    day.shelf.put("old", TODAY - timedelta(days=30))
    day.clock.pass_by(seconds=1)

    await day.publisher.publish("old")
    await day.work("14T19:59")
    assert day.got(ANN) == []

    await day.work("14T20:00")
    assert day.got(ANN) == ["old zh"]


async def test_a_correction_before_the_hour_is_what_one_gets(day: Day) -> None:
    await day.reader(ANN, hour="20")
    await day.publish("mistake")
    corrected = structs.replace(day.shelf.digests[0], title="corrected", content_hash="new")
    day.shelf.digests = [corrected]

    assert await day.publisher.amend_corrected() == ["mistake"]
    await day.work("14T20:00")

    assert day.got(ANN) == ["corrected zh"]
    assert day.telegram.edits == []


async def test_who_unsubscribes_gets_nothing_more(day: Day) -> None:
    await day.reader(ANN, hour="20")
    await day.publish("one+two")

    await day.subscriptions.unsubscribe(ANN)
    await day.work("14T20:00")

    assert day.got(ANN) == []
    assert (await day.progress()).skipped == {"unsubscribed": 2}


async def test_who_unsubscribes_keeps_language_and_hour(day: Day) -> None:
    await day.reader(ANN, hour="20", language="en")
    await day.subscriptions.unsubscribe(ANN)
    await day.subscriptions.subscribe(ANN)
    await day.publish()

    await day.work("14T19:59")
    assert day.got(ANN) == []

    await day.work("14T20:00")
    assert day.got(ANN) == ["d en"]


async def test_the_result_is_told_when_only_those_are_left_who_wait(day: Day) -> None:
    await day.reader(ANN, quiet="22-7")
    await day.reader(BOB)
    day.clock.now = at("14T22:30")
    await day.announce()

    await day.work(results=1)
    (early,) = day.ears.results
    assert (early.sent, early.waiting, early.through, early.done) == (1, 1, True, False)

    await day.work("15T07:00", results=2)
    late = day.ears.results[-1]
    assert (late.sent, late.waiting, late.done) == (2, 0, True)
    assert len(day.ears.results) == 2


async def test_a_result_that_waits_for_another_try_is_told_once(day: Day) -> None:
    await day.reader(ANN)
    await day.reader(BOB)
    day.clock.pass_by(seconds=1)
    day.telegram.answers(ANN, Retry("flood wait", 600.0))
    await day.announce()

    await day.work()
    await day.work("14T12:00", results=1)

    (result,) = day.ears.results
    assert (result.sent, result.done) == (2, True)


async def test_people_get_the_words_of_their_language(day: Day) -> None:
    for person, told, chosen in (
        (1, "en", "none"),
        (2, "zh-CN", "none"),
        (3, "en", "zh-CN"),
        (4, "zh-CN", "en"),
        (5, None, "none"),
    ):
        await day.subscriptions.seen(ChatSeen(person, "private", language=told))
        await day.reader(person, language=chosen)
    await day.publish()
    await day.announce()

    await day.work()

    assert [sorted(day.got(person)) for person in range(1, 6)] == [
        ["d en", "hi"],
        ["d zh", "hi"],
        ["d zh", "hi"],
        ["d en", "hi"],
        ["d zh", "hi"],
    ]


async def test_a_correction_speaks_each_language(day: Day) -> None:
    await day.reader(ANN, language="en")
    await day.reader(BOB)
    await day.publish("mistake")
    await day.work()
    day.shelf.digests = [structs.replace(day.shelf.digests[0], title="right", content_hash="new")]

    await day.publisher.amend_corrected()
    await day.work()

    shown = [list(day.telegram.shown[Address(person)].values()) for person in (ANN, BOB)]
    assert shown == [["right en"], ["right zh"]]


async def test_a_language_is_read_once(day: Day) -> None:
    assert day.personal.language_at_hand(ANN) is None
    assert await day.personal.language(ANN) is None
    await day.choose(ANN, language="en")

    assert day.personal.language_at_hand(ANN) == "en"
    assert await day.personal.language(ANN) == "en"
    assert await PersonalSettings(day.database, SHANGHAI, day.clock).language(ANN) == "en"


async def statements_of(day: Day) -> list[str]:
    said: list[str] = []
    async with day.database.transaction() as db:
        engine = db.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    return said


async def test_those_who_wish_for_the_same_share_a_statement(day: Day) -> None:
    for person in range(1, 31):
        await day.reader(person, hour=str(10 + person % 3))
    said = await statements_of(day)

    await day.publish()

    inserts = [one for one in said if one.startswith("INSERT INTO deliveries")]
    assert len(inserts) == len({"at once", "at their own moments", "groups"})
    assert (await day.progress()).total == 30


async def test_a_wish_made_while_moments_are_worked_out_counts(day: Day) -> None:
    await day.reader(ANN)
    await day.reader(BOB)
    now = day.clock()
    issue = Issue(now, now + timedelta(1), now, SHANGHAI, heeds_hours=False)
    moments = moments_of(issue)
    await moments.work_out(day.database)
    await day.choose(ANN, quiet="0-9", hour="20")
    draft = await day.broadcasts.draft(ADMIN, [Message("hi")])

    async with day.database.transaction() as db:
        assert await owe_subscribers(db, draft.id, issue, moments) == 2


async def test_nobody_waits_for_the_database_while_moments_are_worked_out(day: Day) -> None:
    await day.reader(ANN, quiet="22-7")
    catch_up = CatchingUp(day.schedule)

    async with asyncio.timeout(5), day.database.transaction():
        await catch_up.after_absence(day.database, day.clock())


@ON_SQLITE
async def test_readers_own_moments_are_looked_up(day: Day) -> None:
    await day.reader(ANN, hour="20", quiet="22-7")
    said = await statements_of(day)
    await day.publish()
    await day.work("14T23:00")
    lookups = [one for one in said if "waves" in one and one.startswith(("INSERT INTO del", "UPD"))]

    async with day.database.transaction() as db, laid_out(db, []):
        for statement in lookups:
            steps = await steps_of(db, statement)
            assert not {"SCAN chats", "SCAN deliveries", "SCAN subscriptions"} & set(steps), steps
            assert any("waves USING" in step for step in steps), steps
    assert len(lookups) == 3


@ON_SQLITE
@pytest.mark.parametrize(
    ("wishers", "looked_up"),
    [
        (0, "deliveries_1 (broadcast_id=? AND chat_id=?)"),
        (1, "deliveries_due (broadcast_id=? AND due_at<?)"),
    ],
)
async def test_of_who_wishes_for_quiet_and_what_is_due_the_fewer_are_looked_through(
    day: Day, wishers: int, looked_up: str
) -> None:
    for reader in range(wishers):
        await day.reader(ANN + reader, quiet="22-7")
    said = await statements_of(day)
    rest = [Wave(Timing(), day.clock() + timedelta(hours=1))]
    async with day.database.transaction() as db:
        await waiting.hush(db, rest, next_quarter(day.clock()))
    (hush,) = [one for one in said if one.startswith("UPDATE deliveries")]

    async with day.database.transaction() as db, laid_out(db, []):
        steps = await steps_of(db, hush)
    assert any(looked_up in step for step in steps), steps


@ON_SQLITE
async def test_what_is_due_is_one_look_into_an_index(day: Day) -> None:
    await day.reader(ANN, hour="20")
    await day.publish()
    said = await statements_of(day)
    async with day.database.transaction() as db:
        await outbox.claim(db, 1, 10, day.clock())
    (claim,) = [one for one in said if one.startswith("UPDATE deliveries")]

    assert await looks_once(day, claim)


async def looks_once(day: Day, statement: str) -> bool:
    """Tell whether what is due is found by its index, without a sort or a scan."""
    async with day.database.reading() as db:
        steps = await steps_of(db, statement)
    assert any("deliveries_due (broadcast_id=? AND due_at<?)" in step for step in steps), steps
    return not any(step.startswith("SCAN") or "TEMP B-TREE" in step for step in steps)


async def steps_of(db: Transaction, statement: str) -> list[str]:
    parameters: Sequence[object] = (None,) * statement.count("?")
    rows = await db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(parameters))
    return [str(row._mapping["detail"]) for row in rows]
