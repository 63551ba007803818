"""``/tag``: topics, and how one developed."""

from __future__ import annotations

from telegram import CallbackQuery, Update
from telegram.constants import ParseMode

from bot.handlers.context import Context, chat_of, is_private, message_of, thread_of
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
        await _send(update, context, chart)


async def drawn(update: Update, query: CallbackQuery, context: Context, wish: Weeks) -> None:
    """Show how a topic developed, below the list whose button was pressed."""
    w = context.words(update)
    chart = await context.services.trends.chart(wish.name, w)
    await acknowledge(query, None if chart else w("There is too little to draw yet."))
    if chart and update.effective_message:
        await _send(update, context, chart)


async def _send(update: Update, context: Context, chart: Chart) -> None:
    sent = await context.bot.send_photo(
        chat_of(update).id,
        chart.image,
        chart.caption,
        parse_mode=ParseMode.HTML,
        message_thread_id=thread_of(message_of(update)),
    )
    if not is_private(update):
        context.services.vanishing.note(sent.chat_id, sent.message_id)
