"""``/tag``: topics, and how one developed."""

from __future__ import annotations

from telegram import Update
from telegram.constants import ParseMode

from bot.handlers.context import Context, chat_of, is_private
from bot.handlers.reading import MAX_QUERY
from bot.handlers.replies import open_page
from bot.rendering.callbacks import Topic, Topics


async def tag(update: Update, context: Context) -> None:
    """Show the topics, or one topic's stories and, to one person alone, how it developed."""
    name = context.rest.lstrip("#＃ ")[:MAX_QUERY]
    await open_page(update, context, Topic(name) if name else Topics())
    if not (name and is_private(update)):
        return
    chart = await context.services.trends.chart(name, context.words(update))
    if chart:
        await context.bot.send_photo(
            chat_of(update).id, chart.image, chart.caption, parse_mode=ParseMode.HTML
        )
