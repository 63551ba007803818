"""Messages to the Bot API; what it answers, to outcomes.

A broadcast is many requests of one kind, so they go past the library's objects: bodies are
encoded at once, and of an answer only what delivery needs is read. Errors are the library's own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from functools import lru_cache
from typing import Annotated, Any

import msgspec
import structlog
from telegram import InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.model import Message
from bot.rendering.payload import payload, plain_text
from bot.services.outcomes import Address, InDoubt, Outcome, Partly, Priority, Rejected, Sent
from bot.telegram_api.errors import is_markup, is_too_long, is_unchanged, outcome_of
from bot.telegram_api.limiter import limiter_of
from bot.telegram_api.request import LARGEST_ID, Encoded
from bot.text.units import cut

_log = structlog.get_logger(__name__)

# UTF-16 units: https://core.telegram.org/bots/api#sendmessage
_TEXT_LIMIT = 4096
# What comes of an answer that is not of the shape that the Bot API promises.
_UNREADABLE = (AttributeError, LookupError, TypeError, ValueError)


class _Chat(msgspec.Struct):
    id: int


class _Answer(msgspec.Struct):
    """What is read of a message that the Bot API answers with."""

    message_id: Annotated[int, msgspec.Meta(ge=0, le=LARGEST_ID)]
    chat: _Chat


class TelegramSender:
    """Sends, edits and deletes messages through *bot*, one try at a time.

    *paid*: broadcasts may go faster than is free, at a price for each:
    https://core.telegram.org/bots/faq#how-can-i-message-all-of-my-bot-39s-subscribers-at-once
    """

    def __init__(self, bot: ExtBot[Priority], *, paid: bool = False) -> None:
        self._request = bot.request
        self._limiter = limiter_of(bot)
        self._root = bot.base_url
        self._paid = paid

    async def send(
        self, address: Address, message: Message, priority: Priority, *, piece: int | None = None
    ) -> Outcome:
        """Send *message*; where its markup or length is refused, its plain words instead."""
        if piece is not None:
            refusal = "the message was too long"
            return await _outcome(self._send_piece(address, message, priority, piece, refusal))
        return await _outcome(self._send(address, message, priority))

    async def edit(
        self, address: Address, message_id: int, message: Message, priority: Priority
    ) -> Outcome:
        """Put *message* in the place of one that was sent; as it is already is as good.

        Where its markup is refused, its plain words are put there.
        """
        return await _outcome(self._edit(address, message_id, message, priority))

    async def delete(
        self, address: Address, message_ids: Sequence[int], priority: Priority
    ) -> Outcome:
        """Take back messages; those that are gone already are passed over by Telegram."""
        data = {"chat_id": address.chat_id, "message_ids": list(message_ids)}
        return await _outcome(self._delete(data, priority))

    def waited(self) -> Mapping[str, float]:
        """Tell for how many seconds broadcasts' messages waited so far, by cause."""
        return {str(cause): seconds for cause, seconds in self._limiter.waited.items()}

    def queued(self) -> int:
        """Count the messages that wait for nothing but the bot's own rate."""
        return self._limiter.queued()

    def resting(self) -> int:
        """Count the broadcasts' messages that wait for their chats."""
        return self._limiter.resting()

    async def _send(self, address: Address, message: Message, priority: Priority) -> Outcome:
        try:
            return await self._post(address, _content(message), priority)
        except BadRequest as error:
            if not (is_markup(error) or is_too_long(error)):
                raise
            if len(_pieces(message)) > 1:
                return Partly(0, plain=error.message)
            return await self._send_piece(address, message, priority, 0, error.message)

    async def _send_piece(
        self, address: Address, message: Message, priority: Priority, number: int, refusal: str
    ) -> Outcome:
        """Send one piece at a try, so that none is repeated for the sake of a later one."""
        pieces = _pieces(message)
        if 0 < number == len(pieces):
            return Sent(0, plain=refusal)  # an admin saw the last of them
        if number >= len(pieces):
            return Rejected(refusal)
        outcome = await self._post(address, {"text": pieces[number]}, priority)
        if not isinstance(outcome, Sent):
            return outcome
        if number + 1 < len(pieces):
            return Partly(outcome.message_id, plain=refusal)
        return Sent(outcome.message_id, plain=refusal)

    async def _post(
        self, address: Address, content: Mapping[str, object], priority: Priority
    ) -> Outcome:
        data = {"chat_id": address.chat_id, **content}
        if address.thread_id:
            data["message_thread_id"] = address.thread_id
        if self._paid and priority is Priority.BROADCAST:
            data["allow_paid_broadcast"] = True
        return _read(await self._call("sendMessage", data, priority), address)

    async def _edit(
        self, address: Address, message_id: int, message: Message, priority: Priority
    ) -> Outcome:
        try:
            return await self._put(address, message_id, _content(message), priority)
        except BadRequest as error:
            if not is_markup(error):
                raise
            plain = {"text": plain_text(message.text)}
            outcome = await self._put(address, message_id, plain, priority)
            return Sent(message_id, plain=error.message) if isinstance(outcome, Sent) else outcome

    async def _put(
        self, address: Address, message_id: int, content: Mapping[str, object], priority: Priority
    ) -> Outcome:
        data = {"chat_id": address.chat_id, "message_id": message_id, **content}
        try:
            answer = await self._call("editMessageText", data, priority)
        except BadRequest as error:
            if not is_unchanged(error):
                raise
            return Sent(message_id)
        outcome = _read(answer, address)
        if isinstance(outcome, Sent) and outcome.message_id != message_id:
            return InDoubt("the answer speaks of another message")
        return outcome

    async def _delete(self, data: dict[str, Any], priority: Priority) -> Outcome:
        await self._call("deleteMessages", data, priority)
        return Sent(0)

    async def _call(self, method: str, data: dict[str, Any], priority: Priority) -> Any:
        body = Encoded(msgspec.json.encode(data))
        return await self._limiter.process_request(
            self._request.post, (f"{self._root}/{method}", body), {}, method, data, priority
        )


async def _outcome(attempt: Awaitable[Outcome]) -> Outcome:
    try:
        return await attempt
    except TelegramError as error:
        return outcome_of(error)
    except _UNREADABLE:
        _log.exception("answer not understood")
        return InDoubt("the answer was not understood")


def _read(answer: object, address: Address) -> Outcome:
    sent = msgspec.convert(answer, _Answer)
    if sent.chat.id != address.chat_id:
        return InDoubt("the answer speaks of another chat")
    return Sent(sent.message_id)


# A broadcast sends the same message many times.
@lru_cache(maxsize=64)
def _content(message: Message) -> dict[str, object]:
    return payload(message)


@lru_cache(maxsize=64)
def arguments(message: Message) -> dict[str, Any]:
    """Give *message* as the arguments of `Bot.send_message` and `Bot.edit_message_text`."""
    content: dict[str, Any] = payload(message)
    content["link_preview_options"] = LinkPreviewOptions.de_json(content["link_preview_options"])
    if "reply_markup" in content:
        content["reply_markup"] = InlineKeyboardMarkup.de_json(content["reply_markup"])
    return content


@lru_cache(maxsize=64)
def _pieces(message: Message) -> list[str]:
    """Cut the plain words of *message*, which takes longer than to send one of the pieces."""
    text, pieces = plain_text(message.text), []
    while text:
        piece = cut(text, _TEXT_LIMIT)
        pieces.append(piece)
        text = text[len(piece) :].lstrip()
    return pieces
