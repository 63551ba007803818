"""The whole bot, its updates polled and brought: whoever talks to it notices no difference."""

from __future__ import annotations

import asyncio

import pytest

from tests.conftest import Stage

pytestmark = pytest.mark.parametrize("way", ["polling", "webhook"])


async def test_commands_and_buttons_are_answered(bot: Stage) -> None:
    await bot.ann.says("/today")
    today = await bot.ann.sees("Jan 14")

    await bot.ann.presses(today, "‹ Jan 13")

    assert (await bot.ann.sees("Jan 13")).edited


async def test_inline_queries_are_answered(bot: Stage) -> None:
    results = await bot.ann.types_inline("GLM")

    assert results


async def test_what_one_says_quickly_is_done_in_order(bot: Stage) -> None:
    for _ in range(5):
        await bot.ann.says("/subscribe")
        await bot.ann.says("/unsubscribe")
    await bot.ann.says("/help")
    await bot.ann.sees("find stories")

    answers = [view.text for view in bot.ann.messages if view.sender == bot.sandbox.bot.first_name]
    assert [text[:5] for text in answers[:-1]] == [answers[0][:5], answers[1][:5]] * 5


async def test_many_people_are_answered_at_once(bot: Stage) -> None:
    people = [bot.sandbox.person(f"Reader {number}", language="en") for number in range(20)]
    for person in people:
        await person.says("/help")

    await asyncio.gather(*(person.sees("find stories") for person in people))


async def test_what_was_said_while_it_was_away_is_answered(stage: Stage) -> None:
    async with stage.running():
        await stage.ann.sees("AI 日报", in_=stage.group)
    await stage.ann.says("/search GLM")
    await stage.wei.says("/help")

    async with stage.running():
        await stage.ann.sees("GLM")
        await stage.wei.sees("今天的日报")


async def test_what_was_said_last_before_the_end_is_answered_once(stage: Stage) -> None:
    async with stage.running():
        await stage.ann.sees("AI 日报", in_=stage.group)
        await stage.ann.says("/help")
        await asyncio.sleep(0.05)
    async with stage.running():
        await stage.ann.sees("find stories")
        await asyncio.sleep(0.5)

    asked = [call for call in stage.sandbox.calls if "find stories" in str(call.params)]
    assert len([call for call in asked if call.method == "sendMessage"]) == 1


async def test_an_update_that_cannot_be_read_is_passed_over(
    bot: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    bot.sandbox.world.updates.push("message", {"message_id": "?", "date": "yesterday"})
    await bot.ann.says("/help")

    await bot.ann.sees("find stories")

    assert "update not understood" in capsys.readouterr().out


async def test_an_update_of_an_unknown_kind_is_passed_over(bot: Stage) -> None:
    bot.sandbox.world.updates.allowed = None
    bot.sandbox.world.updates.push("telepathy", {"thought": "?"})
    await bot.ann.says("/help")

    await bot.ann.sees("find stories")


async def test_changing_the_way_loses_nothing(stage: Stage) -> None:
    ways = (stage.way, {"polling": "webhook", "webhook": "polling"}[stage.way])
    for way in (*ways, *ways):
        await stage.ann.says("/help")
        stage.way = way
        async with stage.running():
            await stage.ann.sees("find stories")
