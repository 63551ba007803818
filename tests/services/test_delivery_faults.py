"""Crashes, and databases that cannot be used for a while."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest
from structlog.testing import capture_logs

from bot.services.outcomes import (
    Address,
    Gone,
    Retry,
)
from bot.storage import outbox
from bot.storage.database import Database
from tests.databases import ON_POSTGRESQL, ON_SQLITE, Server, locked
from tests.services.stage import ADMIN, Stage


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


async def test_after_a_crash_only_what_was_in_flight_is_repeated(stage: Stage) -> None:
    await stage.people(1, 2, 3)
    broadcast = await stage.announce()
    await stage.killed()
    in_flight = len(stage.telegram.tries)

    async with stage.working():
        await stage.through(broadcast)

    assert len(stage.telegram.tries) <= 3 + in_flight
    assert all(stage.telegram.arrived[Address(chat)] == ["hi"] for chat in (1, 2, 3))


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


async def test_a_listener_without_a_database_is_told_again(stage: Stage) -> None:
    stage.ears.failing = 1
    await stage.people(1)
    await stage.announce()

    async with stage.working():
        await stage.ears.heard.wait()

    assert len(stage.ears.summaries) == 1


@ON_SQLITE
async def test_who_stops_it_while_nothing_can_be_written_does_not_wait_for_ever(
    stage: Stage, url: str
) -> None:
    await stage.people(1)
    broadcast = await stage.announce()
    stage.telegram.hold = asyncio.Event()

    with capture_logs() as logs:
        async with AsyncExitStack() as held, stage.working() as worker:
            await stage.tried(1)
            await held.enter_async_context(locked(url))
            worker.stop()
            stage.telegram.hold.set()

    async with stage.working():
        await stage.through(broadcast)

    assert "answers unwritten, sent again unless in the journal" in [log["event"] for log in logs]
    assert len(stage.telegram.tries) == 1


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
