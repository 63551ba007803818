"""Messages to the Bot API; what it answers, to outcomes."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import structlog
from telegram import InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.model import Message
from bot.rendering.payload import payload, plain_text
from bot.services.outcomes import Address, InDoubt, Outcome, Priority, Rejected, Sent
from bot.telegram_api.errors import is_markup, is_too_long, outcome_of
from bot.text.units import cut

_log = structlog.get_logger(__name__)

# UTF-16 units: https://core.telegram.org/bots/api#sendmessage
_TEXT_LIMIT = 4096
# What PTB raises where an answer is not of the shape that the Bot API promises.
_UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)


class TelegramSender:
    """Sends messages through *bot*, one try at a time."""

    def __init__(self, bot: ExtBot[Priority]) -> None:
        self._bot = bot

    async def send(self, address: Address, message: Message, priority: Priority) -> Outcome:
        """Send *message*; where its markup or length is refused, its plain words instead."""
        try:
            return await self._post(address, arguments(message), priority)
        except BadRequest as error:
            if is_markup(error) or is_too_long(error):
                return await self._send_plain(address, message, priority, str(error))
            return outcome_of(error)
        except TelegramError as error:
            return outcome_of(error)
        except _UNREADABLE:
            _log.exception("answer not understood", chat=address.chat_id)
            return InDoubt("the answer was not understood")

    async def _send_plain(
        self, address: Address, message: Message, priority: Priority, refusal: str
    ) -> Outcome:
        _log.error("message refused, sent as plain text", chat=address.chat_id, error=refusal)
        outcome: Outcome = Rejected(refusal)
        try:
            for part in _pieces(plain_text(message.text)):
                outcome = await self._post(address, {"text": part}, priority)
        except TelegramError as error:
            return outcome_of(error)
        if isinstance(outcome, Sent):
            return Sent(outcome.message_id, plain=refusal)
        return outcome

    async def _post(self, address: Address, content: dict[str, Any], priority: Priority) -> Outcome:
        sent = await self._bot.send_message(
            address.chat_id,
            message_thread_id=address.thread_id or None,
            rate_limit_args=priority,
            **content,
        )
        if sent.chat_id != address.chat_id:
            return InDoubt("the answer speaks of another chat")
        return Sent(sent.message_id)


# A broadcast sends the same message many times; PTB's objects never change.
@lru_cache(maxsize=64)
def arguments(message: Message) -> dict[str, Any]:
    """Give *message* as the arguments of `Bot.send_message` and `Bot.edit_message_text`."""
    content: dict[str, Any] = payload(message)
    content["link_preview_options"] = LinkPreviewOptions.de_json(content["link_preview_options"])
    if "reply_markup" in content:
        content["reply_markup"] = InlineKeyboardMarkup.de_json(content["reply_markup"])
    return content


def _pieces(text: str) -> list[str]:
    pieces = []
    while text:
        piece = cut(text, _TEXT_LIMIT)
        pieces.append(piece)
        text = text[len(piece) :].lstrip()
    return pieces
