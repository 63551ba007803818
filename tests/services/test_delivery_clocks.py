"""Clocks that are set back, and days that pass."""

from __future__ import annotations

import pytest

from bot.services.outcomes import (
    Retry,
)
from tests.services.stage import Stage


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
