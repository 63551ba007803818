"""From Telegram's errors, and the network's, to outcomes.

PTB's tree has traps: `BadRequest` is a `NetworkError`, and texts come with a capital letter.
"""

from __future__ import annotations

from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.services.outcomes import Gone, InDoubt, Migrated, Outcome, Refusal, Rejected, Retry
from bot.telegram_api.lanes import Cause


class NotSent(NetworkError):  # noqa: N818 - named for what it says, as PTB does
    """The request never left: there was no connection."""


class AnswerLost(TimedOut):
    """The request left, but no answer that can be understood came back."""


class Halted(RetryAfter):
    """Nothing was asked of Telegram: the limiter knows that it would take too long, and why."""

    def __init__(self, seconds: float, cause: Cause) -> None:
        super().__init__(timedelta(seconds=seconds))
        self.seconds = seconds
        self.cause = cause


# What a chat that cannot be reached answers to a request that is right, in our words.
_GONE = {
    "was blocked": "blocked",
    "user_is_blocked": "blocked",
    "was kicked": "kicked",
    "user is deactivated": "deactivated",
    "group chat was deactivated": "deactivated",
    "not a member": "not a member",
    "need to be invited": "not a member",
    "chat not found": "chat not found",
    "user not found": "chat not found",
    "peer_id_invalid": "chat not found",
    "chat_id is empty": "chat not found",
}
_TOPIC = (
    "message thread not found",
    "topic_closed",
    "topic_deleted",
    "topic_id_invalid",
    "topic closed",
)
_RIGHTS = (
    "not enough rights",
    "have no rights",
    "has no rights",
    "chat_admin_required",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_send_plain_forbidden",
    "need administrator rights",
)
_MARKUP = (
    "entity",
    "entities",
    "button",
    "keyboard",
    "reply markup",
    "reply_markup",
    "wrong http url",
    "webpage",
)
_TOO_LONG = ("message is too long", "message_too_long")
_NOT_THERE = ("message to edit not found", "message can't be edited")


def outcome_of(error: TelegramError) -> Outcome:
    """Say what *error* means for a message; from the specific to the general."""
    match error:
        case Halted():
            whole_bot = error.cause is Cause.BOT_HALTED
            return Retry(error.cause.value, error.seconds, whole_bot=whole_bot)
        case RetryAfter():
            return Retry(Cause.CHAT_HALTED.value, seconds_of(error))
        case ChatMigrated():
            return Migrated(error.new_chat_id)
        case Forbidden():
            return _forbidden(error)
        case BadRequest():
            return _bad_request(error)
        case NetworkError():
            return _network(error)
        case _:
            return Retry(_said(error))


def seconds_of(error: RetryAfter) -> float:
    """Give the wait of *error*, which PTB keeps as a number or as a timedelta."""
    wait = error._retry_after  # noqa: SLF001 - the public property warns of its own future
    return wait.total_seconds()


def is_markup(error: BadRequest) -> bool:
    """Tell whether the same words without markup may be taken."""
    # That nothing has changed is said of the reply markup, too.
    return _says(error, _MARKUP) and not is_unchanged(error)


def is_unchanged(error: BadRequest) -> bool:
    """Tell whether the message is already as an edit would make it."""
    return _says(error, ("not modified",))


def is_gone(error: BadRequest) -> bool:
    """Tell whether a message is no longer there to be edited, or not ours."""
    return _says(error, _NOT_THERE)


def is_too_late(error: BadRequest) -> bool:
    """Tell whether a press or an inline query can be answered no longer; that takes minutes."""
    return _says(error, ("too old",))


def is_too_long(error: BadRequest) -> bool:
    """Tell whether the text is longer than Telegram takes."""
    return _says(error, _TOO_LONG)


def _network(error: NetworkError) -> Outcome:
    match error:
        case NotSent():
            return Retry("no connection")
        case AnswerLost():
            return InDoubt("the answer was lost")
        case TimedOut():
            return InDoubt("timed out")
        case _:
            return Retry("server error")


def _forbidden(error: Forbidden) -> Outcome:
    if _says(error, _TOPIC):
        return Rejected(_said(error), Refusal.TOPIC)
    if _says(error, _RIGHTS):
        return Rejected(_said(error), Refusal.RIGHTS)
    return Gone(_gone(error) or _said(error))


def _bad_request(error: BadRequest) -> Outcome:
    if gone := _gone(error):
        return Gone(gone)
    if _says(error, _TOPIC):
        return Rejected(_said(error), Refusal.TOPIC)
    if _says(error, _RIGHTS):
        return Rejected(_said(error), Refusal.RIGHTS)
    return Rejected(_said(error))


def _gone(error: TelegramError) -> str | None:
    text = error.message.casefold()
    return next((reason for phrase, reason in _GONE.items() if phrase in text), None)


def _says(error: TelegramError, phrases: tuple[str, ...]) -> bool:
    text = error.message.casefold()
    return any(phrase in text for phrase in phrases)


def _said(error: TelegramError) -> str:
    return error.message[:200].casefold()
