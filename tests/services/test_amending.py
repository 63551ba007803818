"""Posts that follow their digests, and broadcasts that are taken back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs
from sqlalchemy import select, update
from structlog.testing import capture_logs

from bot.model import Digest, Message
from bot.services.broadcasting import Broadcasts
from bot.services.delivery import DeliveryWorker
from bot.services.outcomes import (
    Address,
    Gone,
    InDoubt,
    Migrated,
    Outcome,
    Partly,
    Rejected,
    Retry,
    Sent,
)
from bot.services.publications import Stopped, TakenBack
from bot.services.publishing import Publisher
from bot.services.schedule import Schedule
from bot.services.subscriptions import Subscriptions
from bot.services.telling import Listener
from bot.services.turning import Turning
from bot.storage import amendments, chats, targets, verdicts
from bot.storage.database import Database
from bot.storage.records import ChatSeen, Posted, Progress, Refused, Rendered, Target
from bot.storage.tables import deliveries
from bot.storage.verdicts import Noted
from tests.databases import locked

if TYPE_CHECKING:
    from tests.services.conftest import Clock, Shelf, Telegram

TODAY = date(2026, 1, 14)
GROUP = Address(-100)
ANN = Address(7)
NOTICE = Message("taken back")


def render(digest: Digest) -> Rendered:
    """A part for each word of the title to groups, all of it to people."""
    if digest.title == "broken":
        raise ValueError("cannot be rendered")
    return Rendered(tuple(map(Message, digest.title.split())), (Message(digest.title),))


def render_alike(digest: Digest) -> Rendered:
    """A part for each word of the title, to people as well."""
    parts = tuple(map(Message, digest.title.split()))
    return Rendered(parts, parts)


class Ears(Listener):
    """Remembers what was refused."""

    def __init__(self) -> None:
        self.refusals: list[tuple[str, str | None]] = []

    async def refused(self, refused: Refused) -> None:
        self.refusals.append((refused.reason, refused.digest_id))


class Stage:
    """A group and a reader, a digest that changes, and whoever brings it to them."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        telegram: Telegram,
        shelf: Shelf,
        render: Callable[[Digest], Rendered] = render,
    ) -> None:
        self.database = database
        self.clock = clock
        self.telegram = telegram
        self.shelf = shelf
        self.ears = Ears()
        self.subscriptions = Subscriptions(database, clock)
        self.broadcasts = Broadcasts(database, clock)
        schedule = Schedule(ZoneInfo("Asia/Shanghai"), time(8), catch_up_days=1)
        self.publisher = Publisher(
            database, shelf, render, schedule=schedule, target_names=["@group"], now=clock
        )

    async def set_up(self) -> None:
        async with self.database.transaction() as db:
            await chats.note(db, ChatSeen(GROUP.chat_id, "supergroup"), self.clock())
            await targets.remember(db, Target("@group", GROUP.chat_id, 0, TODAY))
        await self.subscriptions.subscribe(ANN.chat_id)

    def write(self, title: str, content: str = "", digest_id: str = "d") -> None:
        digest = self.shelf.put(title, TODAY)
        self.shelf.digests = [structs.replace(digest, id=digest_id, content_hash=content or title)]

    async def doubt(self, codes: str, told_at: datetime, digest_id: str = "e") -> None:
        async with self.database.transaction() as db:
            await verdicts.note(db, [Noted(1, "a.md", codes, digest_id, told_at)])

    async def publish(self, title: str) -> None:
        self.write(title)
        await self.publisher.publish_due()
        await self.work()

    async def correct(self, title: str) -> None:
        self.write(title)
        assert await self.publisher.amend_corrected() == ["d"]

    @asynccontextmanager
    async def working(self) -> AsyncIterator[DeliveryWorker]:
        worker = DeliveryWorker(self.database, self.telegram, now=self.clock, listener=self.ears)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(worker.run())
            yield worker
            worker.stop()

    async def work(self, broadcast_id: int = 1) -> Progress:
        """Let the worker work until all is done, and time pass as it needs."""
        async with self.working() as worker:
            while not (progress := await self.progress(broadcast_id)).done:
                await asyncio.sleep(0.01)
                self.clock.pass_by(seconds=1)
                worker.wake()
        return progress

    async def progress(self, broadcast_id: int = 1) -> Progress:
        progress = await self.broadcasts.progress(broadcast_id)
        assert progress is not None
        return progress

    def all_shown(self) -> list[str]:
        return [text for address in list(self.telegram.shown) for text in self.shown(address)]

    def shown(self, address: Address) -> list[str]:
        return list(self.telegram.shown[address].values())


