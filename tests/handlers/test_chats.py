"""Chats that leave, come back and move; answers that cannot be given."""

from __future__ import annotations

import asyncio

import pytest

from bot.model import Message
from bot.sandbox import MessageView
from bot.sandbox.calls import Call
from tests.conftest import Stage
from tests.test_app import until


def asks(call: Call) -> bool:
    return "Can you see it there?" in call.params.get("text", "")


async def announce(stage: Stage, words: str, chats: int) -> None:
    await stage.admin.presses(await asked(stage, words, chats), "Send")
    await stage.admin.sees("Announced:")


async def asked(stage: Stage, words: str, chats: int) -> MessageView:
    """Write announcements until the bot has heard who came and went."""
    async with asyncio.timeout(60):
        while True:
            await stage.admin.says(f"/broadcast {words}")
            question = await stage.admin.sees("This goes to")
            if f"This goes to {chats} chat" in question.text:
                return question


async def test_who_blocks_the_bot_is_left_out_and_comes_back_by_itself(bot: Stage) -> None:
    await bot.ann.says("/subscribe")
    await bot.ann.sees("Done!")
    await bot.ann.blocks()
    await announce(bot, "one", chats=1)

    await bot.ann.unblocks()
    await announce(bot, "two", chats=2)

    await bot.ann.sees("two")
    assert not any(view.text == "one" for view in bot.ann.messages)


async def test_a_group_that_puts_the_bot_out_is_left_out(bot: Stage) -> None:
    bot.group.kicks_bot()

    assert await asked(bot, "one", chats=0)


async def test_a_late_press_in_a_group_is_no_sign_of_life(stage: Stage) -> None:
    async with stage.running() as services:
        await stage.ann.sees("AI 日报", in_=stage.group)
        await stage.ann.says("/week", stage.group)
        page = await stage.ann.sees("Jan 14", in_=stage.group)
        stage.group.kicks_bot()
        await asked(stage, "one", chats=0)

        await stage.ann.presses(page, "Earlier")
        draft = await services.broadcasts.draft(stage.admin.id, [Message("two")])

    assert draft.recipients == 0


async def test_a_channel_that_posts_is_back_and_not_answered(stage: Stage) -> None:
    channel = stage.sandbox.chat("@ai_channel", kind="channel")
    channel.has_admin(stage.ann, "can_post_messages")
    words = "Forbidden: bot was kicked from the channel chat"
    stage.sandbox.faults.add(
        method="sendMessage", chat=channel.id, status=403, description=words, times=1
    )
    async with stage.running(push_targets=("@ai_channel",)):
        await stage.admin.says("/start")
        await asked(stage, "one", chats=0)
        await stage.ann.says("/help", channel)

        await stage.ann.sees("AI 日报", in_=channel)
        assert not any("/today" in view.text for view in channel.messages)


async def test_a_group_that_became_a_supergroup_is_followed(stage: Stage) -> None:
    small = stage.sandbox.chat("Small group", kind="group")
    async with stage.running(push_targets=(str(small.id),)):
        await stage.ann.sees("AI 日报", in_=small)
        moved = small.migrates()
        await announce(stage, "after", chats=1)

        assert any("after" in view.text for view in moved.messages)


