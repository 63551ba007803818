"""``/tag``: topics, and how one developed."""

from __future__ import annotations

from telegram import Update
from telegram.constants import ParseMode

from bot.handlers import reading
from bot.handlers.context import Context, chat_of, is_private


async def tag(update: Update, context: Context) -> None:
    """Show the topics, or one topic's stories and, to one person alone, how it developed."""
    await reading.tag(update, context)
    if not (context.rest and is_private(update)):
        return
    name = context.rest.lstrip("#＃ ")
    chart = await context.services.trends.chart(name, context.words(update))
    if chart:
        await context.bot.send_photo(
            chat_of(update).id, chart.image, chart.caption, parse_mode=ParseMode.HTML
        )
