"""Chats that go, move, come back, or wish for nothing more."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from sqlalchemy import update

from bot.model import Message
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
)
from bot.storage import targets
from bot.storage.records import (
    ChatSeen,
    Instead,
)
from bot.storage.tables import deliveries
from tests.services.stage import ADMIN, GROUP, Stage


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
