from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

import pytest

from bot.handlers.report_texts import recalled
from bot.locale import words
from bot.rendering.callback_data import decode, encode
from bot.rendering.callbacks import Recall, Stop
from bot.sandbox.people import NotSeenError
from bot.sandbox.views import MessageView
from bot.storage.records import Progress
from tests.conftest import Stage


async def has_only(bot: Stage, message: MessageView, *labels: str) -> None:
    """Wait until a message of the admin's has this row of buttons, and nothing else."""
    shown: list[tuple[str, ...]] | None = None
    while shown != [labels] * bool(labels):
        await asyncio.sleep(0.02)
        views = bot.admin.messages
        (shown,) = [[*view.buttons] for view in views if view.message_id == message.message_id]


async def test_an_announcement_is_seen_first_confirmed_once_and_counted(bot: Stage) -> None:
    await bot.ann.says("/subscribe")
    await bot.ann.sees("Done!")

    await bot.admin.says("/broadcast Meet us <today> & bring friends")
    question = await bot.admin.sees("This goes to 2 chats.")
    assert not any("Meet us" in text for text in bot.posts())

    await bot.admin.presses(question, "Send")
    await bot.admin.sees("Announced: 2 of 2 sent.")
    await bot.ann.sees("Meet us <today> & bring friends")
    await bot.ann.sees("Meet us <today> & bring friends", in_=bot.group)

    await has_only(bot, question, "Take it back")


async def test_where_an_admin_follows_it_its_end_is_shown(bot: Stage) -> None:
    await bot.admin.says("/broadcast Wrong day")
    question = await bot.admin.sees("Send it?")
    await bot.admin.presses(question, "Send")

    result = await bot.admin.sees("Announced: 1 of 1 sent.")
    await has_only(bot, question, "Take it back")
    await take_back(bot, result)
    await bot.admin.sees("Taken back everywhere.")
    await has_only(bot, question)
    await has_only(bot, result)


async def test_its_end_is_shown_there_after_a_restart_too(stage: Stage) -> None:
    async with stage.running():
        await stage.ann.says("/subscribe")
        await stage.ann.sees("Done!")
        stage.sandbox.faults.add(chat=stage.ann.id, retry_after=3600, times=1)
        await stage.admin.says("/broadcast Wrong day")
        question = await stage.admin.sees("Send it?")
        await stage.admin.presses(question, "Send")
        await stage.admin.sees("On its way.")
        await stage.wei.sees("Wrong day", in_=stage.group)
        await has_only(stage, question, "How far is it?", "Stop")
    stage.clock.jump(timedelta(hours=2))

    async with stage.running():
        await stage.admin.sees("Announced: 2 of 2 sent.", within=15)
        await has_only(stage, question, "Take it back")


async def take_back(bot: Stage, report: MessageView) -> None:
    await bot.admin.presses(report, "Take it back")
    await bot.admin.presses(await bot.admin.sees("It is deleted"), "Yes, take it back")


async def asked_until(bot: Stage, sending: MessageView, words: str) -> MessageView:
    """Ask how far it is until the answer has *words*: a post is seen before it is written down."""
    for _ in range(20):
        await bot.admin.presses(sending, "How far is it?")
        with contextlib.suppress(NotSeenError):
            return await bot.admin.sees(words, within=1)
    raise AssertionError(words)


async def test_an_announcement_can_be_stopped_and_then_taken_back(bot: Stage) -> None:
    await bot.ann.says("/subscribe")
    await bot.ann.sees("Done!")
    bot.sandbox.faults.add(method="sendMessage", chat=bot.ann.id, retry_after=3600, times=1)
    await bot.admin.says("/broadcast Wrong day")
    await bot.admin.presses(await bot.admin.sees("Send it?"), "Send")
    await bot.wei.sees("Wrong day", in_=bot.group)

    sending = await asked_until(bot, await bot.admin.sees("On its way."), "1 of 2 sent.")
    await bot.admin.presses(sending, "Stop")
    asked = await bot.admin.sees("Send it to nobody more?")
    await bot.admin.presses(asked, "No, go on")
    await bot.admin.presses(await bot.admin.sees("1 of 2 sent."), "Stop")
    await bot.admin.presses(await bot.admin.sees("Send it to nobody more?"), "Yes, stop it")
    await bot.admin.sees("Stopping.")
    told = await bot.admin.sees("Stopped: 1 of 2 sent.\n1 left out: cancelled")
    await take_back(bot, told)
    await bot.admin.sees("Taken back everywhere.")

    assert not any("Wrong day" in text for text in bot.posts())
    assert not any("Wrong day" in view.text for view in bot.ann.messages)


