"""``kill -9`` in the midst of a broadcast over HTTP: nobody is left out."""

from __future__ import annotations

from tests.databases import ON_SQLITE
from tests.telegram_api.crashing import Judgement, judge, kill_at_random, owe, serving, start

PEOPLE = range(1, 31)
GROUPS = range(-8, 0)
TOPICS = range(-12, -8)
EVERYBODY = [*PEOPLE, *GROUPS, *TOPICS]
KILLS = 3
IN_FLIGHT = 8


async def test_nobody_is_missed_and_nothing_written_down_comes_again(either_url: str) -> None:
    found = await killed(either_url)

    assert (found.missed, found.disordered, found.repeated_in_groups) == (0, 0, 0)
    assert all(kill.repeated <= kill.unsettled for kill in found.kills)
    assert sum(kill.repeated for kill in found.kills) <= KILLS * IN_FLIGHT


@ON_SQLITE
async def test_nothing_that_was_heard_comes_again(either_url: str) -> None:
    found = await killed(either_url)

    assert all(kill.repeated <= kill.in_flight for kill in found.kills)


async def killed(url: str) -> Judgement:
    await owe(url, [*PEOPLE, *GROUPS], TOPICS)
    async with serving(latency=0.02) as server:
        within = len(EVERYBODY) // 2
        for _ in range(KILLS):
            await kill_at_random(server, url, IN_FLIGHT, within)
        assert await (await start(server, url, IN_FLIGHT)).wait() == 0
        return judge(server, EVERYBODY)
