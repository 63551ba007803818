"""How a topic developed, spoken in a private chat and in the group."""

from __future__ import annotations

from tests.conftest import Stage


async def test_a_topic_comes_with_a_picture_of_its_weeks(bot: Stage) -> None:
    await bot.ann.says("/tag #OpenAI")

    page = await bot.ann.sees("#OpenAI · ")
    chart = await bot.ann.sees("Stories a week")
    assert chart.message_id > page.message_id
    assert chart.raw["photo"]


async def test_turning_the_page_leaves_the_picture(bot: Stage) -> None:
    await bot.ann.says("/tag OpenAI")
    page = await bot.ann.sees("#OpenAI · ")
    await bot.ann.sees("Stories a week")

    await bot.ann.presses(page, "›")
    assert (await bot.ann.sees("6. ")).message_id == page.message_id


async def test_the_cloud_and_the_group_have_no_picture(bot: Stage) -> None:
    await bot.ann.says("/tag")
    await bot.ann.sees("Topics of the last 30 days")
    await bot.ann.says("/tag OpenAI", bot.group)
    await bot.ann.sees("#OpenAI", in_=bot.group)
    await bot.ann.says("/help")
    await bot.ann.sees("/today")

    shown = [*bot.ann.messages, *bot.group.messages]
    assert not any("photo" in message.raw for message in shown)


async def test_a_button_shows_how_a_topic_developed_also_in_the_group(bot: Stage) -> None:
    await bot.ann.says("/tag OpenAI", bot.group)
    page = await bot.ann.sees("#OpenAI · ", in_=bot.group)

    await bot.ann.presses(page, "How it developed")

    chart = await bot.ann.sees("Stories a week", in_=bot.group)
    assert chart.raw["photo"]