@pytest.fixture
async def stage(database: Database, clock: Clock, telegram: Telegram, shelf: Shelf) -> Stage:
    stage = Stage(database, clock, telegram, shelf)
    await stage.set_up()
    await stage.publish("one two")
    assert stage.shown(GROUP) == ["one", "two"]
    return stage


async def test_a_corrected_digest_corrects_its_posts(stage: Stage) -> None:
    tried = len(stage.telegram.tries)
    await stage.correct("one TWO")
    progress = await stage.work()

    assert stage.shown(GROUP) == ["one", "TWO"]
    assert stage.shown(ANN) == ["one TWO"]
    assert len(stage.telegram.tries) == tried
    assert len(stage.telegram.edits) == 2
    assert (progress.sent, progress.total) == (3, 3)


async def test_what_was_stopped_is_corrected_where_it_stands_and_goes_nowhere_else(
    database: Database, clock: Clock, telegram: Telegram, shelf: Shelf
) -> None:
    stage = Stage(database, clock, telegram, shelf)
    await stage.set_up()
    telegram.answers(GROUP.chat_id, Retry("busy", 10.0))
    stage.write("one two")
    await stage.publisher.publish_due()
    async with stage.working():
        while not stage.shown(ANN):  # noqa: ASYNC110 - another task has to begin
            await asyncio.sleep(0.01)
        assert await stage.broadcasts.stop(1)
    await stage.work()

    await stage.correct("one TWO three")
    progress = await stage.work()

    assert (stage.shown(GROUP), stage.shown(ANN)) == ([], ["one TWO three"])
    assert (progress.sent, progress.skipped) == (1, {"cancelled": 2})
    assert await stage.publisher.publish("d") == Stopped("d", 1)


async def test_what_is_being_corrected_counts_as_sent(stage: Stage) -> None:
    await stage.correct("ONE TWO three")
    progress = await stage.progress()

    assert (progress.sent, progress.pending, progress.done) == (3, 1, False)
    assert progress.at_hand == 4

    await stage.broadcasts.recall(1, 99, NOTICE)
    assert (await stage.progress()).to_recall == 3


async def test_parts_that_a_correction_took_away_are_not_counted(stage: Stage) -> None:
    await stage.correct("one")
    counts = [await stage.progress(), await stage.work()]
    assert [(progress.sent, progress.total) for progress in counts] == [(2, 2), (2, 2)]


async def test_a_correction_that_is_under_way_outlives_a_stop(stage: Stage) -> None:
    await stage.correct("ONE TWO")

    assert await stage.broadcasts.stop(1)
    await stage.work()

    assert (stage.shown(GROUP), stage.shown(ANN)) == (["ONE", "TWO"], ["ONE TWO"])


async def test_a_correction_that_is_not_taken_as_it_is_is_told(stage: Stage) -> None:
    await stage.correct("one TWO")
    stage.telegram.answers(GROUP.chat_id, Sent(2, plain="bad markup"))
    stage.telegram.answers(ANN.chat_id, Rejected("message to edit not found"))

    await stage.work()

    assert sorted(stage.ears.refusals) == [
        ("bad markup", "d"),
        ("message to edit not found", "d"),
    ]


@pytest.mark.parametrize("correction_is_owed", [False, True])
async def test_who_turned_a_page_reads_on(stage: Stage, *, correction_is_owed: bool) -> None:
    (post,) = stage.telegram.shown[ANN]
    turning = Turning(stage.database, stage.clock)
    if correction_is_owed:
        await stage.correct("one TWO")
    await turning.turned(ANN.chat_id, post)
    if not correction_is_owed:
        await stage.correct("one TWO")
    await turning.turned(ANN.chat_id, post)

    progress = await stage.work()
    assert stage.shown(GROUP) == ["one", "TWO"]
    assert stage.shown(ANN) == ["one two"]
    assert (progress.sent, progress.total) == (3, 3)

    await stage.broadcasts.recall(1, 99, NOTICE)
    await stage.work()
    assert stage.shown(ANN) == []


