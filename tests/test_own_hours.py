"""The whole bot: a reader's own hour, from the buttons to the post."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta

from bot.sandbox import MessageView, Person
from tests.conftest import Stage, write
from tests.test_app import until

QUIET = 1.5
"""Seconds in which nothing more is sent."""


def tomorrow(stage: Stage) -> None:
    """Put the next day's digest into the archive."""
    newest = max((stage.archive / "ai-daily").glob("*.md"))
    text = re.sub("date: 2026-01-14", "date: 2026-01-15", newest.read_text(), count=1)
    write(newest.with_name("2026-01-15.md"), text)


def to(stage: Stage, moment: str) -> None:
    """Move the clock on to *moment* in Shanghai."""
    stage.clock.jump(datetime.fromisoformat(f"2026-01-{moment}+08:00") - stage.clock())


async def turn(person: Person, page: MessageView, label: str) -> None:
    """Press a button, and wait for what it brings."""
    await person.presses(page, label)
    await until(lambda: page not in person.messages)


async def choose(person: Person, page: str, choice: str) -> None:
    await person.says("/settings")
    await turn(person, await person.sees("Your settings"), page)
    await person.presses(person.messages[-1], choice)
    await person.sees("Your settings")


async def posts_to(person: Person) -> list[str]:
    await asyncio.sleep(QUIET)
    return [view.text for view in person.messages if "Jan 15" in view.text]


async def test_a_reader_gets_the_digest_at_the_own_hour_in_the_own_zone(stage: Stage) -> None:
    async with stage.running():
        await stage.ann.says("/subscribe")
        await stage.ann.sees("Done!")
        await choose(stage.ann, "Delivery hour", "21:00")
        await choose(stage.ann, "Time zone", "Tokyo")
    tomorrow(stage)
    to(stage, "15T08:00:30")

    async with stage.running():
        await stage.ann.sees("1月15日", in_=stage.group)
        assert await posts_to(stage.ann) == []

        to(stage, "15T19:59:59")
        await stage.ann.sees("Jan 15", within=30)
        assert stage.clock() >= datetime.fromisoformat("2026-01-15T20:00:00+08:00")
        assert len(await posts_to(stage.ann)) == 1


async def test_an_announcement_waits_for_the_morning_and_the_admin_hears_of_it(
    stage: Stage,
) -> None:
    async with stage.running():
        for person in (stage.ann, stage.wei):
            await person.says("/subscribe")
        await stage.ann.sees("Done!")
        await choose(stage.ann, "Quiet hours", "22:00 – 07:00")
        to(stage, "14T23:00:00")

        await stage.admin.says("/broadcast Good night")
        await stage.admin.presses(await stage.admin.sees("This goes to 3 chats."), "Send")
        await stage.admin.sees("1 waits for the time that it chose")
        assert not any("Good night" in view.text for view in stage.ann.messages)

        to(stage, "15T07:00:00")
        await stage.ann.sees("Good night", within=30)
        await stage.admin.sees("Announced: 3 of 3 sent.")


async def test_changing_the_hour_brings_what_waits(stage: Stage) -> None:
    async with stage.running():
        await stage.ann.says("/subscribe")
        await stage.ann.sees("Done!")
        await choose(stage.ann, "Delivery hour", "21:00")
    tomorrow(stage)
    stage.clock.jump(timedelta(days=1))

    async with stage.running():
        await stage.ann.sees("1月15日", in_=stage.group)
        await choose(stage.ann, "Delivery hour", "with the group, at 08:00")

        await stage.ann.sees("Jan 15")
