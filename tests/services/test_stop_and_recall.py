"""Broadcasts that are stopped, dropped or taken back."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from bot.model import Message
from bot.services.outcomes import (
    Address,
    Gone,
    InDoubt,
    Partly,
    Rejected,
    Retry,
    Sent,
)
from bot.storage.tables import deliveries
from tests.databases import locked
from tests.services.stage import ADMIN, GROUP, Stage


async def test_a_recall_counts_those_apart_who_never_got_it(stage: Stage) -> None:
    await stage.people(1, 2, 3)
    stage.telegram.answers(2, Retry("busy"))
    stage.telegram.answers(3, Retry("busy"))
    broadcast = await stage.announce()

    async with stage.working() as worker:
        await stage.until(broadcast, sent=1)
        stage.telegram.answers(1, Rejected("message can't be deleted"))
        assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))
        worker.wake()
        progress = await stage.through(broadcast)

    assert (progress.recalled, progress.standing, progress.never_sent) == (0, 1, 2)


@pytest.mark.parametrize("chat", [1, GROUP])
async def test_what_was_lost_after_it_was_taken_back_may_still_stand(
    stage: Stage, chat: int
) -> None:
    await (stage.people(chat) if chat > 0 else stage.group())
    stage.telegram.answers(chat, InDoubt("lost"))
    stage.telegram.hold = asyncio.Event()
    broadcast = await stage.announce()

    async with stage.working() as worker:
        await stage.tried(1)
        assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))
        stage.telegram.hold.set()
        while not await stage.states(broadcast, "failed"):
            await asyncio.sleep(0.005)
            stage.clock.pass_by(minutes=10)
            worker.wake()
        progress = await stage.through(broadcast)

    assert (progress.recalled, progress.standing) == (0, 1)
    assert len(stage.telegram.tries) == 1


async def test_a_copy_that_nobody_can_find_still_stands_after_a_recall(stage: Stage) -> None:
    await stage.people(1)
    stage.telegram.answers(1, InDoubt("lost"))
    broadcast = await stage.announce()

    async with stage.working() as worker:
        await stage.after_retry_of(worker, broadcast)
        await stage.through(broadcast)
        assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))
        worker.wake()
        progress = await stage.through(broadcast)

    assert (progress.recalled, progress.standing) == (0, 1)
    assert stage.telegram.shown[Address(1)] == {}


async def test_what_was_in_flight_at_a_crash_and_taken_back_may_still_stand(stage: Stage) -> None:
    await stage.people(1)
    await stage.group()
    broadcast = await stage.announce()
    await stage.killed()
    assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))

    async with stage.working():
        progress = await stage.through(broadcast)

    assert (progress.recalled, progress.standing) == (0, 2)


async def test_a_broadcast_can_be_stopped(stage: Stage) -> None:
    await stage.people(1, 2, 3)
    stage.telegram.answers(1, *[Retry("busy", 10.0)] * 9)
    broadcast = await stage.announce()
    stage.telegram.hold = asyncio.Event()

    async with stage.working(in_flight=1) as worker:
        await stage.tried(1)
        assert await stage.broadcasts.stop(broadcast)
        assert not await stage.broadcasts.stop(broadcast)
        stage.telegram.hold.set()
        worker.wake()
        await stage.ears.heard.wait()

    (summary,) = stage.ears.summaries
    assert summary.stopped
    assert summary.progress.done
    assert (summary.progress.sent, summary.progress.skipped) == (0, {"cancelled": 3})


async def test_what_a_recall_of_a_stopped_broadcast_waits_for_is_told(stage: Stage) -> None:
    await stage.people(1, 2)
    stage.telegram.answers(2, Retry("busy"))
    broadcast = await stage.announce()
    async with stage.working() as worker:
        await stage.until(broadcast, sent=1, retrying=1)
        assert await stage.broadcasts.stop(broadcast)
        stage.telegram.answers(1, Retry("busy", 30.0))
        assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))
        worker.wake()
        await stage.until_retry(broadcast)

    ((messages, reason),) = [(one.messages, one.reason) for one in await stage.broadcasts.delays()]
    assert (messages, reason) == (1, "busy")


async def test_a_look_that_cannot_be_noted_is_one_nevertheless(stage: Stage, url: str) -> None:
    broadcast = await stage.announce()
    async with locked(url):
        with capture_logs() as said:
            await stage.broadcasts.follow(broadcast, ADMIN, 5)

    assert [line["event"] for line in said] == ["followed message not noted"]


async def test_who_has_begun_to_get_a_text_that_is_stopped_gets_the_rest(stage: Stage) -> None:
    await stage.people(1, 2)
    stage.telegram.answers(1, Sent(1), Retry("busy", 5), Partly(0, "long"), Partly(7, "long"))
    broadcast = await stage.announce("one", "two", "three")
    stage.telegram.hold = asyncio.Event()

    async with stage.working(in_flight=1) as worker:
        await stage.tried(1)
        assert await stage.broadcasts.stop(broadcast)
        stage.telegram.hold.set()
        await stage.after_retry_of(worker, broadcast)
        progress = await stage.through(broadcast)

    assert (progress.sent, progress.skipped) == (3, {"cancelled": 3})
    assert len(stage.telegram.arrived[Address(1)]) == 4
    assert not stage.telegram.arrived[Address(2)]


async def test_what_was_stopped_can_be_taken_back(stage: Stage) -> None:
    await stage.people(1, 2, 3)
    stage.telegram.answers(2, Retry("busy", 10.0))
    broadcast = await stage.announce()

    async with stage.working() as worker:
        await stage.until(broadcast, sent=2)
        assert await stage.broadcasts.stop(broadcast)
        worker.wake()
        await stage.through(broadcast)
        assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))
        worker.wake()
        progress = await stage.until(broadcast, recalled=2, done=True)

    assert (progress.standing, progress.skipped) == (0, {"cancelled": 1})
    assert not any(stage.telegram.shown.values())


async def test_the_result_of_a_stop_outlives_a_crash(stage: Stage) -> None:
    await stage.people(1)
    broadcast = await stage.announce()
    await stage.killed()
    assert await stage.broadcasts.stop(broadcast)

    async with stage.working():
        await stage.ears.heard.wait()

    assert stage.ears.summaries[0].progress.failed == {"not known whether it arrived": 1}


async def test_only_a_draft_can_be_dropped(stage: Stage) -> None:
    await stage.people(1, 2)
    broadcast = await stage.announce()
    draft = await stage.broadcasts.draft(ADMIN, [Message("hi")])

    assert await stage.broadcasts.drop(draft.id)
    assert not await stage.broadcasts.drop(draft.id)
    assert not await stage.broadcasts.confirm(draft.id, ADMIN)
    assert not await stage.broadcasts.drop(broadcast)
    async with stage.working():
        progress = await stage.through(broadcast)

    assert progress.sent == 2


async def test_what_is_being_taken_back_cannot_be_stopped(stage: Stage) -> None:
    await stage.people(1, 2)
    broadcast = await stage.announce()
    async with stage.working() as worker:
        await stage.through(broadcast)
        assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))
        assert not await stage.broadcasts.stop(broadcast)
        worker.wake()
        await stage.until(broadcast, recalled=2, done=True)


async def test_who_did_not_get_it_is_counted_by_reason_after_a_recall_too(stage: Stage) -> None:
    await stage.people(1, 2, 3)
    broadcast = await stage.announce()
    async with stage.database.transaction() as db:
        failed = {"state": "failed", "reason": "blocked", "due_at": None}
        await db.execute(update(deliveries).values(recall=deliveries.c.chat_id == 1, **failed))

    progress = await stage.broadcasts.progress(broadcast)
    assert progress is not None
    assert progress.failed == {"blocked": 3}


async def test_what_was_taken_back_is_not_sent_to_a_group_that_is_back(stage: Stage) -> None:
    await stage.group()
    await stage.people(1)
    stage.telegram.answers(GROUP, Gone("kicked"))
    broadcast = await stage.announce("one", "two")

    async with stage.working() as worker:
        await stage.through(broadcast)
        assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))
        worker.wake()
        await stage.until(broadcast, recalled=2, done=True)
        await stage.subscriptions.back(GROUP)
        worker.wake()
        await stage.through(broadcast)

    assert len([1 for address, _ in stage.telegram.tries if address.chat_id == GROUP]) == 1
