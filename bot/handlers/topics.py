"""``/tag``: topics, and how one developed."""

from __future__ import annotations

from telegram import CallbackQuery, Message, Update
from telegram.constants import ParseMode

from bot.handlers.context import Context, chat_of, is_private, message_of
from bot.handlers.reading import MAX_QUERY
from bot.handlers.replies import acknowledge, open_page
from bot.rendering.callbacks import Topic, Topics, Weeks
from bot.services.trends import Chart


async def tag(update: Update, context: Context) -> None:
    """Show the topics, or one topic's stories and, to one person alone, how it developed."""
    name = context.rest.lstrip("#＃ ")[:MAX_QUERY]
    await open_page(update, context, Topic(name) if name else Topics())
    if not (name and is_private(update)):
        return
    chart = await context.services.trends.chart(name, context.words(update))
    if chart:
        await _send(update, context, chart, message_of(update))


async def drawn(update: Update, query: CallbackQuery, context: Context, wish: Weeks) -> None:
    """Show how a topic developed, below the list whose button was pressed."""
    w = context.words(update)
    chart = await context.services.trends.chart(wish.name, w)
    await acknowledge(query, None if chart else w("There is too little to draw yet."))
    if chart and isinstance(query.message, Message):
        await _send(update, context, chart, query.message)


async def _send(update: Update, context: Context, chart: Chart, place: Message) -> None:
    sent = await context.bot.send_photo(
        chat_of(update).id,
        chart.image,
        chart.caption,
        parse_mode=ParseMode.HTML,
        message_thread_id=place.message_thread_id if place.is_topic_message else None,
    )
    if not is_private(update):
        context.services.vanishing.note(sent.chat_id, sent.message_id)
