"""The last resort: a fault in a handler is logged, and whoever asked is told."""

from __future__ import annotations

import structlog
from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import filters

from bot.handlers.context import Context, is_private
from bot.handlers.replies import acknowledge, say

log = structlog.get_logger()


async def caught(update: object, context: Context) -> None:
    """Log what went wrong, without anybody's words, and say sorry where that can be said."""
    number = update.update_id if isinstance(update, Update) else None
    match context.error:
        case Forbidden():
            log.info("answer not wanted", update=number, error=context.error.message)
            return
        case RetryAfter():
            # The limiter's word, or Telegram's: an apology would have to wait as well.
            log.info("answer dropped in a flood", update=number)
            return
        case NetworkError() if not isinstance(context.error, BadRequest):
            log.warning("answer not sent", update=number, error=context.error.message)
            return
    log.error("update not handled", update=number, exc_info=context.error)
    if isinstance(update, Update):
        await _apologise(update, context)


def _was_asked(update: Update) -> bool:
    """Tell whether someone waits for an answer; talk in a group is not meant for the bot."""
    message = update.message
    return message is not None and (
        is_private(update) or bool(filters.COMMAND.check_update(update))
    )


async def _apologise(update: Update, context: Context) -> None:
    w = context.words(update)
    text = w("Something went wrong here. Please try again in a moment.")
    try:
        if update.callback_query:
            await acknowledge(update.callback_query, text)
        elif _was_asked(update):
            await say(update, context, text)
    except TelegramError as error:
        log.warning("apology not sent", error=error.message)