async def announce(bot: Stage, text: str) -> None:
    await bot.admin.says(f"/broadcast {text}")
    await bot.admin.presses(await bot.admin.sees("Send it?"), "Send")
    await bot.admin.sees("Announced: ")


async def test_an_announcement_can_be_taken_back(bot: Stage) -> None:
    await bot.ann.says("/subscribe")
    await bot.ann.sees("Done!")
    await announce(bot, "Wrong day")
    await bot.ann.sees("Wrong day", in_=bot.group)

    report = await bot.admin.sees("Announced: 2 of 2")
    await take_back(bot, report)
    await bot.admin.sees("Taken back everywhere.")

    assert not any("Wrong day" in text for text in bot.posts())
    assert not any("Wrong day" in view.text for view in bot.ann.messages)


async def test_who_does_not_take_it_back_after_all_may_later(bot: Stage) -> None:
    await announce(bot, "Right day")

    await bot.admin.presses(await bot.admin.sees("Announced: "), "Take it back")
    await bot.admin.presses(await bot.admin.sees("It is deleted"), "No, leave it")

    told = await bot.admin.sees("Right day\n1 of 1 sent.")
    assert "Take it back" in str(told.buttons)
    assert any("Right day" in text for text in bot.posts())


async def test_an_old_announcement_becomes_a_notice(bot: Stage) -> None:
    await announce(bot, "Wrong day")
    bot.clock.jump(timedelta(days=3))

    await bot.admin.presses(await bot.admin.sees("Wrong day\nAnnounced: "), "Take it back")
    question = await bot.admin.sees("Wrong day\nIt is deleted")
    await bot.admin.presses(question, "Yes, take it back")
    await bot.ann.sees("此消息已撤回。", in_=bot.group)
    await bot.admin.sees("Wrong day\nTaken back everywhere.")

    assert not any("Wrong day" in text for text in bot.posts())


def test_a_recall_counts_those_apart_who_never_got_it() -> None:
    progress = Progress(10, 1, {}, {}, pending=0, in_doubt=0, done=True, never_sent=9)

    assert recalled(progress, words("en")) == (
        "Taken back: 0 of 1. 1 could not be, and still stand.\nNever sent: 9."
    )


async def test_a_recall_tells_how_far_it_is(bot: Stage) -> None:
    await announce(bot, "Wrong day")
    bot.sandbox.faults.add(method="deleteMessages", retry_after=2, times=1)

    await take_back(bot, await bot.admin.sees("Announced: "))
    so_far = await bot.admin.sees("Taking it back: 0 of 1 so far.")
    await bot.admin.sees("Taken back everywhere.", within=15)
    await bot.admin.presses(so_far, "How far is it?")

    await bot.admin.sees("Taken back everywhere.")


async def test_a_group_that_cannot_be_reached_is_named_and_gets_it_when_it_is_back(
    bot: Stage,
) -> None:
    await bot.ann.says("/subscribe")
    await bot.ann.sees("Done!")
    bot.group.kicks_bot()
    await bot.admin.says("/broadcast Hello")
    await bot.admin.presses(await bot.admin.sees("Send it?"), "Send")
    told = await bot.admin.sees("Announced: 1 of 2 sent.")
    bot.group.adds_bot()

    await bot.ann.sees("Hello", in_=bot.group)
    assert "• AI News Plus: " in told.text


@pytest.mark.parametrize("again", ["Send", "Cancel"])
async def test_who_presses_twice_keeps_the_buttons_to_stop_it(bot: Stage, again: str) -> None:
    bot.sandbox.faults.add(method="sendMessage", chat=bot.group.id, retry_after=3600, times=1)
    await bot.admin.says("/broadcast Hello")
    question = await bot.admin.sees("Send it?")

    await asyncio.gather(bot.admin.presses(question, "Send"), bot.admin.presses(question, again))

    await bot.admin.sees("Hello\n0 of 1 sent.")
    await has_only(bot, question, "How far is it?", "Stop")


