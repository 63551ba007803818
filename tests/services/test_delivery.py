"""The worker against a real database: outcomes, crashes, order, fairness."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from bot.model import Message
from bot.services.delivery import DeliveryWorker
from bot.services.outcomes import (
    Address,
    Gone,
    InDoubt,
    Migrated,
    Outcome,
    Partly,
    Refusal,
    Rejected,
    Retry,
    Sent,
)
from bot.storage import outbox, targets
from bot.storage.database import Database
from bot.storage.records import (
    ChatSeen,
    DeliveryState,
    Instead,
    Progress,
)
from bot.storage.tables import deliveries
from tests.databases import ON_POSTGRESQL, ON_SQLITE, Server, locked
from tests.services.stage import ADMIN, GROUP, Stage


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


async def test_nobody_tries_longer_than_a_day(stage: Stage) -> None:
    await stage.people(1)
    stage.telegram.answers(1, *[Retry("server error")] * 200)
    broadcast = await stage.announce()

    async with stage.working() as worker:
        progress = await stage.through_waits(worker, broadcast, seconds=1200)

    assert progress.failed == {"server error": 1}


@pytest.mark.parametrize("asleep", [True, False])
async def test_the_day_of_tries_does_not_pass_while_nobody_tries(
    stage: Stage, *, asleep: bool
) -> None:
    await stage.people(1)
    stage.telegram.answers(1, *[Retry("server error")] * 2)
    broadcast = await stage.announce()

    async with stage.working() as worker:
        await stage.until_retry(broadcast)
        if asleep:
            stage.clock.pass_by(hours=30)
            worker.wake()
            await stage.tried(2)
    stage.clock.pass_by(hours=30)
    async with stage.working() as worker:
        progress = await stage.through_waits(worker, broadcast)

    assert progress.sent == 1


async def test_the_day_of_tries_begins_anew_after_a_crash(stage: Stage) -> None:
    await stage.people(1)
    broadcast = await stage.announce()
    await stage.killed()
    stage.clock.pass_by(hours=30)
    stage.telegram.answers(1, Retry("server error"))

    async with stage.working() as worker:
        progress = await stage.through_waits(worker, broadcast)

    assert progress.sent == 1


async def test_a_chat_that_is_gone_is_owed_nothing_more(stage: Stage) -> None:
    await stage.people(1, 2)
    stage.telegram.answers(1, Gone("blocked"))
    first = await stage.announce("one", "two")
    second = await stage.announce("three")

    async with stage.working(in_flight=1):
        progress = await stage.through(first)
        later = await stage.through(second)

    assert progress.failed | later.failed == {"blocked": 1}
    assert (progress.sent, later.sent) == (2, 1)
    assert len([1 for address, _ in stage.telegram.tries if address.chat_id == 1]) == 1


async def test_a_chat_that_is_back_receives_again(stage: Stage) -> None:
    await stage.people(1)
    await stage.subscriptions.gone(1, "blocked")
    assert (await stage.broadcasts.draft(ADMIN, [Message("x")])).recipients == 0

    await stage.subscriptions.back(1)
    broadcast = await stage.announce()
    async with stage.working():
        await stage.through(broadcast)

    assert stage.telegram.arrived[Address(1)] == ["hi"]


async def test_a_chat_that_moved_gets_it_in_its_new_place(stage: Stage) -> None:
    await stage.group()
    stage.telegram.answers(GROUP, Migrated(-200))
    broadcast = await stage.announce("one", "two")

    async with stage.working():
        await stage.through(broadcast)
    again = await stage.announce("three")
    async with stage.working():
        await stage.through(again)

    assert dict(stage.telegram.arrived) == {Address(-200): ["one", "two", "three"]}


async def test_pieces_in_a_chat_that_moved_are_left_alone(stage: Stage) -> None:
    await stage.group()
    first = Partly(11, "too long")
    stage.telegram.answers(GROUP, Partly(0, "too long"), first, Migrated(GROUP - 1000))
    broadcast = await stage.announce("long")
    stage.telegram.shown[Address(GROUP - 1000)][11] = "another's"

    async with stage.working() as worker:
        await stage.through(broadcast)
        assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))
        worker.wake()
        await stage.through(broadcast)

    assert stage.telegram.shown[Address(GROUP - 1000)] == {11: "another's"}


async def test_a_chat_that_moved_where_it_is_known_gets_it_once(stage: Stage) -> None:
    await stage.group()
    await stage.group(-200)
    stage.telegram.answers(GROUP, Migrated(-200))
    broadcast = await stage.announce("one", "two")

    async with stage.working():
        progress = await stage.through(broadcast)

    assert dict(stage.telegram.arrived) == {Address(-200): ["one", "two"]}
    assert progress.skipped == {"migrated": 2}


@pytest.mark.parametrize("kind", [Refusal.TOPIC, Refusal.RIGHTS])
async def test_a_topic_that_takes_nothing_falls_back_to_the_main_thread(
    stage: Stage, kind: Refusal
) -> None:
    await stage.group(thread_id=5)
    stage.telegram.answers(GROUP, Rejected("not there", kind))
    broadcast = await stage.announce("one", "two")

    async with stage.working():
        await stage.through(broadcast)

    assert dict(stage.telegram.arrived) == {Address(GROUP): ["one", "two"]}
    assert stage.ears.refusals == [GROUP]
    assert stage.ears.instead == [Instead.MAIN_THREAD]


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


@pytest.mark.parametrize("seconds", [43_837.0, 43_837])
async def test_a_long_flood_wait_of_a_chat_outlives_a_restart(stage: Stage, seconds: float) -> None:
    await stage.people(1, 2)
    stage.telegram.answers(1, Retry("flood wait", seconds))
    broadcasts = [await stage.announce(text) for text in ("one", "two", "three")]
    async with stage.working():
        for broadcast in broadcasts:
            await stage.until(broadcast, sent=1)

    async with stage.working() as worker:
        stage.clock.pass_by(hours=12)
        worker.wake()
        await asyncio.sleep(0.2)
        assert [to.chat_id for to, _ in stage.telegram.tries].count(1) == 1
        stage.clock.pass_by(hours=1)
        worker.wake()
        for broadcast in broadcasts:
            await stage.until(broadcast, sent=2)


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


async def test_after_a_crash_only_what_was_in_flight_is_repeated(stage: Stage) -> None:
    await stage.people(1, 2, 3)
    broadcast = await stage.announce()
    await stage.killed()
    in_flight = len(stage.telegram.tries)

    async with stage.working():
        await stage.through(broadcast)

    assert len(stage.telegram.tries) <= 3 + in_flight
    assert all(stage.telegram.arrived[Address(chat)] == ["hi"] for chat in (1, 2, 3))


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


WHOLE_REFUSED = Partly(0, "too long")


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


async def test_what_was_in_flight_at_a_crash_and_taken_back_may_still_stand(stage: Stage) -> None:
    await stage.people(1)
    await stage.group()
    broadcast = await stage.announce()
    await stage.killed()
    assert await stage.broadcasts.recall(broadcast, ADMIN, Message("taken back"))

    async with stage.working():
        progress = await stage.through(broadcast)

    assert (progress.recalled, progress.standing) == (0, 2)


@ON_SQLITE
async def test_two_broadcasts_share_the_way(stage: Stage) -> None:
    await stage.people(*range(1, 31))
    first, second = await stage.announce("a"), await stage.announce("b")

    async with stage.working(in_flight=2):
        await stage.through(first)
        await stage.through(second)

    half = [message.text for _, message in stage.telegram.tries[:30]]
    assert 10 <= half.count("b") <= 20


async def test_the_result_is_told_once_also_after_a_crash(stage: Stage) -> None:
    await stage.people(1, 2)
    stage.telegram.answers(1, Gone("blocked"))
    broadcast = await stage.announce()

    with capture_logs() as logs:
        async with stage.working():
            await stage.ears.heard.wait()
        async with stage.working():
            pass

    summary = stage.ears.summaries[0]
    assert len(stage.ears.summaries) == 1
    assert (summary.broadcast_id, summary.admin_id) == (broadcast, ADMIN)
    assert (summary.progress.sent, summary.progress.failed) == (1, {"blocked": 1})
    assert [log["event"] for log in logs].count("broadcast finished") == 1


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


async def test_a_locked_database_loses_no_answer(stage: Stage, url: str) -> None:
    await stage.people(*range(1, 6))
    broadcast = await stage.announce()
    stage.telegram.hold = asyncio.Event()

    async with stage.working():
        await stage.tried(5)
        async with locked(url):
            stage.telegram.hold.set()
            await asyncio.sleep(0.5)
        progress = await stage.through(broadcast)

    assert progress.sent == 5
    assert len(stage.telegram.tries) == 5


@ON_POSTGRESQL
async def test_a_server_that_restarts_loses_and_repeats_nothing(
    stage: Stage, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue("postgresql_server")
    people = range(1, 101)
    await stage.people(*people)
    broadcast = await stage.announce()

    async with stage.working(in_flight=8):
        for tried, how in ((20, "fast"), (50, "immediate")):
            await stage.tried(tried)
            await asyncio.to_thread(server.stop, how)
            await asyncio.to_thread(server.start)
        progress = await stage.through(broadcast)

    assert progress.sent == len(people)
    assert len(stage.telegram.tries) == len(people)


async def test_what_was_claimed_where_nobody_heard_of_it_is_sent(stage: Stage, url: str) -> None:
    await stage.people(1, 2)
    stage.telegram.hold = asyncio.Event()
    broadcast = await stage.announce()

    async with stage.working(in_flight=1), Database.open(url, beside=True) as other:
        await stage.tried(1)
        async with other.transaction() as db:
            assert len(await outbox.claim(db, broadcast, 9, stage.clock())) == 1
            stage.telegram.hold.set()
            await asyncio.sleep(0.5)
        progress = await stage.through(broadcast)

    assert progress.sent == 2
    assert len(stage.telegram.tries) == 2


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


async def test_a_listener_without_a_database_is_told_again(stage: Stage) -> None:
    stage.ears.failing = 1
    await stage.people(1)
    await stage.announce()

    async with stage.working():
        await stage.ears.heard.wait()

    assert len(stage.ears.summaries) == 1


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


@ON_SQLITE
async def test_who_stops_it_while_nothing_can_be_written_does_not_wait_for_ever(
    stage: Stage, url: str
) -> None:
    await stage.people(1)
    await stage.announce()
    stage.telegram.hold = asyncio.Event()

    with capture_logs() as logs:
        async with AsyncExitStack() as held, stage.working() as worker:
            await stage.tried(1)
            await held.enter_async_context(locked(url))
            worker.stop()
            stage.telegram.hold.set()

    assert "answers unwritten, sent again unless in the journal" in [log["event"] for log in logs]


async def test_a_request_that_hangs_keeps_no_end_from_coming(stage: Stage) -> None:
    await stage.people(1, 2)
    await stage.group()
    stage.telegram.hold = asyncio.Event()
    broadcast = await stage.announce()
    with capture_logs() as logs:
        async with asyncio.timeout(30), stage.working():
            await stage.tried(3)
    left = [log["count"] for log in logs if log["event"].startswith("requests without")]
    stage.telegram.hold = None

    async with stage.working():
        progress = await stage.until(broadcast, sent=2)

    assert left == [3]
    assert progress.in_doubt == 1


async def test_a_clock_that_was_set_back_holds_nothing_up(stage: Stage) -> None:
    await stage.people(1)
    broadcast = await stage.announce()
    stage.clock.pass_by(hours=-3)

    async with stage.working():
        await stage.through(broadcast)

    assert stage.telegram.arrived[Address(1)] == ["hi"]


async def test_a_clock_set_back_while_it_runs_holds_nothing_up(stage: Stage) -> None:
    await stage.people(1)

    async with stage.working() as worker:
        await stage.through(await stage.announce("one"))
        second = await stage.announce("two")
        stage.clock.pass_by(hours=-3)
        worker.wake()
        await stage.through(second)

    assert stage.telegram.arrived[Address(1)] == ["one", "two"]


@pytest.mark.parametrize("outcome", [Retry("busy"), Retry("flood wait", 3.0, whole_bot=True)])
async def test_a_clock_set_back_by_days_holds_no_second_try_up(
    stage: Stage, outcome: Outcome
) -> None:
    await stage.people(1)
    stage.telegram.answers(1, outcome)
    broadcast = await stage.announce()

    async with stage.working() as worker:
        await stage.until_retry(broadcast)
        stage.clock.pass_by(days=-2)
        worker.wake()
        await stage.through(broadcast)

    assert stage.telegram.arrived[Address(1)] == ["hi"]


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


async def test_a_group_that_lets_the_bot_in_later_gets_what_it_missed(stage: Stage) -> None:
    await stage.group()
    await stage.people(1)
    stage.telegram.answers(GROUP, Gone("bot is not a member"))
    broadcast = await stage.announce("one", "two")
    async with stage.working() as worker:
        await stage.through(broadcast)

        await stage.subscriptions.back(GROUP)
        worker.wake()
        await stage.until(broadcast, sent=4, done=True)

    assert stage.telegram.arrived[Address(GROUP)] == ["one", "two"]
    assert stage.telegram.arrived[Address(1)] == ["one", "two"]


async def test_a_group_that_is_back_does_not_get_what_was_stopped(stage: Stage) -> None:
    await stage.group()
    broadcast = await stage.announce()
    async with stage.database.transaction() as db:
        stopped = {"state": "skipped", "reason": "cancelled", "due_at": None}
        await db.execute(update(deliveries).values(settled_at=stage.clock(), **stopped))

    await stage.subscriptions.gone(GROUP, "kicked")
    await stage.subscriptions.back(GROUP)

    progress = await stage.broadcasts.progress(broadcast)
    assert progress is not None
    assert progress.skipped == {"cancelled": 1}


async def test_who_did_not_get_it_is_counted_by_reason_after_a_recall_too(stage: Stage) -> None:
    await stage.people(1, 2, 3)
    broadcast = await stage.announce()
    async with stage.database.transaction() as db:
        failed = {"state": "failed", "reason": "blocked", "due_at": None}
        await db.execute(update(deliveries).values(recall=deliveries.c.chat_id == 1, **failed))

    progress = await stage.broadcasts.progress(broadcast)
    assert progress is not None
    assert progress.failed == {"blocked": 3}


async def test_a_chat_that_moves_to_where_it_is_is_tried_again_later(stage: Stage) -> None:
    await stage.people(1)
    stage.telegram.answers(1, Migrated(1))
    broadcast = await stage.announce()

    async with stage.working():
        await stage.until_retry(broadcast)

    assert len(stage.telegram.tries) == 1


async def test_a_group_that_is_back_while_the_result_is_told_gets_it(stage: Stage) -> None:
    await stage.group()
    stage.telegram.answers(GROUP, Gone("bot is not a member"))
    broadcast = await stage.announce()
    stage.ears.delay = asyncio.Event()

    async with stage.working() as worker:
        await stage.through(broadcast)
        await stage.subscriptions.back(GROUP)
        stage.ears.delay.set()
        worker.wake()
        await stage.until(broadcast, sent=1, done=True)


async def test_what_may_be_in_a_group_is_not_repeated_when_it_is_back(stage: Stage) -> None:
    await stage.group()
    stage.telegram.answers(GROUP, InDoubt("lost"))
    broadcast = await stage.announce("one", "two")

    async with stage.working() as worker:
        await stage.until(broadcast, in_doubt=1)
        await stage.subscriptions.gone(GROUP, "kicked")
        worker.wake()
        await stage.through(broadcast)
        await stage.subscriptions.back(GROUP)
        worker.wake()
        progress = await stage.through(broadcast)

    assert progress.failed == {"not known whether it arrived": 1}
    assert (progress.skipped, progress.pending) == ({"kicked": 1}, 0)
    assert len(stage.telegram.tries) == 1


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


async def test_who_unsubscribes_is_not_tried_again(stage: Stage) -> None:
    await stage.people(1, 2)
    stage.telegram.answers(1, Retry("network"))
    broadcast = await stage.announce("one", "two")

    async with stage.working() as worker:
        await stage.until_retry(broadcast)
        await stage.subscriptions.unsubscribe(1)
        worker.wake()
        progress = await stage.through(broadcast)

    assert progress.skipped == {"unsubscribed": 2}
    assert stage.telegram.arrived[Address(1)] == []


@pytest.mark.parametrize("lost", [Retry("network"), InDoubt("lost")])
async def test_who_leaves_while_a_request_is_in_flight_is_not_tried_again(
    stage: Stage, lost: Outcome
) -> None:
    await stage.people(1, 2, 3)
    await stage.group()
    for chat in (1, 2, GROUP):
        stage.telegram.answers(chat, lost)
    broadcast = await stage.announce("one", "two")
    stage.telegram.hold = asyncio.Event()

    async with stage.working() as worker:
        await stage.tried(4)
        await stage.subscriptions.gone(1, "blocked")
        await stage.subscriptions.unsubscribe(2)
        await stage.subscriptions.gone(GROUP, "kicked")
        stage.telegram.hold.set()
        while await stage.states(broadcast, "sending"):  # noqa: ASYNC110 - polls the database
            await asyncio.sleep(0.005)
        stage.clock.pass_by(hours=1)
        worker.wake()
        progress = await stage.through(broadcast)

    assert progress.sent == 2
    assert len(stage.telegram.tries) == 5
    ended = Counter(progress.failed) + Counter(progress.skipped)
    assert ended.total() == 6
    assert {"blocked", "kicked", "unsubscribed"} >= set(progress.skipped)


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


async def test_a_target_that_is_none_any_more_is_not_tried_again(stage: Stage) -> None:
    await stage.group()
    await stage.people(2)
    stage.telegram.answers(GROUP, Retry("network"))
    broadcast = await stage.announce()
    stage.telegram.hold = asyncio.Event()

    async with stage.working():
        await stage.tried(2)
        async with stage.database.transaction() as db:
            await targets.retire_others(db, [])
        stage.telegram.hold.set()
        progress = await stage.through(broadcast)

    assert progress.skipped == {"no longer a target": 1}


async def test_who_leaves_before_a_crash_is_not_tried_after_it(stage: Stage) -> None:
    await stage.people(1, 2)
    broadcast = await stage.announce()
    await stage.killed()
    await stage.subscriptions.gone(1, "blocked")
    await stage.subscriptions.unsubscribe(2)

    async with stage.working():
        progress = await stage.through(broadcast)

    assert progress.failed == {"not known whether it arrived": 2}
    assert len(stage.telegram.tries) == 2


async def test_a_group_that_unsubscribed_is_owed_nothing_when_it_is_back(stage: Stage) -> None:
    await stage.people(GROUP, 2)
    broadcast = await stage.announce()
    await stage.subscriptions.unsubscribe(GROUP)

    async with stage.working():
        await stage.through(broadcast)
        await stage.subscriptions.gone(GROUP, "kicked")
        await stage.subscriptions.back(GROUP)

    assert await stage.states(broadcast, "skipped") == 1


async def test_what_is_long_past_is_not_owed_again(stage: Stage) -> None:
    await stage.group()
    stage.telegram.answers(GROUP, Gone("kicked"))
    broadcast = await stage.announce()
    async with stage.working():
        await stage.through(broadcast)

    stage.clock.pass_by(days=2)
    await stage.subscriptions.seen(ChatSeen(GROUP, "supergroup"))

    assert await stage.states(broadcast, "failed") == 1


@ON_SQLITE
async def test_stopping_finishes_what_is_in_hand_and_nothing_else(stage: Stage) -> None:
    await stage.people(*range(1, 11))
    broadcast = await stage.announce()
    stage.telegram.hold = asyncio.Event()

    async with stage.working(in_flight=3) as worker:
        await stage.tried(3)
        worker.stop()
        stage.telegram.hold.set()

    assert await stage.states(broadcast, "sent") == 3
    assert await stage.states(broadcast, "pending") == 7