async def test_who_turned_a_page_gets_what_a_correction_adds_behind(
    database: Database, clock: Clock, telegram: Telegram, shelf: Shelf
) -> None:
    stage = Stage(database, clock, telegram, shelf, render_alike)
    await stage.set_up()
    await stage.publish("one")
    (post,) = stage.telegram.shown[ANN]
    await stage.correct("ONE two")

    await Turning(stage.database, stage.clock).turned(ANN.chat_id, post)

    async with asyncio.timeout(20):
        await stage.work()
    assert stage.shown(ANN) == ["one", "two"]


async def test_who_turned_a_page_meanwhile_is_not_corrected_at_a_second_try(stage: Stage) -> None:
    (post,) = stage.telegram.shown[ANN]
    await stage.correct("one TWO")
    stage.telegram.hold = asyncio.Event()
    stage.telegram.answers(ANN.chat_id, Retry("network"))

    async with stage.working():
        while len(stage.telegram.edits) < 2:  # noqa: ASYNC110 - another task has to begin
            await asyncio.sleep(0.01)
        await Turning(stage.database, stage.clock).turned(ANN.chat_id, post)
        stage.telegram.hold.set()
    await stage.work()

    assert stage.shown(ANN) == ["one two"]


async def test_who_turns_a_page_before_the_post_is_written_down_reads_on(stage: Stage) -> None:
    stage.telegram.hold = asyncio.Event()
    stage.write("next", digest_id="e")
    await stage.publisher.publish_due()
    async with stage.working() as worker:
        worker.wake()
        while len(stage.telegram.tries) < 5:  # noqa: ASYNC110 - another task has to begin
            await asyncio.sleep(0.01)
        (post,) = (n for n, (to, _) in enumerate(stage.telegram.tries, 1) if n > 3 and to == ANN)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(Turning(stage.database, stage.clock).turned(ANN.chat_id, post))
            await asyncio.sleep(0.1)
            stage.telegram.hold.set()

    stage.write("corrected", digest_id="e")
    assert await stage.publisher.amend_corrected() == ["e"]
    await stage.work(2)
    assert stage.shown(GROUP) == ["one", "two", "corrected"]
    assert stage.shown(ANN) == ["one two", "next"]


async def test_a_page_is_noted_where_two_posts_have_its_number(stage: Stage) -> None:
    """As after a change of the bot's token: message ids begin anew."""
    stage.write("next", digest_id="e")
    await stage.publisher.publish_due()
    await stage.work(2)
    (post, *_) = stage.telegram.shown[ANN]
    async with stage.database.transaction() as db:
        theirs = deliveries.c.chat_id == ANN.chat_id
        await db.execute(update(deliveries).where(theirs).values(sent_id=post))

    await Turning(stage.database, stage.clock).turned(ANN.chat_id, post)

    async with stage.database.reading() as db:
        assert list(await db.scalars(select(deliveries.c.turned).where(theirs))) == [True, True]


async def test_a_page_that_cannot_be_noted_hinders_no_reading(stage: Stage, url: str) -> None:
    (post,) = stage.telegram.shown[ANN]
    async with locked(url):
        await Turning(stage.database, stage.clock).turned(ANN.chat_id, post)

    await stage.correct("one TWO")
    await stage.work()
    assert stage.shown(ANN) == ["one TWO"]


async def test_what_reads_the_same_is_not_edited(stage: Stage) -> None:
    stage.write("one two", "other words further down")

    assert await stage.publisher.amend_corrected() == []
    assert await stage.publisher.amend_corrected() == []
    assert (await stage.progress()).done


