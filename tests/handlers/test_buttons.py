"""Buttons that nobody made, made long ago, or are not for whoever presses them."""

from __future__ import annotations

import pytest

from bot.sandbox import MessageView
from tests.conftest import Stage


async def press(stage: Stage, message: MessageView, data: str) -> str:
    """Press a button with any data, as a tampered client can."""
    answer = await stage.ann.presses_button(message, {"text": "x", "callback_data": data})
    return answer.text if answer else ""


@pytest.mark.parametrize("data", ["zzz", "c:", "i:x", "q:99999:a", "d:2026-02-30:0", "b:x", "\x00"])
async def test_what_nobody_made_is_answered_kindly(bot: Stage, data: str) -> None:
    await bot.ann.says("/today")
    message = await bot.ann.sees("Jan 14")

    assert "no longer works" in await press(bot, message, data)


@pytest.mark.parametrize(
    "data", ["c:gone-20200101:0", "s:gone:0:0:", "i:gone:0:abcdef", "o:gone:abc", "o:gone:"]
)
async def test_a_digest_that_is_gone_says_so(bot: Stage, data: str) -> None:
    await bot.ann.says("/today")
    message = await bot.ann.sees("Jan 14")

    await press(bot, message, data)

    await bot.ann.sees("no longer in the archive")


async def test_an_item_that_is_gone_leads_to_the_contents(bot: Stage) -> None:
    await bot.ann.says("/today")
    message = await bot.ann.sees("Jan 14")

    await press(bot, message, "i:ai-daily-20260114-kfst:0:zzzzzz")

    await bot.ann.sees("no longer in the digest")


@pytest.mark.parametrize("data", ["b:1", "x:1", "a:1:True", "p:1"])
async def test_a_forged_admins_button_changes_nothing(bot: Stage, data: str) -> None:
    await bot.admin.says("/broadcast Secret plan")
    await bot.admin.sees("Send it?")
    await bot.ann.says("/today")
    message = await bot.ann.sees("Jan 14")

    assert "Only this bot's admins" in await press(bot, message, data)
    assert not any("Secret plan" in text for text in bot.posts())


async def test_a_button_without_effect_is_answered(bot: Stage) -> None:
    await bot.ann.says("/today")
    message = await bot.ann.sees("Jan 14")

    assert await press(bot, message, "n:") == ""


async def test_pressing_for_what_is_shown_already_is_no_fault(bot: Stage) -> None:
    await bot.ann.says("/today")
    message = await bot.ann.sees("Jan 14")

    await press(bot, message, "d:2026-01-14:0")
    await bot.ann.says("/help")

    help_ = await bot.ann.sees("/search")
    assert "went wrong" not in help_.text


async def test_in_the_group_other_days_stay_short(bot: Stage) -> None:
    await bot.ann.says("/today", bot.group)
    message = await bot.ann.sees("Jan 14", in_=bot.group)

    await bot.ann.presses(message, "‹ Jan 13")

    shown = await bot.ann.sees("Jan 13", in_=bot.group)
    assert shown.text.count("•") == 5
