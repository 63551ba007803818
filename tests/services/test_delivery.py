"""The worker against a real database: outcomes, crashes, order, fairness."""

from __future__ import annotations

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.model import Message
from bot.services.outcomes import (
    Address,
    InDoubt,
    Outcome,
    Partly,
    Refusal,
    Rejected,
    Retry,
    Sent,
)
from bot.storage.records import (
    Instead,
    Progress,
)
from tests.databases import ON_SQLITE
from tests.services.stage import ADMIN, GROUP, WHOLE_REFUSED, Stage


async def test_everyone_gets_an_announcement_once(stage: Stage) -> None:
    await stage.people(1, 2, 3)
    await stage.group()
    broadcast = await stage.announce("one", "two")

    async with stage.working():
        progress = await stage.through(broadcast)

    assert progress == Progress(8, 8, {}, {}, pending=0, in_doubt=0, done=True)
    assert dict(stage.telegram.arrived) == {
        Address(chat): ["one", "two"] for chat in (1, 2, 3, GROUP)
    }


async def test_groups_come_first(stage: Stage) -> None:
    await stage.people(1, 2)
    await stage.group()
    broadcast = await stage.announce()

    async with stage.working():
        await stage.through(broadcast)

    assert stage.telegram.tries[0][0] == Address(GROUP)


@pytest.mark.parametrize("rests", [0, 1, 2])
async def test_what_was_published_first_comes_first(stage: Stage, rests: int) -> None:
    await stage.group()
    async with stage.working() as worker:
        for _ in range(rests):
            worker.wake()
            await asyncio.sleep(0.05)
        await stage.announce("one")
        last = await stage.announce("two")
        worker.wake()
        await stage.through(last)

    assert stage.telegram.arrived[Address(GROUP)] == ["one", "two"]


async def test_a_chat_that_waits_gets_its_parts_in_order(stage: Stage) -> None:
    await stage.people(1)
    stage.telegram.answers(1, Retry("busy", 5), Sent(1), Retry("busy", 5))
    broadcast = await stage.announce("one", "two", "three")

    async with stage.working() as worker:
        await stage.until(broadcast, pending=3)
        await stage.after_retry_of(worker, broadcast)
        await stage.after_retry_of(worker, broadcast)
        await stage.through(broadcast)

    assert stage.telegram.arrived[Address(1)] == ["one", "two", "three"]


async def test_what_waits_for_its_chat_holds_nobody_else_up(stage: Stage) -> None:
    await stage.people(1, 2)
    broadcast = await stage.announce()
    stage.telegram.hold = asyncio.Event()
    stage.telegram.rests = 1

    async with stage.working(in_flight=1):
        await stage.tried(2)
        stage.telegram.hold.set()
        await stage.through(broadcast)


@pytest.mark.parametrize(
    "outcome", [Retry("connection refused"), Retry("flood wait", 3.0), InDoubt("lost")]
)
async def test_what_fails_for_now_is_tried_again(stage: Stage, outcome: Outcome) -> None:
    await stage.people(1)
    stage.telegram.answers(1, outcome)
    broadcast = await stage.announce()

    async with stage.working() as worker:
        await stage.after_retry_of(worker, broadcast)
        progress = await stage.through(broadcast)

    assert progress.sent == 1
    assert len(stage.telegram.tries) == 2


async def test_a_main_thread_that_takes_nothing_either_is_told(stage: Stage) -> None:
    await stage.group(thread_id=5)
    stage.telegram.answers(GROUP, *[Rejected("no rights", Refusal.RIGHTS)] * 2)
    broadcast = await stage.announce("one")

    async with stage.working():
        progress = await stage.through(broadcast)

    assert progress.failed == {"no rights": 1}
    assert stage.ears.instead == [Instead.MAIN_THREAD, None]


async def test_a_message_that_is_refused_is_told(stage: Stage) -> None:
    await stage.people(1, 2)
    stage.telegram.answers(1, Rejected("no rights", Refusal.RIGHTS))
    stage.telegram.answers(2, Sent(5, plain="bad markup"))
    broadcast = await stage.announce("one")

    async with stage.working():
        progress = await stage.through(broadcast)

    assert progress.failed == {"no rights": 1}
    assert sorted(stage.ears.refusals) == [1, 2]
    assert stage.ears.refused_digests == [None, None]


async def test_a_flood_wait_of_the_whole_bot_holds_everything(stage: Stage) -> None:
    await stage.people(1, 2, 3)
    stage.telegram.answers(1, Retry("flood wait", 60, whole_bot=True))
    broadcast = await stage.announce()

    async with stage.working(in_flight=1) as worker:
        await stage.until(broadcast, pending=3, sent=0)
        await stage.tried(1)
        worker.wake()
        await asyncio.sleep(0.05)
        assert len(stage.telegram.tries) == 1
        stage.clock.pass_by(seconds=70)
        worker.wake()
        await stage.through(broadcast)


