from __future__ import annotations

from tests.conftest import Stage


async def test_subscribing_twice_says_so(bot: Stage) -> None:
    await bot.ann.says("/subscribe")
    await bot.ann.sees("Done! Each day's digest comes here at 08:00.")

    await bot.ann.says("/subscribe")
    await bot.ann.sees("You are subscribed.")


async def test_unsubscribing_twice_says_so(bot: Stage) -> None:
    await bot.ann.says("/subscribe")
    await bot.ann.says("/unsubscribe")
    await bot.ann.sees("nothing more comes by itself")

    await bot.ann.says("/unsubscribe")
    await bot.ann.sees("You were not subscribed.")


async def test_from_the_group_a_button_subscribes_privately(bot: Stage) -> None:
    await bot.ann.says("/subscribe", bot.group)
    shown = await bot.ann.sees("in our own chat", in_=bot.group)

    await bot.ann.presses(shown, "Subscribe privately")
    await bot.ann.sees("Done!")


async def test_unsubscribing_in_the_group_says_where(bot: Stage) -> None:
    await bot.ann.says("/unsubscribe", bot.group)

    await bot.ann.sees("Subscriptions are private", in_=bot.group)


async def test_a_bot_that_pushes_at_once_says_so(stage: Stage) -> None:
    async with stage.running(push_at="now"):
        await stage.ann.says("/subscribe")

        await stage.ann.sees("as soon as it is out")