async def test_a_correction_between_pieces_is_made_when_all_have_arrived(stage: Stage) -> None:
    await stage.subscriptions.unsubscribe(ANN.chat_id)
    await stage.subscriptions.subscribe(8)
    stage.clock.pass_by(seconds=1)
    draft = await stage.broadcasts.draft(99, [Message("long")])
    stage.telegram.answers(8, Partly(0, "too long"), Partly(11, "too long"), Retry("network"))
    assert await stage.broadcasts.confirm(draft.id, 99)
    async with stage.working():
        while stage.telegram.planned[8]:  # noqa: ASYNC110 - another task has to begin
            await asyncio.sleep(0.01)
    async with stage.database.transaction() as db:
        short = (Message("short"),)
        await amendments.amend(
            db, Posted("", draft.id, ""), "", Rendered(short, short), stage.clock()
        )
    async with stage.working() as worker:
        while True:
            progress = await stage.broadcasts.progress(draft.id)
            if progress and progress.done:
                break
            stage.clock.pass_by(seconds=1)
            worker.wake()
            await asyncio.sleep(0.01)

    assert stage.shown(Address(8)) == ["short"]
    assert stage.telegram.arrived[Address(8)] == ["long, piece 0", "long, piece 1"]


async def test_a_correction_reaches_who_got_it_in_pieces(stage: Stage) -> None:
    stage.write("long", "another day")
    stage.shelf.digests = [structs.replace(stage.shelf.digests[0], id="e")]
    refused, first, second = (Partly(number, "too long") for number in (0, 11, 12))
    stage.telegram.answers(ANN.chat_id, refused, first, second, Sent(13, "too long"))
    await stage.publisher.publish_due()
    async with stage.working():
        while len(stage.shown(ANN)) < 4:  # noqa: ASYNC110 - another task has to send
            await asyncio.sleep(0.01)
    stage.shelf.digests = [
        structs.replace(stage.shelf.digests[0], title="short", content_hash="corrected")
    ]
    assert await stage.publisher.amend_corrected() == ["e"]
    async with stage.working():
        while len(stage.shown(ANN)) > 2:  # noqa: ASYNC110 - another task has to delete
            await asyncio.sleep(0.01)

    assert stage.shown(ANN) == ["one two", "short"]


async def test_surplus_parts_are_deleted_and_come_back(stage: Stage) -> None:
    await stage.correct("one")
    await stage.work()
    assert stage.shown(GROUP) == ["one"]

    await stage.correct("one two three")
    await stage.work()

    assert stage.shown(GROUP) == ["one", "two", "three"]
    assert stage.shown(ANN) == ["one two three"]


async def test_who_left_gets_no_further_part_by_a_correction(stage: Stage) -> None:
    async with stage.database.transaction() as db:
        await targets.retire_others(db, [])
    await stage.correct("one TWO three")
    await stage.work()

    assert stage.shown(GROUP) == ["one", "TWO"]


async def test_a_correction_that_is_overtaken_shows_the_last_word(stage: Stage) -> None:
    stage.telegram.hold = asyncio.Event()
    async with stage.working():
        await stage.correct("first try")
        while not stage.telegram.edits:  # noqa: ASYNC110 - another task has to begin
            await asyncio.sleep(0.01)
        await stage.correct("second try")
        stage.telegram.hold.set()
    await stage.work()

    assert stage.shown(GROUP) == ["second", "try"]
    assert stage.shown(ANN) == ["second try"]


async def test_what_is_still_to_be_sent_is_sent_corrected(stage: Stage) -> None:
    await stage.subscriptions.subscribe(8)
    stage.telegram.answers(8, Retry("busy", 5))
    stage.clock.pass_by(days=1)
    digest = stage.shelf.put("old words", TODAY + timedelta(days=1))
    stage.shelf.digests = [structs.replace(digest, id="e")]
    await stage.publisher.publish_due()
    stage.shelf.digests = [structs.replace(digest, id="e", title="new words", content_hash="x")]
    await stage.publisher.amend_corrected()
    async with stage.working() as worker:
        while stage.shown(Address(8)) != ["new words"]:
            await asyncio.sleep(0.01)
            stage.clock.pass_by(seconds=1)
            worker.wake()

    assert stage.shown(GROUP)[2:] == ["new", "words"]
    assert not stage.telegram.edits


@pytest.mark.parametrize("outcome", [Retry("busy"), InDoubt("lost")])
async def test_an_edit_that_fails_for_now_is_made_again(stage: Stage, outcome: Outcome) -> None:
    stage.telegram.answers(GROUP.chat_id, outcome)
    await stage.correct("ONE two")
    await stage.work()

    assert stage.shown(GROUP) == ["ONE", "two"]