async def test_after_a_wait_of_the_whole_bot_it_goes_on_at_once(stage: Stage) -> None:
    await stage.people(1, 2)
    stage.telegram.answers(1, Retry("flood wait", 0.3, whole_bot=True))
    broadcast = await stage.announce()

    async with stage.working(in_flight=1) as worker:
        await stage.until_retry(broadcast)
        await stage.subscriptions.unsubscribe(1)
        worker.wake()
        await asyncio.sleep(0.1)
        stage.clock.pass_by(seconds=1)
        async with asyncio.timeout(4):
            await stage.through(broadcast)

    assert stage.telegram.arrived[Address(2)] == ["hi"]


@ON_SQLITE
async def test_a_result_is_told_while_another_broadcast_runs(stage: Stage) -> None:
    await stage.people(1)
    short = await stage.announce("short")
    await stage.people(*range(2, 100))
    long = await stage.announce("long")

    async with stage.working(in_flight=1):
        while not stage.ears.summaries:
            stage.clock.pass_by(seconds=1)
            await asyncio.sleep(0.001)
        left = await stage.until(long)
        await stage.through(long)

    assert stage.ears.summaries[0].broadcast_id == short
    assert left.pending


async def test_of_a_group_with_topics_one_post_is_in_flight(stage: Stage) -> None:
    await stage.group(thread_id=5)
    await stage.group(thread_id=7)
    broadcast = await stage.announce()
    await stage.killed()

    async with stage.working() as worker:
        await stage.ears.heard.wait()
        (doubt,) = stage.ears.doubts
        assert (doubt.chat_id, doubt.thread_id) == (GROUP, 5)
        assert await worker.resolve(doubt.delivery_id, sent=True)
        progress = await stage.through(broadcast)

    assert progress.sent == 2
    assert stage.telegram.arrived == {Address(GROUP, 7): ["hi"]}


@ON_SQLITE
async def test_two_broadcasts_share_the_way(stage: Stage) -> None:
    await stage.people(*range(1, 31))
    first, second = await stage.announce("a"), await stage.announce("b")

    async with stage.working(in_flight=2):
        await stage.through(first)
        await stage.through(second)

    half = [message.text for _, message in stage.telegram.tries[:30]]
    assert 10 <= half.count("b") <= 20


async def test_a_result_that_nobody_was_told_is_told_at_the_next_start(stage: Stage) -> None:
    await stage.people(1)
    broadcast = await stage.announce()
    async with stage.working():
        await stage.ears.heard.wait()
    async with stage.database.transaction() as db:
        await db.exec_driver_sql("UPDATE broadcasts SET reported_at = NULL")

    async with stage.working():
        await stage.until(broadcast)

    assert len(stage.ears.summaries) == 2


async def test_a_text_in_pieces_goes_on_where_it_was(stage: Stage) -> None:
    await stage.people(1)
    stage.telegram.answers(
        1, WHOLE_REFUSED, Partly(11, "too long"), Retry("busy"), Partly(12, "too long")
    )
    broadcast = await stage.announce("long")

    async with stage.working() as worker:
        await stage.after_retry_of(worker, broadcast)
        progress = await stage.through(broadcast)
    assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))
    async with stage.working():
        await stage.until(broadcast, recalled=1, done=True)

    pieces = ["long, piece 0", "long, piece 1", "long, piece 2"]
    assert stage.telegram.arrived[Address(1)] == pieces
    assert progress.sent == 1
    assert stage.telegram.shown[Address(1)] == {}


async def test_chats_with_very_large_ids_get_it(stage: Stage) -> None:
    large = 2**53 + 1
    await stage.people(large)
    await stage.group(-large)
    broadcast = await stage.announce()

    async with stage.working():
        await stage.through(broadcast)

    assert stage.telegram.arrived.keys() == {Address(large), Address(-large)}


async def test_the_waits_of_a_broadcast_are_told_by_cause(stage: Stage) -> None:
    await stage.people(1, 2, 3, 4)
    with capture_logs() as logs:
        async with stage.working():
            await stage.through(await stage.announce())
            await stage.ears.heard.wait()

    finished = [log for log in logs if log["event"] == "broadcast finished"]
    assert [log["waited"] for log in finished] == [{"messages a second of the bot": 1.0}]


async def test_each_reason_of_a_refusal_is_told_once(stage: Stage) -> None:
    await stage.people(*range(1, 9))
    for chat in range(1, 9):
        stage.telegram.answers(chat, Rejected("no rights", Refusal.RIGHTS))
    broadcast = await stage.announce()

    async with stage.working():
        await stage.through(broadcast)

    assert len(stage.ears.refusals) == 1


async def test_each_group_that_refuses_is_told(stage: Stage) -> None:
    for group in (-100, -200):
        await stage.group(group)
        stage.telegram.answers(group, Rejected("no rights", Refusal.RIGHTS))
    broadcast = await stage.announce()

    async with stage.working():
        await stage.through(broadcast)

    assert sorted(stage.ears.refusals) == [-200, -100]
