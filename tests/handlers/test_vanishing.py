"""Replies in groups that go away after a while; posts stay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.conftest import Stage

SOON = 0.005
"""Minutes."""


def replies(stage: Stage) -> list[str]:
    """Give the bot's replies that stand in the group."""
    name = stage.sandbox.bot.first_name
    views = [view for view in stage.group.messages if view.sender == name]
    return [view.text for view in views if "reply_to_message" in view.raw]


async def until(done: Callable[[], bool]) -> None:
    """Wait for something that sends no message."""
    for _ in range(500):
        if done():
            return
        await asyncio.sleep(0.02)
    pytest.fail("waited in vain")


async def no_replies(stage: Stage) -> None:
    """Wait until they are gone."""
    await until(lambda: not replies(stage))


async def test_replies_go_away_and_posts_stay(stage: Stage) -> None:
    async with stage.running(group_reply_minutes=SOON):
        await stage.ann.sees("AI 日报", in_=stage.group)
        await stage.ann.says("/today", stage.group)
        await stage.ann.sees("Jan 14", in_=stage.group)
        await no_replies(stage)

        await stage.wei.says("/search", stage.group)
        await stage.wei.sees("/search 智谱", in_=stage.group)
        await no_replies(stage)

        assert len(stage.posts()) == 1


async def test_private_answers_stay(stage: Stage) -> None:
    async with stage.running(group_reply_minutes=SOON):
        await stage.ann.says("/help", stage.group)
        await stage.ann.says("/help")
        await stage.ann.sees("/search")
        await no_replies(stage)

        assert len(stage.ann.messages) == 2


async def test_a_reply_in_use_stays_for_another_while(stage: Stage) -> None:
    async with stage.running(group_reply_minutes=60) as services:
        await stage.ann.says("/today", stage.group)
        shown = await stage.ann.sees("Jan 14", in_=stage.group)
        await until(lambda: bool(services.vanishing.due))
        (before,) = services.vanishing.due.values()

        await stage.ann.presses(shown, "‹ Jan 13")
        await stage.ann.sees("Jan 13", in_=stage.group)

        assert list(services.vanishing.due.values()) > [before]


async def test_a_bot_that_stops_takes_its_replies_along(stage: Stage) -> None:
    async with stage.running(group_reply_minutes=60):
        await stage.ann.sees("AI 日报", in_=stage.group)
        await stage.ann.says("/today", stage.group)
        await stage.ann.sees("Jan 14", in_=stage.group)

    assert replies(stage) == []
    assert len(stage.posts()) == 1


async def test_a_reply_that_is_gone_already_is_no_fault(stage: Stage) -> None:
    async with stage.running(group_reply_minutes=60):
        await stage.ann.says("/today", stage.group)
        await stage.ann.sees("Jan 14", in_=stage.group)
        stage.group.kicks_bot()


async def test_by_default_replies_stay(bot: Stage) -> None:
    await bot.ann.says("/help", bot.group)

    await bot.ann.sees("/search", in_=bot.group)
    assert len(replies(bot)) == 1