async def test_a_refused_answer_is_logged_and_said_sorry_for(
    bot: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    bot.sandbox.faults.add(
        method="sendMessage", chat=bot.ann.id, status=400, description="Bad Request", times=1
    )

    await bot.ann.says("/help")

    await bot.ann.sees("Something went wrong here.")
    assert "update not handled" in capsys.readouterr().out


@pytest.mark.parametrize("method", ["editMessageText", "answerCallbackQuery"])
async def test_a_press_that_comes_to_nothing_is_logged_and_harms_nothing(
    bot: Stage, capsys: pytest.CaptureFixture[str], method: str
) -> None:
    await bot.ann.says("/today")
    shown = await bot.ann.sees("Jan 14")
    bot.sandbox.faults.add(method=method, status=400, description="Bad Request: no", times=1)

    await bot.ann.presses(shown, "‹ Jan 13")
    await bot.ann.presses(shown, "‹ Jan 13")

    await bot.ann.sees("Jan 13")
    assert "update not handled" in capsys.readouterr().out


async def test_an_answer_that_nobody_wants_any_more_is_no_fault(
    bot: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "Forbidden: bot was blocked by the user"
    bot.sandbox.faults.add(
        method="sendMessage", chat=bot.ann.id, status=403, description=words, times=1
    )

    await bot.ann.says("/help")
    await bot.ann.says("/search")

    await bot.ann.sees("What shall I look for?")
    assert "update not handled" not in capsys.readouterr().out


async def test_an_answer_lost_on_the_way_is_a_warning(
    bot: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    bot.sandbox.faults.add(method="sendMessage", chat=bot.ann.id, cut=True, times=1)

    await bot.ann.says("/help")
    await bot.ann.says("/search")

    await bot.ann.sees("What shall I look for?")
    assert "answer not sent" in capsys.readouterr().out


async def test_a_press_that_was_answered_too_late_still_shows_its_page(bot: Stage) -> None:
    await bot.ann.says("/today")
    message = await bot.ann.sees("Jan 14")
    words = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    bot.sandbox.faults.add(method="answerCallbackQuery", status=400, description=words, times=1)

    await bot.ann.presses(message, "Calendar", within=0.5)

    await bot.ann.sees("January 2026")


async def test_a_post_in_doubt_is_asked_about_and_not_repeated(stage: Stage) -> None:
    await stage.admin.says("/start")
    stage.sandbox.faults.add(method="sendMessage", chat=stage.group.id, lost=True, times=1)

    async with stage.running():
        question = await stage.admin.sees("Can you see it there?")
        await stage.admin.presses(question, "It is there")
        await stage.admin.sees("Good, it is not sent again.")
        await asyncio.sleep(1)

        assert len(stage.posts()) == 1


async def test_the_question_about_a_post_outlasts_the_fault_that_caused_it(stage: Stage) -> None:
    await stage.admin.says("/start")
    faults, lost = stage.sandbox.faults, {"method": "sendMessage", "times": 1}
    faults.add(chat=stage.group.id, lost=True, **lost)
    faults.add(chat=stage.admin.id, cut=True, **lost)

    async with stage.running():
        await stage.admin.sees("Can you see it there?")


async def test_an_end_while_an_admin_cannot_be_reached_leaves_the_question_for_the_next_start(
    stage: Stage,
) -> None:
    await stage.admin.says("/start")
    faults = stage.sandbox.faults
    faults.add(method="sendMessage", chat=stage.group.id, lost=True, times=1)
    faults.add(method="sendMessage", chat=stage.admin.id, cut=True)
    async with stage.running():
        await until(lambda: any(asks(call) for call in stage.sandbox.calls))
    assert not any("Can you see it" in view.text for view in stage.admin.messages)
    faults.clear()

    async with stage.running():
        await stage.admin.sees("Can you see it there?")


async def test_a_post_that_did_not_arrive_is_sent_again_on_an_admins_word(stage: Stage) -> None:
    await stage.admin.says("/start")
    stage.sandbox.faults.add(method="sendMessage", chat=stage.group.id, cut=True, times=1)

    async with stage.running():
        question = await stage.admin.sees("Can you see it there?")
        assert stage.posts() == []
        await stage.admin.presses(question, "It is not")

        await stage.admin.sees("Good, it is sent again.")
        await stage.ann.sees("AI 日报", in_=stage.group)


async def test_an_admin_hears_that_a_post_in_a_lost_group_is_not_sent_again(stage: Stage) -> None:
    await stage.admin.says("/start")
    stage.sandbox.faults.add(method="sendMessage", chat=stage.group.id, cut=True, times=1)

    async with stage.running():
        question = await stage.admin.sees("Can you see it there?")
        stage.group.kicks_bot()
        await asked(stage, "one", chats=0)
        await stage.admin.presses(question, "It is not")

        await stage.admin.sees("It is not sent again: I am not in the group")


async def test_refused_markup_goes_out_as_plain_text_and_the_admins_hear_of_it(
    stage: Stage,
) -> None:
    await stage.admin.says("/start")
    words = "Bad Request: can't parse entities: Unsupported start tag"
    group = stage.group.id
    stage.sandbox.faults.add(
        method="sendMessage", chat=group, status=400, description=words, times=1
    )

    async with stage.running():
        post = await stage.ann.sees("AI 日报", in_=stage.group)

        assert not any(entity["type"] == "bold" for entity in post.entities)
        told = await stage.admin.sees("Telegram refused ")
        assert "AI 日报 · Wed, Jan 14, 2026 · ai-daily-20260114" in told.text
        assert told.text.endswith("It goes as plain words instead, without buttons.")


async def test_a_post_that_leaves_its_topic_is_told_with_where_it_went(stage: Stage) -> None:
    topic = stage.group.opens_topic("news")
    await stage.admin.says("/start")
    async with stage.running(push_targets=(f"@ai_news_plus/{topic}",)):
        await stage.admin.sees("Pushed")
        stage.group.deletes_topic(topic)
        await stage.admin.says("/broadcast Hallo")
        await stage.admin.presses(await stage.admin.sees("Send it?"), "Send")

        told = await stage.admin.sees("thread not found")

        assert told.text.endswith("It goes to the main thread of the group instead.")
