"""The edge inwards: what people say to the bot. ``register`` lists all of it, in order."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.handlers import (
    broadcasting,
    buttons,
    chats,
    faults,
    helping,
    inline,
    reading,
    saving,
    settings,
    status,
    subscribing,
    topics,
)
from bot.handlers.context import Context

Handler: TypeAlias = Callable[[Update, Context], Coroutine[Any, Any, None]]

ALLOWED_UPDATES = ("message", "channel_post", "callback_query", "inline_query", "my_chat_member")
"""What Telegram is asked to send; edited messages are not among it, so nothing is done twice.

A channel's posts tell that it is there, and are answered by nobody.
"""

BEFORE_ALL = -1

COMMANDS: tuple[tuple[str, Handler], ...] = (
    ("start", reading.start),
    ("help", helping.help_),
    ("today", reading.today),
    ("week", reading.week),
    ("search", reading.search),
    ("tag", topics.tag),
    ("saved", saving.saved),
    ("subscribe", subscribing.subscribe),
    ("unsubscribe", subscribing.unsubscribe),
    ("settings", settings.settings),
)


def register(app: Application[Any, Context, Any, Any, Any, Any], admins: frozenset[int]) -> None:
    """Put in all handlers; of those of one group the first that fits gets the update."""
    # A story that somebody sends by our own inline mode asks for nothing.
    asked = filters.UpdateType.MESSAGE & ~filters.VIA_BOT
    admin = filters.User(user_id=sorted(admins))
    app.add_handler(TypeHandler(Update, chats.note), BEFORE_ALL)
    app.add_handler(ChatMemberHandler(chats.membership))
    app.add_handler(CallbackQueryHandler(buttons.pressed))
    app.add_handler(InlineQueryHandler(inline.offer))
    for name, handler in COMMANDS:
        app.add_handler(CommandHandler(name, handler, asked))
    # Closed here, at the door: an admin's command never reaches its handler from anyone else.
    app.add_handler(CommandHandler("broadcast", broadcasting.broadcast, asked & admin))
    app.add_handler(CommandHandler("broadcast", broadcasting.refused, asked))
    private = asked & filters.ChatType.PRIVATE
    app.add_handler(CommandHandler("status", status.status, private & admin))
    app.add_handler(MessageHandler(asked & filters.COMMAND, helping.unknown))
    app.add_handler(MessageHandler(private & filters.TEXT, reading.words_alone))
    app.add_handler(MessageHandler(private & filters.ATTACHMENT, helping.no_words))
    app.add_error_handler(faults.caught)
