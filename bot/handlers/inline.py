"""``@bot words`` in any chat."""

from __future__ import annotations

from telegram import (
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.error import BadRequest

from bot.handlers.context import Context
from bot.rendering.inline import Asked, Offer
from bot.telegram_api.sender import arguments

CACHE_SECONDS = 60
"""A new digest shows up as soon; and the pages that one scrolls back to are not asked for."""
FARTHEST = 1000
"""Nobody scrolls further; a forged offset is no reason to rank all that there is."""


async def offer(update: Update, context: Context) -> None:
    """Offer stories to whoever types."""
    query = update.inline_query
    if query is None:
        return
    asked = Asked(query.query, _offset(query.offset))
    found = await context.services.offering.offers(asked, context.words(update))
    goes_on = found.next is not None and found.next < FARTHEST
    try:
        await query.answer(
            [_article(number, one) for number, one in enumerate(found.offers, asked.offset)],
            cache_time=CACHE_SECONDS,
            # The answer is in the language of whoever asks.
            is_personal=True,
            next_offset=str(found.next) if goes_on else "",
            button=InlineQueryResultsButton(found.button, start_parameter=found.start),
        )
    except BadRequest as error:
        # Who types on has asked something else by now.
        if "too old" not in error.message.lower():
            raise


def _offset(text: str) -> int:
    return min(int(text), FARTHEST) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _article(number: int, offer: Offer) -> InlineQueryResultArticle:
    content = arguments(offer.message)
    markup: InlineKeyboardMarkup = content["reply_markup"]
    return InlineQueryResultArticle(
        str(number),
        offer.title,
        InputTextMessageContent(
            content["text"],
            parse_mode=content["parse_mode"],
            link_preview_options=content["link_preview_options"],
        ),
        reply_markup=markup,
        description=offer.description,
        thumbnail_url=offer.picture,
    )
