"""Why a message was not delivered, for admins. Pure."""

from __future__ import annotations

from bot.locale import Words


def explained(reason: str, w: Words) -> str:
    """Say one of our own reasons in words; what Telegram said stays as it is."""
    return _sentences(w).get(reason.replace(" ", "-"), reason)


def _sentences(w: Words) -> dict[str, str]:
    return {
        "an-earlier-part-failed": w("an earlier part failed"),
        "blocked": w("the bot was blocked"),
        "chat-not-found": w("there is no such chat"),
        "deactivated": w("the account or group was deleted"),
        "cancelled": w("cancelled"),
        "flood-wait-of-the-bot": w("Telegram asked the whole bot to wait"),
        "flood-wait-of-the-chat": w("Telegram asked to wait in this chat"),
        "messages-a-minute-in-the-group": w("a group gets twenty messages a minute at most"),
        "messages-a-second-in-the-chat": w("a chat gets one message a second at most"),
        "messages-a-second-of-the-bot": w("the bot keeps to its messages a second"),
        "interrupted": w("the bot was stopped while sending"),
        "kicked": w("the bot was put out of the chat"),
        "migrated": w("the chat moved"),
        "no-connection": w("Telegram could not be reached"),
        "no-longer-a-target": w("no longer a target"),
        "not-a-member": w("the bot is not in the chat"),
        "not-known-whether-it-arrived": w("not known whether it arrived"),
        "server-error": w("Telegram's server failed"),
        "the-answer-speaks-of-another-chat": w("the answer speaks of another chat"),
        "the-answer-speaks-of-another-message": w("the answer speaks of another message"),
        "the-answer-was-lost": w("the connection broke before the answer"),
        "the-answer-was-not-understood": w("the answer was not understood"),
        "the-message-was-too-long": w("the message was too long"),
        "the-number-of-its-message-is-not-known": w("the number of its message is not known"),
        "timed-out": w("Telegram did not answer in time"),
        "too-late": w("too late"),
        "unsubscribed": w("unsubscribed"),
    }
