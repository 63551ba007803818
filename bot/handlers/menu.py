"""The menu of commands: each person sees those that they may use, in their language."""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.handlers.context import Services
from bot.locale import LANGUAGES, Words, words
from bot.storage.errors import StorageError

log = structlog.get_logger()


async def announce(bot: Bot, services: Services) -> None:
    """Tell Telegram the commands; a menu that fails is no reason not to run."""
    try:
        for tag, w in _languages():
            private = BotCommandScopeAllPrivateChats()
            await bot.set_my_commands([*_reading(w), *_receiving(w)], private, tag)
            await bot.set_my_commands(_reading(w), BotCommandScopeAllGroupChats(), tag)
        for person in await services.menus.former(services.admins):
            await _take_from(bot, person, services)
        for admin in services.admins:
            await announce_to(bot, admin, services)
    except TelegramError as error:
        log.warning("menu not set", error=error.message)
    except StorageError as error:
        log.warning("menu not set", error=str(error))


def _languages() -> Iterator[tuple[str | None, Words]]:
    """Give each language as Telegram knows it: by two letters; none is for all others."""
    yield None, words("en")
    for code in LANGUAGES:
        yield code[:2], words(code)


async def speak_to(bot: Bot, person: int, services: Services) -> None:
    """Have a person's menu in the language that they chose, else in Telegram's."""
    if person in services.admins:
        await announce_to(bot, person, services)
        return
    chosen, theirs = await services.personal.language(person), BotCommandScopeChat(person)
    try:
        if chosen:
            w = words(chosen)
            await bot.set_my_commands([*_reading(w), *_receiving(w)], theirs)
        else:
            await bot.delete_my_commands(theirs)
    except TelegramError as error:
        log.warning("menu not set", person=person, error=error.message)


async def announce_to(bot: Bot, admin: int, services: Services) -> None:
    """Tell an admin's menu; it is told again once the admin starts the bot."""
    await services.menus.given(admin)
    chosen = await services.personal.language(admin)
    try:
        for tag, spoken in _languages():
            w = words(chosen) if chosen else spoken
            commands = [*_reading(w), *_receiving(w), *_announcing(w)]
            await bot.set_my_commands(commands, BotCommandScopeChat(admin), tag)
    except (BadRequest, Forbidden):
        log.warning("an admin has not started the bot, or blocked it", admin=admin)


async def _take_from(bot: Bot, person: int, services: Services) -> None:
    """Leave who is no admin any more with the menu that all have, in their own language."""
    try:
        for tag, _ in _languages():
            await bot.delete_my_commands(BotCommandScopeChat(person), tag)
    except (BadRequest, Forbidden):
        log.info("menu not taken from a former admin", person=person)
    else:
        await services.menus.taken(person)
        await speak_to(bot, person, services)


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
        BotCommand("settings", w("Language, hour, time zone, quiet hours")),
    ]


def _announcing(w: Words) -> list[BotCommand]:
    return [
        BotCommand("broadcast", w("Announce something to everyone")),
        BotCommand("status", w("What is being sent, and what waits")),
    ]
