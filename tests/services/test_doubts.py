"""Posts of which nobody knows whether they arrived: who is asked, and what an answer does."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.model import Message
from bot.services.delivery import DeliveryWorker
from bot.services.outcomes import (
    Address,
    InDoubt,
    Partly,
    Refusal,
    Rejected,
    Retry,
)
from bot.storage import targets
from bot.storage.records import (
    DeliveryState,
)
from bot.storage.tables import deliveries
from tests.services.stage import ADMIN, GROUP, WHOLE_REFUSED, Stage


async def test_a_group_post_in_flight_at_a_crash_waits_for_an_answer(stage: Stage) -> None:
    await stage.group()
    broadcast = await stage.announce()
    await stage.killed()

    async with stage.working() as worker:
        await stage.ears.heard.wait()
        doubt = stage.ears.doubts[0]
        assert doubt.until == stage.clock() + timedelta(minutes=30)
        assert await worker.resolve(doubt.delivery_id, sent=True)
        assert not await worker.resolve(doubt.delivery_id, sent=False)
        progress = await stage.through(broadcast)

    assert progress.sent == 1
    assert len(stage.telegram.tries) == 1


async def test_a_group_post_that_did_not_arrive_is_sent_again(stage: Stage) -> None:
    await stage.group()
    stage.telegram.answers(GROUP, InDoubt("lost"))
    broadcast = await stage.announce()

    async with stage.working() as worker:
        await stage.ears.heard.wait()
        doubt = stage.ears.doubts[0]
        assert await worker.resolve(doubt.delivery_id, sent=False) is DeliveryState.PENDING
        progress = await stage.through(broadcast)

    assert progress.sent == 1
    assert len(stage.telegram.tries) == 2


async def given_up(stage: Stage, worker: DeliveryWorker, *texts: str) -> tuple[int, int]:
    """Lose both answers of a post in a group; give its broadcast and its delivery."""
    await stage.group()
    stage.telegram.answers(GROUP, *[InDoubt("lost")] * 2)
    broadcast = await stage.announce(*texts)
    worker.wake()
    await stage.until(broadcast, in_doubt=1)
    await stage.ears.heard.wait()
    stage.clock.pass_by(minutes=31)
    worker.wake()
    assert (await stage.through(broadcast)).failed == {"not known whether it arrived": 1}
    return broadcast, stage.ears.doubts[0].delivery_id


@pytest.mark.parametrize("sent", [True, False])
async def test_the_word_of_an_admin_counts_also_when_it_was_given_up(
    stage: Stage, *, sent: bool
) -> None:
    async with stage.working() as worker:
        broadcast, delivery = await given_up(stage, worker, "one", "two")
        stage.clock.pass_by(hours=23, minutes=45)
        stage.telegram.answers(GROUP, Retry("server error"))
        assert await worker.resolve(delivery, sent=sent)
        assert not await worker.resolve(delivery, sent=sent)
        progress = await stage.through_waits(worker, broadcast)

    assert progress.sent == 2
    assert stage.telegram.arrived[Address(GROUP)] == (["two"] if sent else ["one", "two"])


@pytest.mark.parametrize("sent", [True, False])
async def test_the_word_of_an_admin_counts_also_when_the_bot_is_out_of_the_group(
    stage: Stage, *, sent: bool
) -> None:
    async with stage.working() as worker:
        broadcast, delivery = await given_up(stage, worker, "one", "two")
        await stage.subscriptions.gone(GROUP, "kicked")
        became = DeliveryState.SENT if sent else DeliveryState.SKIPPED
        assert await worker.resolve(delivery, sent=sent) is became
        progress = await stage.through(broadcast)
        assert progress.skipped == {"kicked": 1 if sent else 2}
        await stage.subscriptions.back(GROUP)
        worker.wake()
        await stage.until(broadcast, sent=2, done=True)

    assert stage.telegram.arrived[Address(GROUP)] == (["two"] if sent else ["one", "two"])


@pytest.mark.parametrize("sent", [True, False])
async def test_the_word_of_an_admin_comes_too_late_after_a_day(stage: Stage, *, sent: bool) -> None:
    async with stage.working() as worker:
        broadcast, delivery = await given_up(stage, worker, "one", "two")
        stage.clock.pass_by(hours=25)
        assert not await worker.resolve(delivery, sent=sent)
        progress = await stage.through(broadcast)

    assert (progress.sent, len(stage.telegram.tries)) == (0, 2)


async def test_the_word_of_an_admin_sends_nothing_to_who_wants_it_no_longer(stage: Stage) -> None:
    async with stage.working() as worker:
        broadcast, delivery = await given_up(stage, worker, "one", "two")
        async with stage.database.transaction() as db:
            await targets.retire_others(db, [])
        assert await worker.resolve(delivery, sent=False) is DeliveryState.SKIPPED
        worker.wake()
        progress = await stage.through(broadcast)

    assert progress.skipped == {"no longer a target": 2}
    assert len(stage.telegram.tries) == 2


async def test_the_word_of_an_admin_does_not_send_what_was_taken_back(stage: Stage) -> None:
    async with stage.working() as worker:
        broadcast, delivery = await given_up(stage, worker)
        assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))
        assert not await worker.resolve(delivery, sent=False)
        await stage.through(broadcast)

    assert len(stage.telegram.tries) == 2


@pytest.mark.parametrize("arrived", [(), (11,)])
@pytest.mark.parametrize("sent", [False, True])
async def test_an_answer_about_a_piece_goes_on_from_there(
    stage: Stage, arrived: tuple[int, ...], sent: bool
) -> None:
    await stage.group()
    pieces = [Partly(number, "too long") for number in arrived]
    stage.telegram.answers(GROUP, WHOLE_REFUSED, *pieces, InDoubt("lost"))
    broadcast = await stage.announce("long")

    async with stage.working() as worker:
        await stage.ears.heard.wait()
        assert await worker.resolve(stage.ears.doubts[0].delivery_id, sent=sent)
        await stage.through(broadcast)

    goes_on = len(arrived) + sent
    assert stage.telegram.arrived[Address(GROUP)][-1] == f"long, piece {goes_on}"


async def test_an_answer_about_a_post_keeps_it_in_the_main_thread(stage: Stage) -> None:
    await stage.group(thread_id=5)
    stage.telegram.answers(GROUP, Rejected("topic_closed", Refusal.TOPIC), InDoubt("lost"))
    broadcast = await stage.announce()

    async with stage.working() as worker:
        await stage.ears.heard.wait()
        assert await worker.resolve(stage.ears.doubts[0].delivery_id, sent=False)
        await stage.through(broadcast)

    assert [address.thread_id for address, _ in stage.telegram.tries] == [5, 0, 0]


async def test_a_group_post_in_doubt_is_sent_after_half_an_hour(stage: Stage) -> None:
    await stage.group()
    stage.telegram.answers(GROUP, InDoubt("lost"))
    broadcast = await stage.announce()

    async with stage.working() as worker:
        await stage.until(broadcast, in_doubt=1)
        stage.clock.pass_by(minutes=31)
        worker.wake()
        await stage.through(broadcast)

    assert len(stage.telegram.tries) == 2


async def test_a_post_that_stays_in_doubt_is_not_repeated_for_ever(stage: Stage) -> None:
    await stage.group()
    stage.telegram.answers(GROUP, *[Retry("server error")] * 3, *[InDoubt("lost")] * 20)
    broadcast = await stage.announce()

    async def waiting() -> int:
        tried_again = await stage.states(broadcast, "retry")
        return tried_again + await stage.states(broadcast, "in_doubt")

    async with stage.working() as worker:
        for number in range(1, 5):
            while not await waiting():  # noqa: ASYNC110 - polls the database
                await asyncio.sleep(0.005)
            stage.clock.pass_by(minutes=31)
            worker.wake()
            await stage.tried(number + 1)
        progress = await stage.through(broadcast)

    assert progress.failed == {"not known whether it arrived": 1}
    assert len(stage.telegram.tries) == 5
    assert len(stage.ears.doubts) == 1


async def test_doubts_are_counted_on_after_a_restart(stage: Stage) -> None:
    await stage.people(1)
    stage.telegram.answers(1, *[InDoubt("lost")] * 3)
    broadcast = await stage.announce()

    for number in range(1, 4):
        async with stage.working():
            await stage.tried(number)
        stage.clock.pass_by(minutes=20)
    async with stage.database.reading() as db:
        doubts = await db.scalar(select(deliveries.c.doubts))
    stage.clock.pass_by(hours=8)
    async with stage.working():
        progress = await stage.through(broadcast)

    assert (doubts, progress.sent) == (3, 1)


async def test_what_a_person_may_have_got_is_given_up_after_a_day(stage: Stage) -> None:
    await stage.people(1)
    stage.telegram.answers(1, *[InDoubt("lost")] * 20)
    broadcast = await stage.announce()

    async with stage.working() as worker:
        progress = await stage.through_waits(worker, broadcast, seconds=1200)

    assert progress.failed == {"not known whether it arrived": 1}
    assert len(stage.telegram.tries) < 10


async def test_a_post_in_doubt_that_is_taken_back_may_still_stand(stage: Stage) -> None:
    await stage.people(1)
    await stage.group()
    stage.telegram.answers(GROUP, InDoubt("lost"))
    broadcast = await stage.announce()

    async with stage.working() as worker:
        await stage.until(broadcast, in_doubt=1, sent=1)
        assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))
        worker.wake()
        progress = await stage.through(broadcast)

    assert (progress.recalled, progress.standing) == (1, 1)


async def test_a_clock_set_back_by_days_keeps_a_post_in_doubt_for_half_an_hour(
    stage: Stage,
) -> None:
    await stage.group()
    stage.telegram.answers(GROUP, InDoubt("lost"))
    broadcast = await stage.announce()

    async with stage.working():
        await stage.until(broadcast, in_doubt=1)
    stage.clock.pass_by(days=-2)
    async with stage.working() as worker:
        worker.wake()
        await asyncio.sleep(0.1)
        stage.clock.pass_by(minutes=31)
        worker.wake()
        await stage.through(broadcast)

    assert len(stage.telegram.tries) == 2


async def test_a_group_that_leaves_is_not_sent_again_what_is_in_doubt(stage: Stage) -> None:
    await stage.people(GROUP)
    stage.telegram.answers(GROUP, InDoubt("lost"))
    broadcast = await stage.announce("one", "two")

    async with stage.working() as worker:
        await stage.ears.heard.wait()
        await stage.subscriptions.unsubscribe(GROUP)
        stage.clock.pass_by(minutes=31)
        worker.wake()
        progress = await stage.through(broadcast)

    assert progress.failed == {"not known whether it arrived": 1}
    assert progress.skipped == {"unsubscribed": 1}
    assert len(stage.telegram.tries) == 1
