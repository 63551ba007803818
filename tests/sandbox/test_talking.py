"""The unmodified library of the bot talks to people in the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, CommandHandler

from bot.sandbox import NotSeenError, Sandbox
from bot.sandbox.pressing import start_payload


async def start(update: Update, context: object) -> None:
    assert update.effective_message
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Read", callback_data="read")]])
    await update.effective_message.reply_html("Hello <b>you</b>", reply_markup=buttons)


async def pressed(update: Update, context: object) -> None:
    assert update.callback_query
    await update.callback_query.answer("Here it is")
    await update.callback_query.edit_message_text("The whole text")


@pytest.fixture
async def talking() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        app = ApplicationBuilder().token(sandbox.token).base_url(f"{sandbox.api}/bot").build()
        app.add_handler(CommandHandler("start", start))
        app.add_handler(CallbackQueryHandler(pressed))
        async with app:
            await app.start()
            assert app.updater
            await app.updater.start_polling(poll_interval=0)
            yield sandbox
            await app.updater.stop()
            await app.stop()


async def test_a_person_starts_the_bot_and_presses_a_button(talking: Sandbox) -> None:
    ann = talking.person("Ann", language="zh-hans")

    await ann.says("/start")
    message = await ann.sees("Hello you")
    answer = await ann.presses(message, "Read")

    assert answer is not None
    assert answer.text == "Here it is"
    assert (await ann.sees("The whole text")).edited


async def test_a_command_in_the_group_is_answered_there(talking: Sandbox) -> None:
    ann = talking.person("Ann")
    group = talking.chat("@ai_news_plus")

    await ann.says("/start@digest_sandbox_bot", group)

    await ann.sees("Hello", in_=group)


async def test_two_people_see_only_their_own_chat(talking: Sandbox) -> None:
    ann, bob = talking.person("Ann"), talking.person("Bob")

    await ann.says("/start")
    await ann.sees("Hello")

    assert bob.messages == []
    with pytest.raises(NotSeenError, match="Bob did not see 'Hello'"):
        await bob.sees("Hello", within=0)


async def test_what_was_there_before_is_not_seen_again(talking: Sandbox) -> None:
    ann = talking.person("Ann")
    await ann.says("/start")
    await ann.sees("Hello")

    await ann.says("Something else")

    with pytest.raises(NotSeenError):
        await ann.sees("Hello", within=0.05)


async def test_words_too_long_for_one_message_become_several(talking: Sandbox) -> None:
    ann = talking.person("Ann")

    await ann.says("x" * 5000)

    assert [len(message.text) for message in ann.messages] == [4096, 904]


async def test_a_message_shows_what_a_client_shows() -> None:
    async with Sandbox() as sandbox:
        ann = sandbox.person("Ann")
        await ann.says("See 😀 example.org and https://a.b.com/c")

        message = ann.messages[0]

    assert message.links == ("http://example.org", "https://a.b.com/c")
    assert message.preview == "http://example.org"
    assert (message.sender, message.edited, message.service) == ("Ann", False, False)


async def test_a_preview_may_be_off(sandbox: Sandbox) -> None:
    group = sandbox.chat("@ai_news_plus")
    options = {"is_disabled": True}

    call = {"chat_id": group.id, "text": "https://a.b.com", "link_preview_options": options}
    await sandbox.perform("sendMessage", call)

    assert group.messages[0].preview is None


async def test_a_blocked_bot_hears_nothing(sandbox: Sandbox) -> None:
    ann = sandbox.person("Ann")
    await ann.says("/start")
    message = ann.messages[0]
    await ann.blocks()

    await ann.edits(message, "changed")

    updates = await sandbox.perform("getUpdates", {})
    assert [next(iter(update.keys() - {"update_id"})) for update in updates] == [
        "message",
        "my_chat_member",
    ]


async def test_a_bot_out_of_a_group_hears_nothing_of_it(sandbox: Sandbox) -> None:
    ann, group = sandbox.person("Ann"), sandbox.chat("@ai_news_plus")
    group.has_member(ann)
    group.kicks_bot()

    await ann.says("Hi", group)
    await ann.reacts(group.messages[-1], "👍")
    group.kicks_bot()

    assert len(await sandbox.perform("getUpdates", {})) == 1


async def test_who_started_before_can_be_written_to(sandbox: Sandbox) -> None:
    ann = sandbox.person("Ann", started=True)

    assert await sandbox.perform("sendMessage", {"chat_id": ann.id, "text": "Hi"})
    assert sandbox.person("Ann") is ann
    assert (await ann.sees("Hi")).text == "Hi"


async def test_a_link_starts_only_this_bot(sandbox: Sandbox) -> None:
    bot = sandbox.bot

    assert start_payload(bot, "https://t.me/digest_sandbox_bot?start=d_1") == "d_1"
    assert start_payload(bot, "https://t.me/digest_sandbox_bot") == ""
    assert start_payload(bot, "https://t.me/other_bot?start=d_1") is None
    assert start_payload(bot, "https://example.org/") is None
