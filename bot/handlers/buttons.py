"""Buttons: each press is answered first, then its message shows what was asked for."""

from __future__ import annotations

from telegram import Update

from bot.handlers import broadcasting, judging
from bot.handlers.context import Context, is_private
from bot.handlers.replies import acknowledge, open_page, show
from bot.rendering.callbacks import (
    Arrived,
    Contents,
    Dismiss,
    Drop,
    ItemPage,
    Nothing,
    Open,
    PushAnyway,
    Recall,
    Recalling,
    Send,
    decode,
)


async def pressed(update: Update, context: Context) -> None:
    """Do what a button says; one that nobody made, or made long ago, is answered kindly."""
    query = update.callback_query
    if query is None:
        return
    w = context.words(update)
    match decode(query.data or ""):
        case Send() | Drop() | Arrived() | Recall() | Recalling() as word:
            await broadcasting.decided(query, context, word, w)
        case PushAnyway() | Dismiss() as word:
            await judging.decided(query, context, word, w)
        case Nothing():
            await acknowledge(query)
        case None:
            await acknowledge(
                query, w("This button no longer works. /today shows the newest digest.")
            )
        case Open(digest, item):
            await acknowledge(query)
            await open_page(update, context, ItemPage(digest, item) if item else Contents(digest))
        case page:
            await acknowledge(query)
            in_group = not is_private(update)
            if query.message:
                context.services.vanishing.used(query.message.chat.id, query.message.message_id)
            await show(query, await context.services.reader.page(page, w, in_group=in_group))
