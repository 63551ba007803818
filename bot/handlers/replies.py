"""Say a message to whoever asked, in the manner of the chat."""

from __future__ import annotations

from telegram import CallbackQuery, ReplyParameters, Update
from telegram.error import BadRequest

from bot.handlers.context import Context, is_private, message_of
from bot.model import Button, Message
from bot.rendering.notices import notice
from bot.services.reading import Page
from bot.telegram_api.sender import arguments


async def answer(update: Update, context: Context, message: Message) -> None:
    """Answer in the chat and topic of the question, in groups as a reply to it."""
    asked = message_of(update)
    reply = None
    if not is_private(update):
        reply = ReplyParameters(asked.message_id, allow_sending_without_reply=True)
    sent = await context.bot.send_message(
        asked.chat_id,
        message_thread_id=asked.message_thread_id if asked.is_topic_message else None,
        reply_parameters=reply,
        **arguments(message),
    )
    if reply:
        context.services.vanishing.note(sent.chat_id, sent.message_id)


async def say(update: Update, context: Context, text: str, *buttons: Button | None) -> None:
    """Answer with plain words, and buttons below."""
    await answer(update, context, notice(text, *buttons))


async def open_page(update: Update, context: Context, page: Page) -> None:
    """Answer with a page of the archive."""
    w, reader = context.words(update), context.services.reader
    await answer(update, context, await reader.page(page, w, in_group=not is_private(update)))


async def show(query: CallbackQuery, message: Message) -> None:
    """Put *message* in the place of the one whose button was pressed."""
    try:
        await query.edit_message_text(**arguments(message))
    except BadRequest as error:
        # Pressed twice, or nothing has changed since: what was asked for is already there.
        if "not modified" not in error.message.lower():
            raise


async def acknowledge(query: CallbackQuery, text: str | None = None) -> None:
    """End the waiting sign on a pressed button."""
    try:
        await query.answer(text)
    except BadRequest as error:
        # A press may be answered for some minutes only; what it asks for still goes on.
        if "too old" not in error.message.lower():
            raise
