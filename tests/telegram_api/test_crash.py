"""``kill -9`` in the midst of a broadcast over HTTP: nobody is left out."""

from __future__ import annotations

from tests.telegram_api.crashing import judge, kill_at_random, owe, serving, start

PEOPLE = range(1, 31)
GROUPS = range(-8, 0)
TOPICS = range(-12, -8)
EVERYBODY = [*PEOPLE, *GROUPS, *TOPICS]
KILLS = 3
IN_FLIGHT = 8


async def test_nobody_is_missed_and_hardly_anybody_gets_it_twice(either_url: str) -> None:
    await owe(either_url, [*PEOPLE, *GROUPS], TOPICS)

    async with serving(latency=0.02) as server:
        within = len(EVERYBODY) // 2
        for _ in range(KILLS):
            await kill_at_random(server, either_url, IN_FLIGHT, within)
        assert await (await start(server, either_url, IN_FLIGHT)).wait() == 0
        found = judge(server, EVERYBODY)

    assert (found.missed, found.disordered, found.repeated_in_groups) == (0, 0, 0)
    assert all(kill.repeated <= kill.in_flight for kill in found.kills)
    assert sum(kill.repeated for kill in found.kills) <= KILLS * IN_FLIGHT