@pytest.mark.parametrize("outcome", [Rejected("message to edit not found"), Gone("blocked")])
async def test_an_edit_that_cannot_be_made_leaves_the_post(stage: Stage, outcome: Outcome) -> None:
    stage.telegram.answers(GROUP.chat_id, outcome)
    await stage.correct("ONE two")
    progress = await stage.work()

    assert stage.shown(GROUP) == ["one", "two"]
    assert progress.sent == 3


async def test_a_crash_during_edits_loses_and_doubles_none(stage: Stage) -> None:
    await stage.correct("ONE TWO three")
    stage.telegram.hold = asyncio.Event()
    worker = asyncio.create_task(
        DeliveryWorker(stage.database, stage.telegram, now=stage.clock).run()
    )
    while len(stage.telegram.edits) < 2:  # noqa: ASYNC110 - another task has to begin
        await asyncio.sleep(0.01)
    worker.cancel()
    await asyncio.wait([worker])
    stage.telegram.hold = None
    await stage.work()

    assert stage.shown(GROUP) == ["ONE", "TWO", "three"]
    assert stage.shown(ANN) == ["ONE TWO three"]


async def test_a_chat_that_is_gone_is_not_edited(stage: Stage) -> None:
    await stage.subscriptions.gone(ANN.chat_id, "blocked")
    await stage.correct("ONE two")
    await stage.work()

    assert [address for address, _, _ in stage.telegram.edits] == [GROUP]


async def test_posts_from_before_a_move_are_left_alone(stage: Stage) -> None:
    await stage.subscriptions.migrated(GROUP.chat_id, -200)
    await stage.correct("ONE two")
    await stage.work()

    assert [address for address, _, _ in stage.telegram.edits] == [ANN]


async def test_a_move_during_a_correction_leaves_the_post(stage: Stage) -> None:
    stage.telegram.answers(GROUP.chat_id, Migrated(-200))
    await stage.correct("ONE two")

    progress = await stage.work()

    assert progress.sent == 3
    assert Address(-200) not in stage.telegram.shown


async def test_what_was_pushed_although_it_was_held_is_corrected_while_it_is_held(
    stage: Stage,
) -> None:
    await stage.doubt("garbage stub", stage.clock())
    stage.clock.pass_by(seconds=5)
    stage.write("three four", digest_id="e")
    stage.shelf.held = {"e": {"stub"}}
    assert await stage.publisher.publish_due() == []
    await stage.publisher.publish("e")
    await stage.work(2)

    stage.write("three FOUR", digest_id="e")

    assert await stage.publisher.amend_corrected() == ["e"]
    await stage.work(2)
    assert stage.shown(GROUP)[-2:] == ["three", "FOUR"]

    stage.write("what nobody has seen", digest_id="e")
    stage.shelf.held = {"e": {"stub", "draft"}}
    assert await stage.publisher.amend_corrected() == []


async def test_what_is_held_since_it_was_pushed_is_not_corrected(stage: Stage) -> None:
    stage.clock.pass_by(seconds=5)
    await stage.doubt("garbage", stage.clock(), digest_id="d")
    stage.write("one nonsense")
    stage.shelf.held = {"d": {"garbage"}}

    assert await stage.publisher.amend_corrected() == []


async def test_old_posts_are_not_edited(stage: Stage) -> None:
    stage.clock.pass_by(days=9)
    stage.write("ONE two")

    assert await stage.publisher.amend_corrected() == []


async def test_a_digest_that_cannot_be_rendered_any_more_leaves_its_posts(stage: Stage) -> None:
    stage.write("broken")

    assert await stage.publisher.amend_corrected() == []


async def test_a_digest_deleted_while_it_is_sent_still_reaches_everyone(stage: Stage) -> None:
    stage.clock.pass_by(days=1)
    stage.shelf.put("next", TODAY + timedelta(days=1))
    await stage.publisher.publish_due()
    stage.shelf.digests.clear()
    stage.publisher.wake()
    await stage.publisher.amend_corrected()

    async with stage.working():
        while not {"next"} <= {*stage.shown(ANN)} & {*stage.shown(GROUP)}:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_broadcast_is_taken_back_once(stage: Stage) -> None:
    assert await stage.broadcasts.recall(1, 99, NOTICE)
    assert not await stage.broadcasts.recall(1, 99, NOTICE)
    progress = await stage.work()

    assert stage.shown(GROUP) == stage.shown(ANN) == []
    assert (progress.recalled, progress.sent, progress.done) == (3, 0, True)
    assert isinstance(await stage.publisher.publish("d"), TakenBack)
    stage.write("ONE two")
    assert await stage.publisher.amend_corrected() == []


