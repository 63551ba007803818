"""Say a message to whoever asked, in the manner of the chat."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeVar

import structlog
from telegram import CallbackQuery, Chat, ReplyParameters, Update
from telegram.error import BadRequest

from bot.handlers.context import Context, asker, is_private, message_of, thread_of
from bot.model import Button, Message
from bot.rendering.notices import notice
from bot.rendering.origins import digests_of
from bot.rendering.payload import plain_text
from bot.services.reading import Page
from bot.telegram_api.errors import is_gone, is_markup, is_too_late, is_unchanged
from bot.telegram_api.sender import arguments

log = structlog.get_logger()

Answer = TypeVar("Answer")


async def answer(update: Update, context: Context, message: Message) -> None:
    """Answer in the chat and topic of the question, in groups as a reply to it."""
    asked = message_of(update)
    reply = None
    if not is_private(update):
        reply = ReplyParameters(asked.message_id, allow_sending_without_reply=True)
    send = partial(
        context.bot.send_message,
        asked.chat_id,
        message_thread_id=thread_of(asked),
        reply_parameters=reply,
    )
    sent = await _or_plainly(send, message)
    if reply:
        context.services.vanishing.note(sent.chat_id, sent.message_id)


async def say(update: Update, context: Context, text: str, *buttons: Button | None) -> None:
    """Answer with plain words, and buttons below."""
    await answer(update, context, notice(text, *buttons))


async def open_page(update: Update, context: Context, page: Page) -> None:
    """Answer with a page of the archive."""
    w, reader = context.words(update), context.services.reader
    await answer(update, context, await reader.page(page, w, person=asker(update)))


async def show(query: CallbackQuery, message: Message) -> None:
    """Put *message* in the place of the one whose button was pressed.

    Where that one is gone, someone who is alone with the bot gets it as a message of its own.
    """
    place = query.message
    if place is None:
        return
    bot, chat = query.get_bot(), place.chat
    edit = partial(bot.edit_message_text, chat_id=chat.id, message_id=place.message_id)
    try:
        await _or_plainly(edit, message)
    except BadRequest as error:
        # Pressed twice, or nothing has changed since: what was asked for is already there.
        if is_unchanged(error):
            return
        if not is_gone(error):
            raise
        if chat.type == Chat.PRIVATE:
            await _or_plainly(partial(bot.send_message, chat.id), message)


async def acknowledge(query: CallbackQuery, text: str | None = None) -> None:
    """End the waiting sign on a pressed button."""
    try:
        await query.answer(text)
    except BadRequest as error:
        # A press may be answered for some minutes only; what it asks for still goes on.
        if not is_too_late(error):
            raise


async def _or_plainly(send: Callable[..., Awaitable[Answer]], message: Message) -> Answer:
    """Send a message; where its markup is refused, its words, which are better than nothing.

    Buttons and preview stay behind: what was refused may be theirs.
    """
    try:
        return await send(**arguments(message))
    except BadRequest as error:
        if not is_markup(error):
            raise
        refusal = error.message
    log.error("markup refused, sent as plain text", error=refusal, digests=digests_of(message))
    return await send(text=plain_text(message.text))
