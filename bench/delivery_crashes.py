"""``kill -9`` at random moments of broadcasts to 2,000 chats: who is missed, who gets it twice.

A request is in flight from when the transport begins it until the turn of the loop that reads its
answer is over, which the server gives after 100 ms; it is unsettled until the outbox has what came
of it.
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
    print(f"unsettled {sum(kill.unsettled for kill in killed)}", end=", ")
    print(f"repeated {sum(kill.repeated for kill in killed)}", end=", ")
    print(f"more than in flight at {sum(k.repeated > k.in_flight for k in killed)} kills")
    ages = sorted(age for kill in killed for age in kill.ages)
    print(f"repeated though the server had answered: {len(ages)}", end=", ")
    print(f"at most {max(ages, default=0.0):.3f} s before; load {getloadavg()}")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
