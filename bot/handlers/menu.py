"""The menu of commands: each person sees those that they may use, in their language."""

from __future__ import annotations

from collections.abc import Iterable

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.locale import LANGUAGES, Words, words

log = structlog.get_logger()


async def announce(bot: Bot, admins: Iterable[int]) -> None:
    """Tell Telegram the commands; a menu that fails is no reason not to run."""
    try:
        for code in (None, *LANGUAGES):
            # Telegram knows languages by two letters; none is for all others, answered in English.
            w = words(code or "en")
            tag = code[:2] if code else None
            private = BotCommandScopeAllPrivateChats()
            await bot.set_my_commands([*_reading(w), *_receiving(w)], private, tag)
            await bot.set_my_commands(_reading(w), BotCommandScopeAllGroupChats(), tag)
        for admin in admins:
            await _announce_to(bot, admin)
    except TelegramError as error:
        log.warning("menu not set", error=error.message)


async def _announce_to(bot: Bot, admin: int) -> None:
    try:
        for code in (None, *LANGUAGES):
            w = words(code or "en")
            commands = [*_reading(w), *_receiving(w), *_announcing(w)]
            await bot.set_my_commands(commands, BotCommandScopeChat(admin), code and code[:2])
    except (BadRequest, Forbidden):
        log.warning("an admin has not started the bot, or blocked it", admin=admin)


def _reading(w: Words) -> list[BotCommand]:
    return [
        BotCommand("today", w("Today's digest, or another day's")),
        BotCommand("week", w("What the week was about")),
        BotCommand("search", w("Find stories")),
        BotCommand("tag", w("Stories by topic")),
        BotCommand("help", w("What I can do")),
    ]


def _receiving(w: Words) -> list[BotCommand]:
    return [
        BotCommand("saved", w("What you saved")),
        BotCommand("subscribe", w("Have each day's digest here")),
        BotCommand("unsubscribe", w("Stop it")),
    ]


def _announcing(w: Words) -> list[BotCommand]:
    return [BotCommand("broadcast", w("Announce something to everyone"))]
