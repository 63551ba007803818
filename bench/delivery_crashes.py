"""``kill -9`` at random moments of broadcasts to 2,000 chats: who is missed, who gets it twice.

A request is in flight until what came of it is written down, and all are answered after 100 ms.
People, groups and topics get two parts, the second in two pieces. Admins answer what is in doubt.

python -m bench.delivery_crashes [KILLS]
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from os import getloadavg

from tests.telegram_api.crashing import (
    MARKS,
    Judgement,
    Kill,
    judge,
    kill_at_random,
    owe,
    serving,
    start,
)

PEOPLE = range(1, 1_701)
GROUPS = range(-200, 0)
TOPICS = range(-300, -200)
EVERYBODY = [*PEOPLE, *GROUPS, *TOPICS]
KILLS_A_BROADCAST = 10
# An answer is written down within 50 ms; until then its message may come again.
SETTLING = 0.05
IN_FLIGHT = 500  # as the bot has at this rate


async def broadcast(kills: int) -> Judgement:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/bot.db"
        await owe(url, [*PEOPLE, *GROUPS], TOPICS)
        async with serving(latency=0.1) as server:
            within = len(EVERYBODY) * len(MARKS) // kills
            for _ in range(kills):
                await kill_at_random(server, url, IN_FLIGHT, within)
            await (await start(server, url, IN_FLIGHT)).wait()
            return judge(server, EVERYBODY)


async def main(kills: int) -> None:
    killed: list[Kill] = []
    for number in range(1, kills // KILLS_A_BROADCAST + 1):
        found = await broadcast(KILLS_A_BROADCAST)
        print(f"broadcast {number}: {found}", flush=True)
        killed += found.kills
    print(f"in flight {sum(kill.in_flight for kill in killed)}", end=", ")
    print(f"of them unheard {sum(kill.unheard for kill in killed)}", end="; ")
    print(f"repeated {sum(kill.repeated for kill in killed)}", end=", ")
    print(f"more than in flight at {sum(k.repeated > k.in_flight for k in killed)} kills", end=", ")
    print(f"more than unheard at {sum(k.repeated > k.unheard for k in killed)}")
    ages = sorted(age for kill in killed for age in kill.ages) or [0.0]
    middle, late = ages[len(ages) // 2], sum(age > SETTLING for age in ages)
    print(f"repeated though heard: {len(ages)}, answered {middle:.3f} s before (p50)", end=", ")
    print(f"{ages[-1]:.3f} at most, {late} of them more than {SETTLING}; load {getloadavg()}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
