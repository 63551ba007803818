"""``@bot words`` in any chat."""

from __future__ import annotations

from typing import Any

import structlog
from telegram import (
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Update,
)
from telegram.error import BadRequest

from bot.handlers.context import Context
from bot.rendering.inline import Asked, Offer, Offers
from bot.rendering.origins import digests_of
from bot.rendering.payload import plain_text
from bot.telegram_api.errors import is_markup, is_too_late
from bot.telegram_api.sender import arguments

log = structlog.get_logger()

CACHE_SECONDS = 60
"""A new digest shows up as soon; and the pages that one scrolls back to are not asked for."""
FARTHEST = 1000
"""Nobody scrolls further; a forged offset is no reason to rank all that there is."""


async def offer(update: Update, context: Context) -> None:
    """Offer stories to whoever types."""
    query = update.inline_query
    if query is None:
        return None
    asked = Asked(query.query, _offset(query.offset))
    found = await context.services.offering.offers(asked, context.words(update))
    try:
        return await _answer(query, asked, found)
    except BadRequest as error:
        # Who types on has asked something else by now.
        if is_too_late(error):
            return None
        if not is_markup(error):
            raise
        refusal = error.message
    digests = {digest for one in found.offers for digest in digests_of(one.message)}
    log.error("markup refused, offered as plain text", error=refusal, digests=digests)
    return await _answer(query, asked, found, plainly=True)


async def _answer(
    query: InlineQuery, asked: Asked, found: Offers, *, plainly: bool = False
) -> None:
    goes_on = found.next is not None and found.next < FARTHEST
    offers = enumerate(found.offers, asked.offset)
    await query.answer(
        [_article(number, one, plainly=plainly) for number, one in offers],
        cache_time=0 if found.is_early else CACHE_SECONDS,
        # The answer is in the language of whoever asks.
        is_personal=True,
        next_offset=str(found.next) if goes_on else "",
        button=InlineQueryResultsButton(found.button, start_parameter=found.start),
    )


def _offset(text: str) -> int:
    return min(int(text), FARTHEST) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _article(number: int, offer: Offer, *, plainly: bool) -> InlineQueryResultArticle:
    content: dict[str, Any] = {"text": plain_text(offer.message.text)}
    if not plainly:
        content = arguments(offer.message)
    markup: InlineKeyboardMarkup | None = content.get("reply_markup")
    return InlineQueryResultArticle(
        str(number),
        offer.title,
        InputTextMessageContent(
            content["text"],
            parse_mode=content.get("parse_mode"),
            link_preview_options=content.get("link_preview_options"),
        ),
        reply_markup=markup,
        description=offer.description,
        thumbnail_url=offer.picture,
    )
