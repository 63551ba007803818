"""Publishing: due at its hour, once, to whom it concerns."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs
from sqlalchemy import case, select, update

from bot.model import Digest, Message, Source
from bot.services.publications import (
    AlreadyPublished,
    Nobody,
    Published,
    SourceAway,
    Stopped,
    TakenBack,
    Unknown,
)
from bot.services.publishing import Publisher
from bot.services.schedule import Schedule
from bot.services.subscriptions import Subscriptions
from bot.storage import amendments, broadcasts, chats, outbox, results, tables, targets, waiting
from bot.storage.database import Database
from bot.storage.records import NOT_KNOWN, ChatSeen, Missed, Rendered, Target

if TYPE_CHECKING:
    from tests.services.conftest import Clock, Shelf

TODAY = date(2026, 1, 14)
SHANGHAI = ZoneInfo("Asia/Shanghai")
AT_EIGHT = Schedule(SHANGHAI, time(8), catch_up_days=1)


def render(digest: Digest) -> Rendered:
    if digest.title == "broken":
        raise ValueError("cannot be rendered")
    return Rendered((Message("group 1"), Message("group 2")), (Message("private"),))


def publisher(
    database: Database,
    shelf: Shelf,
    clock: Clock,
    schedule: Schedule = AT_EIGHT,
    names: Sequence[str] = ("@group",),
) -> Publisher:
    return Publisher(database, shelf, render, schedule=schedule, target_names=names, now=clock)


async def add_target(
    database: Database, name: str = "@group", chat: int = -100, seen: date = TODAY
) -> None:
    async with database.transaction() as db:
        await chats.note(db, ChatSeen(chat, "supergroup"), datetime.now(UTC))
        await targets.remember(db, Target(name, chat, 0, seen))


async def owed(database: Database) -> list[tuple[int, ...]]:
    async with database.reading() as db:
        rows = await db.exec_driver_sql("SELECT chat_id, part FROM deliveries ORDER BY 1, 2")
        return [tuple(row) for row in rows]


async def test_a_due_digest_is_owed_to_target_and_subscribers(
    database: Database, shelf: Shelf, clock: Clock, subscriptions: Subscriptions
) -> None:
    await add_target(database)
    await subscriptions.subscribe(7)
    digest = shelf.put("d", TODAY)

    published = await publisher(database, shelf, clock).publish_due()

    assert published == [Published(digest.id, 1, 3)]
    assert await owed(database) == [(-100, 0), (-100, 1), (7, 0)]


async def test_publishing_again_changes_nothing(
    database: Database, shelf: Shelf, clock: Clock, subscriptions: Subscriptions
) -> None:
    await add_target(database)
    shelf.put("d", TODAY)
    once = publisher(database, shelf, clock)
    await once.publish_due()
    before = await owed(database)
    await subscriptions.subscribe(8)

    again = publisher(database, shelf, clock)
    results = await asyncio.gather(*(again.publish("d") for _ in range(5)))

    assert await again.publish_due() == []
    assert results == [AlreadyPublished("d", 1)] * 5
    assert await owed(database) == before


async def states(database: Database, chat: int = -100) -> list[tuple[str, str | None]]:
    async with database.reading() as db:
        columns = select(tables.deliveries.c.state, tables.deliveries.c.reason)
        theirs = columns.where(tables.deliveries.c.chat_id == chat)
        return [tuple(row) for row in await db.execute(theirs.order_by(tables.deliveries.c.part))]


async def test_a_group_that_is_gone_is_named_in_the_result_and_gets_it_when_it_is_back(
    database: Database, shelf: Shelf, clock: Clock, subscriptions: Subscriptions
) -> None:
    await add_target(database)
    await subscriptions.subscribe(7)
    await subscriptions.gone(-100, "kicked")
    shelf.put("d", TODAY)
    once = publisher(database, shelf, clock)
    await once.publish_due()

    assert await states(database) == [("skipped", "kicked")] * 2
    assert await once.publish_due() == []

    await subscriptions.seen(ChatSeen(-100, "supergroup"))
    assert [state for state, _ in await states(database)] == ["pending"] * 2
    assert await once.publish_due() == []


async def test_the_result_names_the_groups_that_missed_it(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    await failed(database, shelf, clock, "no rights")
    async with database.transaction() as db:
        await outbox.finish(db, clock())
        summary = await results.summary(db, 1)

    assert summary
    assert summary.missed == (Missed(-100, 0, None, "no rights"),)


async def test_what_a_group_refused_is_sent_again_only_when_somebody_asks(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    once = await failed(database, shelf, clock, "no rights")

    assert await once.publish_due() == []
    assert await once.publish("d") == Published("d", 1, 2)
    assert await states(database) == [("pending", None)] * 2


async def test_what_may_be_in_a_group_is_not_sent_there_again(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    once = await failed(database, shelf, clock, NOT_KNOWN, doubts=2)

    assert await once.publish("d") == AlreadyPublished("d", 1)
    assert (await states(database))[0] == ("failed", NOT_KNOWN)


async def test_a_group_that_put_the_bot_out_is_not_sent_anything_again(
    database: Database, shelf: Shelf, clock: Clock, subscriptions: Subscriptions
) -> None:
    once = await failed(database, shelf, clock, "kicked")
    await subscriptions.gone(-100, "kicked")

    assert await once.publish("d") == AlreadyPublished("d", 1)
    assert (await states(database))[0] == ("failed", "kicked")


async def test_a_group_that_is_back_after_days_gets_it_when_somebody_asks(
    database: Database, shelf: Shelf, clock: Clock, subscriptions: Subscriptions
) -> None:
    await add_target(database)
    await subscriptions.subscribe(7)
    await subscriptions.gone(-100, "kicked")
    shelf.put("d", TODAY)
    once = publisher(database, shelf, clock)
    await once.publish_due()
    clock.pass_by(days=3)
    assert await once.publish("d") == AlreadyPublished("d", 1)

    await subscriptions.back(-100)

    assert await once.publish("d") == Published("d", 1, 2)
    assert await states(database) == [("pending", None)] * 2


async def test_a_group_that_wanted_it_no_longer_is_not_sent_it_again(
    database: Database, shelf: Shelf, clock: Clock, subscriptions: Subscriptions
) -> None:
    await add_target(database)
    shelf.put("d", TODAY)
    once = publisher(database, shelf, clock)
    await once.publish_due()
    await subscriptions.unsubscribe(-100)

    assert await once.publish("d") == AlreadyPublished("d", 1)
    assert await states(database) == [("skipped", "unsubscribed")] * 2


async def test_what_was_taken_back_is_not_said_to_be_there(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    await add_target(database)
    shelf.put("d", TODAY)
    once = publisher(database, shelf, clock)
    await once.publish_due()
    async with database.transaction() as db:
        await amendments.recall(db, 1, Message("taken back"), clock(), clock())

    await add_target(database, "@second", -200)

    assert await once.publish_due() == []
    assert await once.publish("d") == TakenBack("d", 1)


async def failed(
    database: Database, shelf: Shelf, clock: Clock, reason: str, doubts: int = 0
) -> Publisher:
    """Publish a digest to a group whose first part fails; give the publisher."""
    await add_target(database)
    shelf.put("d", TODAY)
    once = publisher(database, shelf, clock)
    await once.publish_due()
    first = tables.deliveries.c.part == 0
    async with database.transaction() as db:
        await db.execute(
            update(tables.deliveries).values(
                state=case((first, "failed"), else_="skipped"),
                reason=case((first, reason), else_="an earlier part failed"),
                attempts=case((first, 1), else_=0),
                doubts=case((first, doubts), else_=0),
                due_at=None,
                settled_at=clock(),
            )
        )
    return once


async def test_what_was_stopped_stays_so(database: Database, shelf: Shelf, clock: Clock) -> None:
    await add_target(database)
    shelf.put("d", TODAY)
    once = publisher(database, shelf, clock)
    await once.publish_due()
    async with database.transaction() as db:
        assert await broadcasts.stop(db, 1)
        await waiting.let_go_of_unbegun(db, [1], clock())

    await add_target(database, "@second", -200)
    everywhere = publisher(database, shelf, clock, names=["@group", "@second"])

    assert await everywhere.publish_due() == []
    assert await everywhere.publish("d") == Stopped("d", 1)
    assert await states(database) == [("skipped", "cancelled")] * 2
    assert await states(database, -200) == []


async def test_a_digest_whose_source_is_away_goes_nowhere(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    await add_target(database)
    shelf.put("d", TODAY, source="remote")
    shelf.away.add("remote")

    assert await publisher(database, shelf, clock).publish("d") == SourceAway("d")
    assert await owed(database) == []


async def test_a_first_start_pushes_only_what_is_due_today(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    await add_target(database)
    for back in range(5):
        shelf.put(f"d{back}", TODAY - timedelta(days=back))

    published = await publisher(database, shelf, clock).publish_due()

    assert [one.digest_id for one in published] == ["d0"]


async def test_a_missed_day_is_caught_up_within_the_allowed_days(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    await add_target(database, seen=TODAY - timedelta(days=30))
    for back in range(5):
        shelf.put(f"d{back}", TODAY - timedelta(days=back))

    published = await publisher(database, shelf, clock).publish_due()

    assert [one.digest_id for one in published] == ["d1", "d0"]


async def test_a_new_target_gets_todays_digest_and_none_before(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    await add_target(database, seen=TODAY - timedelta(days=30))
    shelf.put("old", TODAY - timedelta(days=1))
    shelf.put("new", TODAY)
    names = ["@group", "@second"]
    both = Publisher(database, shelf, render, schedule=AT_EIGHT, target_names=names, now=clock)
    await both.publish_due()

    await add_target(database, "@second", -200)
    published = await both.publish_due()

    assert [one.digest_id for one in published] == ["new"]
    assert [one for one in await owed(database) if one[0] == -200] == [(-200, 0), (-200, 1)]


async def test_nothing_is_pushed_before_its_hour(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    await add_target(database)
    shelf.put("d", TODAY)
    clock.now = datetime(2026, 1, 13, 23, 59, tzinfo=UTC)
    early = publisher(database, shelf, clock)

    assert await early.publish_due() == []
    assert await early.next_due() == datetime(2026, 1, 14, 0, 0, tzinfo=UTC)
    clock.pass_by(minutes=1)
    assert len(await early.publish_due()) == 1


async def test_an_admin_may_publish_any_day(
    database: Database, shelf: Shelf, clock: Clock, subscriptions: Subscriptions
) -> None:
    await add_target(database)
    await subscriptions.subscribe(7)
    clock.pass_by(seconds=1)
    shelf.put("old", TODAY - timedelta(days=300))
    asked = publisher(database, shelf, clock)

    assert await asked.publish("old") == Published("old", 1, 3)
    assert await asked.publish("missing") == Unknown("missing")


async def test_without_anybody_to_send_to_nothing_is_used_up(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    shelf.put("d", TODAY)
    asked = publisher(database, shelf, clock)
    assert await asked.publish("d") == Nobody("d")

    await add_target(database)

    assert len(await asked.publish_due()) == 1


async def test_a_copy_of_a_digest_is_pushed_where_it_belongs(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    await add_target(database)
    old = shelf.put("d", TODAY)
    shelf.digests.append(structs.replace(old, id="copy"))

    published = await publisher(database, shelf, clock).publish_due()

    assert [one.digest_id for one in published] == ["d", "copy"]


async def test_pushed_as_soon_as_it_is_there_tomorrows_digest_goes_today(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    await add_target(database)
    tomorrow = TODAY + timedelta(days=1)
    shelf.put("at eight", tomorrow)
    shelf.put("now", tomorrow, "hasty")
    shelf.put("later", tomorrow + timedelta(days=1), "hasty")
    shelf.sources["hasty"] = Source("hasty", push_at="now")

    published = await publisher(database, shelf, clock).publish_due()

    assert [one.digest_id for one in published] == ["now"]


async def test_a_digest_that_cannot_be_rendered_stops_no_other(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    await add_target(database)
    shelf.put("broken", TODAY)
    shelf.put("good", TODAY)

    published = await publisher(database, shelf, clock).publish_due()

    assert [one.digest_id for one in published] == ["good"]


async def test_a_source_may_have_targets_and_an_hour_of_its_own(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    await add_target(database)
    await add_target(database, "@own", -300)
    shelf.sources["s"] = Source("s", targets=("@own",), push_at="9:30")
    shelf.put("d", TODAY, source="s")
    clock.now = datetime(2026, 1, 14, 1, 29, tzinfo=UTC)
    asked = publisher(database, shelf, clock)

    assert await asked.publish_due() == []
    clock.pass_by(minutes=1)
    await asked.publish_due()

    assert await owed(database) == [(-300, 0), (-300, 1)]


async def test_a_subscribed_group_that_is_a_target_gets_it_once(
    database: Database, shelf: Shelf, clock: Clock, subscriptions: Subscriptions
) -> None:
    await add_target(database)
    await subscriptions.subscribe(-100)
    await subscriptions.subscribe(-101)
    shelf.put("d", TODAY)

    await publisher(database, shelf, clock).publish_due()

    assert await owed(database) == [(-101, 0), (-101, 1), (-100, 0), (-100, 1)]


async def test_it_publishes_by_itself_when_the_time_comes(
    database: Database, shelf: Shelf, clock: Clock
) -> None:
    await add_target(database)
    told = asyncio.Event()
    alone = Publisher(
        database,
        shelf,
        render,
        schedule=AT_EIGHT,
        target_names=["@group"],
        now=clock,
        on_published=told.set,
    )
    task = asyncio.create_task(alone.run())
    await asyncio.sleep(0.02)
    shelf.put("d", TODAY)
    alone.wake()

    async with asyncio.timeout(5):
        await told.wait()
    task.cancel()
    await asyncio.wait([task])


@pytest.mark.parametrize(
    ("zone", "day", "push_at", "expected"),
    [
        ("Asia/Shanghai", date(2026, 1, 14), time(8), "2026-01-14T00:00"),
        ("Asia/Shanghai", date(2026, 1, 14), None, "2026-01-12T16:00"),
        # The hour from 2 to 3 does not exist on this day, and twice on the other.
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), "2026-03-29T01:00"),
        ("Europe/Berlin", date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
    ],
)
def test_the_hour_is_that_of_the_group(
    shelf: Shelf, zone: str, day: date, push_at: time | None, expected: str
) -> None:
    schedule = Schedule(ZoneInfo(zone), push_at, 1)

    due = schedule.due_at(shelf.put("d", day), None)

    assert due.isoformat()[:16] == expected
