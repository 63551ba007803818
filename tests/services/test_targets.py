"""From the settings' names to chats."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.model import Message
from bot.services.broadcasting import Broadcasts
from bot.services.subscriptions import Subscriptions
from bot.services.targets import Targets
from bot.storage import tables, targets
from bot.storage.database import Database
from bot.storage.records import RETIRED, ChatSeen, Target

if TYPE_CHECKING:
    from tests.services.conftest import Clock

TODAY = date(2026, 1, 14)


class Town:
    """A directory of chats."""

    def __init__(self) -> None:
        self.chats: dict[str, int] = {"@group_one": -100, "-200": -200}

    async def chat(self, name: str) -> ChatSeen | None:
        number = self.chats.get(name)
        return None if number is None else ChatSeen(number, "supergroup", name)


class Desk:
    """Targets with the names, the town and the clock that they depend on."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.town = Town()
        self.names = ["@group_one", "-200/7", "-200/1"]
        self.found = asyncio.Event()
        self.knows_all = True
        self.targets = Targets(
            database,
            self.town,
            lambda: self.names,
            ZoneInfo("UTC"),
            clock,
            self.found.set,
            lambda: self.knows_all,
        )

    async def known(self) -> list[Target]:
        async with self.database.reading() as db:
            return list(await targets.active(db))


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return Desk(database, clock)


async def test_names_become_chats_with_their_first_day(desk: Desk) -> None:
    assert await desk.targets.resolve() == ()
    assert await desk.known() == [
        Target("-200/1", -200, 0, TODAY),
        Target("-200/7", -200, 7, TODAY),
        Target("@group_one", -100, 0, TODAY),
    ]


async def test_the_first_day_stays_unless_the_name_leads_elsewhere(
    desk: Desk, clock: Clock
) -> None:
    desk.names = ["@group_one"]
    await desk.targets.resolve()
    clock.pass_by(days=3)

    await desk.targets.resolve()
    assert await desk.known() == [Target("@group_one", -100, 0, TODAY)]
    desk.town.chats["@group_one"] = -300
    await desk.targets.resolve()
    assert await desk.known() == [Target("@group_one", -300, 0, date(2026, 1, 17))]


async def test_a_first_day_of_a_clock_that_ran_ahead_is_put_right(desk: Desk, clock: Clock) -> None:
    desk.names = ["@group_one"]
    clock.pass_by(days=300)
    await desk.targets.resolve()
    clock.pass_by(days=-300)

    await desk.targets.resolve()

    assert await desk.known() == [Target("@group_one", -100, 0, TODAY)]


async def test_names_that_lead_nowhere_are_told(desk: Desk) -> None:
    desk.names += ["@nobody_here"]

    assert await desk.targets.resolve() == ("@nobody_here",)


async def test_names_that_left_the_settings_get_no_announcements(desk: Desk) -> None:
    await desk.targets.resolve()
    desk.names = ["@group_one"]
    await desk.targets.retire_others()

    assert [target.name for target in await desk.known()] == ["@group_one"]


async def owed(desk: Desk) -> list[tuple[int, int, str, str | None]]:
    columns = [tables.deliveries.c[name] for name in ("chat_id", "thread_id", "state", "reason")]
    async with desk.database.reading() as db:
        return [tuple(row) for row in await db.execute(select(*columns).order_by(*columns))]


async def test_nobody_is_let_go_while_not_all_names_are_known(desk: Desk) -> None:
    await desk.targets.resolve()
    desk.names = ["@group_one"]
    desk.knows_all = False

    await desk.targets.retire_others()

    assert len(await desk.known()) == 3
    assert desk.targets.retired.is_set()


async def test_names_that_left_the_settings_get_nothing_of_what_waits(
    desk: Desk, clock: Clock, subscriptions: Subscriptions
) -> None:
    await desk.targets.resolve()
    announced = Broadcasts(desk.database, clock)
    draft = await announced.draft(99, [Message("hello")])
    await announced.confirm(draft.id, 99)

    desk.names = ["-200/7"]
    await desk.targets.retire_others()
    assert await owed(desk) == [
        (-200, 0, "skipped", RETIRED),
        (-200, 7, "pending", None),
        (-100, 0, "skipped", RETIRED),
    ]

    await subscriptions.gone(-100, "kicked")
    await subscriptions.back(-100)
    assert (-100, 0, "skipped", RETIRED) in await owed(desk)

    desk.names = ["-200/7", "@group_one"]
    await desk.targets.resolve()
    assert (-100, 0, "pending", RETIRED) in await owed(desk)


async def test_who_is_named_in_another_way_gets_what_waits(desk: Desk, clock: Clock) -> None:
    await desk.targets.resolve()
    announced = Broadcasts(desk.database, clock)
    draft = await announced.draft(99, [Message("hello")])
    await announced.confirm(draft.id, 99)

    desk.town.chats["-100"] = -100
    desk.names = ["-100"]
    await desk.targets.retire_others()
    await desk.targets.resolve()

    assert (-100, 0, "pending", RETIRED) in await owed(desk)


async def test_a_group_that_subscribed_gets_what_waits_although_it_is_no_target_any_more(
    desk: Desk, clock: Clock, subscriptions: Subscriptions
) -> None:
    await desk.targets.resolve()
    await subscriptions.subscribe(-100)
    announced = Broadcasts(desk.database, clock)
    draft = await announced.draft(99, [Message("hello")])
    await announced.confirm(draft.id, 99)

    desk.names = []
    await desk.targets.retire_others()

    assert (-100, 0, "pending", None) in await owed(desk)


async def test_it_looks_again_when_it_is_woken(desk: Desk) -> None:
    task = asyncio.create_task(desk.targets.run())
    await desk.found.wait()
    desk.found.clear()
    desk.town.chats["@second"] = -400
    desk.names.append("@second_group")

    desk.targets.wake()
    async with asyncio.timeout(5):
        await desk.found.wait()
    task.cancel()
    await asyncio.wait([task])
