"""The unmodified library of the bot talks to people in the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, CommandHandler

from bot.sandbox import Sandbox


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
