"""Note every chat that shows life, and those that leave."""

from __future__ import annotations

import structlog
from telegram import Chat, ChatMember, Update

from bot.handlers.context import Context, is_private
from bot.locale import words
from bot.storage.errors import StorageError
from bot.storage.records import ChatSeen

log = structlog.get_logger()

OUT = (ChatMember.BANNED, ChatMember.LEFT)


async def note(update: Update, context: Context) -> None:
    """Note the chat of any update before its handler runs, and the language of who speaks."""
    chat, user = update.effective_chat, update.effective_user
    try:
        if user:
            await context.services.personal.language(user.id)
        if chat and not update.my_chat_member and not _may_be_late(update):
            await _note(chat, update, context)
    except StorageError as error:
        # Whoever wrote is answered all the same, and noted the next time.
        log.warning("chat not noted", error=str(error))


def _may_be_late(update: Update) -> bool:
    """Tell whether an update may be handled after later ones: a group's presses do not wait."""
    return update.callback_query is not None and not is_private(update)


async def _note(chat: Chat, update: Update, context: Context) -> None:
    message, subscriptions = update.effective_message, context.services.subscriptions
    if message and message.migrate_to_chat_id:
        await subscriptions.migrated(chat.id, message.migrate_to_chat_id)
    elif message and message.left_chat_member and message.left_chat_member.id == context.bot.id:
        return  # the bot's own farewell is no sign of life
    else:
        await subscriptions.seen(seen(chat, update))


async def membership(update: Update, context: Context) -> None:
    """Note that the bot was blocked, put out, or let in again."""
    change = update.my_chat_member
    if change is None:
        return
    if change.new_chat_member.status in OUT:
        reason = "blocked" if change.chat.type == Chat.PRIVATE else "kicked"
        await context.services.subscriptions.gone(change.chat.id, reason)
    else:
        await context.services.subscriptions.seen(seen(change.chat, update))


def seen(chat: Chat, update: Update) -> ChatSeen:
    """Describe a chat in our own words; a person's language is the chat's."""
    user = update.effective_user
    code = user.language_code if user and chat.type == Chat.PRIVATE else None
    language = words(code).language if code else None
    return ChatSeen(chat.id, str(chat.type), chat.title, chat.username, language)