async def test_who_takes_it_back_twice_sees_how_far_that_is(bot: Stage) -> None:
    await announce(bot, "Wrong day")
    bot.sandbox.faults.add(method="deleteMessages", status=502)
    await bot.admin.presses(await bot.admin.sees("Announced: "), "Take it back")
    question = await bot.admin.sees("It is deleted")
    ((yes, _),) = question.raw["reply_markup"]["inline_keyboard"]
    for _ in range(2):
        await bot.admin.presses_button(question, yes)
    await bot.admin.says("/help")
    await bot.admin.sees("/broadcast")

    await has_only(bot, question, "How far is it?")
    bot.sandbox.faults.clear()
    await has_only(bot, question)


async def test_whether_to_take_back_what_is_taken_back_is_not_asked(bot: Stage) -> None:
    await bot.admin.says("/broadcast Wrong day")
    question = await bot.admin.sees("Send it?")
    await bot.admin.presses(question, "Send")
    result = await bot.admin.sees("Announced: 1 of 1 sent.")
    await has_only(bot, question, "Take it back")
    await take_back(bot, question)
    await has_only(bot, question)

    await bot.admin.presses(result, "Take it back")

    await has_only(bot, result)


async def test_whether_to_stop_what_is_being_taken_back_is_not_asked(bot: Stage) -> None:
    await announce(bot, "Wrong day")
    bot.sandbox.faults.add(method="deleteMessages", status=502)
    await bot.admin.presses(await bot.admin.sees("Announced: "), "Take it back")
    question = await bot.admin.sees("It is deleted")
    ((yes, _),) = question.raw["reply_markup"]["inline_keyboard"]
    await bot.admin.presses_button(question, yes)
    await bot.admin.sees("Taking it back: 0 of 1 so far.")

    recall = decode(yes["callback_data"])
    assert isinstance(recall, Recall)
    stop = {"text": "Stop", "callback_data": encode(Stop(recall.broadcast, sure=False))}
    await bot.admin.presses_button(question, stop)
    await bot.admin.says("/help")
    await bot.admin.sees("/broadcast")

    await has_only(bot, question, "How far is it?")


async def test_a_dropped_announcement_goes_to_nobody(bot: Stage) -> None:
    await bot.admin.says("/broadcast Oops")
    question = await bot.admin.sees("Send it?")

    await bot.admin.presses(question, "Cancel")

    await bot.admin.sees("Cancelled. Nobody gets it.")
    assert not any("Oops" in text for text in bot.posts())


@pytest.mark.parametrize("nothing", ["", " \u200b\u2060"])
async def test_an_empty_announcement_says_how(bot: Stage, nothing: str) -> None:
    await bot.admin.says(f"/broadcast{nothing}")

    await bot.admin.sees("/broadcast Hello everyone!")


async def test_in_the_group_an_admin_is_sent_to_the_private_chat(bot: Stage) -> None:
    await bot.admin.says("/broadcast Hello", bot.group)

    await bot.admin.sees("Announcements are made in our own chat", in_=bot.group)


@pytest.mark.parametrize("in_group", [False, True])
async def test_others_are_refused_and_logged(
    bot: Stage, in_group: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    place = bot.group if in_group else None

    await bot.ann.says("/broadcast Buy my coins", place)

    await bot.ann.sees("Only this bot's admins may do that.", in_=place)
    assert "broadcast refused" in capsys.readouterr().out
    assert not any("coins" in text for text in bot.posts())


async def test_formatting_of_the_admin_is_kept(bot: Stage) -> None:
    await bot.admin.says("/broadcast see https://example.com/a_b?x=1&y=2 *now*")

    shown = await bot.admin.sees("see https")

    assert shown.text == "see https://example.com/a_b?x=1&y=2 *now*"


async def test_without_admins_nobody_may_announce(stage: Stage) -> None:
    async with stage.running(admin_ids=set()):
        await stage.ann.says("/broadcast I am nobody")

        await stage.ann.sees("Only this bot's admins may do that.")