async def test_an_old_broadcast_is_edited_into_a_notice(stage: Stage) -> None:
    stage.clock.pass_by(days=3)
    assert await stage.broadcasts.recall(1, 99, NOTICE)
    progress = await stage.work()

    assert stage.shown(GROUP) == ["taken back", "taken back"]
    assert stage.shown(ANN) == ["taken back"]
    assert progress.recalled == 3


async def test_what_cannot_be_deleted_is_counted(stage: Stage) -> None:
    stage.telegram.answers(ANN.chat_id, Rejected("message can't be deleted"))
    await stage.broadcasts.recall(1, 99, NOTICE)
    progress = await stage.work()

    assert (progress.recalled, progress.sent) == (2, 1)


async def through(stage: Stage, worker: DeliveryWorker, broadcast_id: int) -> Progress:
    """Let time pass until nothing is owed any more."""
    while not (progress := await stage.broadcasts.progress(broadcast_id)) or not progress.done:
        await asyncio.sleep(0.01)
        stage.clock.pass_by(seconds=1)
        worker.wake()
    return progress


async def test_a_recall_overtakes_what_is_on_its_way(stage: Stage) -> None:
    for chat in range(20, 30):
        await stage.subscriptions.subscribe(chat)
    stage.clock.pass_by(seconds=1)
    stage.telegram.hold = asyncio.Event()
    stage.telegram.answers(GROUP.chat_id, Retry("busy", 1))
    draft = await stage.broadcasts.draft(99, [Message("oops"), Message("oops again")])
    await stage.broadcasts.confirm(draft.id, 99)
    tried = len(stage.telegram.tries)
    async with stage.working() as worker:
        while len(stage.telegram.tries) == tried:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert not await stage.broadcasts.recall(draft.id, 98, NOTICE)
        assert await stage.broadcasts.recall(draft.id, 99, NOTICE)
        stage.telegram.hold.set()
        progress = await through(stage, worker, draft.id)

    assert not any("oops" in text for text in stage.all_shown())
    assert progress.recalled + progress.never_sent == progress.total == 24
    assert progress.never_sent


async def test_what_was_in_flight_and_did_not_arrive_was_never_sent(stage: Stage) -> None:
    draft = await stage.broadcasts.draft(99, [Message("oops"), Message("oops again")])
    await stage.broadcasts.confirm(draft.id, 99)
    stage.telegram.answers(GROUP.chat_id, Retry("busy", 1))
    stage.telegram.hold = asyncio.Event()
    tried = len(stage.telegram.tries)
    async with stage.working() as worker:
        while len(stage.telegram.tries) < tried + 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert await stage.broadcasts.recall(draft.id, 99, NOTICE)
        stage.telegram.hold.set()
        progress = await through(stage, worker, draft.id)

    assert (progress.recalled, progress.never_sent) == (1, 3)


async def test_a_draft_cannot_be_taken_back(stage: Stage) -> None:
    draft = await stage.broadcasts.draft(99, [Message("not yet")])

    assert not await stage.broadcasts.recall(draft.id, 99, NOTICE)


async def test_a_locked_database_delays_publishing(stage: Stage, url: str) -> None:
    stage.write("ONE two")
    async with locked(url):
        with capture_logs() as said:
            publishing = asyncio.create_task(stage.publisher.run())
            async with asyncio.timeout(30):
                while not any(line.get("delays") == "publishing" for line in said):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
    while (await stage.progress()).done:  # noqa: ASYNC110 - another task has to begin
        await asyncio.sleep(0.01)
    publishing.cancel()


def test_the_window_reaches_to_tomorrow() -> None:
    schedule = Schedule(ZoneInfo("Asia/Shanghai"), None, catch_up_days=1)
    late = datetime.fromisoformat("2026-01-14T23:59:00+08:00")

    assert schedule.window(late) == (TODAY - timedelta(days=1), TODAY + timedelta(days=1))
