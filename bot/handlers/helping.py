"""What can be said to the bot, and what is answered where nothing else fits."""

from __future__ import annotations

from collections import deque

from telegram import Update

from bot.handlers import menu
from bot.handlers.context import Context, asker, chat_of, is_private, message_of
from bot.handlers.replies import say
from bot.locale import Words
from bot.model import Button

ALBUMS = "albums"
ALBUMS_KNOWN = 100
"""Those of an album come within seconds; so many albums do not."""


async def welcome(update: Update, context: Context) -> None:
    """Welcome a person; a group is told what is of use there."""
    if not is_private(update):
        await help_(update, context)
        return
    w = context.words(update)
    greeting = w("Welcome! I bring you the day's digest and find any story in the archive.")
    await say(update, context, f"{greeting}\n\n{_all(update, context, w)}")
    if _is_admin(update, context):
        await menu.announce_to(context.bot, chat_of(update).id, context.services)
        # Whoever has just come could not be told before.
        context.services.verdicts.wake()


async def help_(update: Update, context: Context) -> None:
    """Say what can be said; in a group only what is of use there."""
    w = context.words(update)
    if is_private(update):
        await say(update, context, _all(update, context, w))
    else:
        more = Button(w("More in our own chat"), url=context.services.reader.links.welcome())
        await say(update, context, _lines(_reading(w)), more)


async def unknown(update: Update, context: Context) -> None:
    """Answer a command that does not exist; in groups it may be meant for another bot."""
    if is_private(update):
        w = context.words(update)
        regret = w("I do not know this command.")
        await say(update, context, f"{regret}\n\n{_all(update, context, w)}")


async def no_words(update: Update, context: Context) -> None:
    """Answer a picture, a sticker, a voice; a whole album once."""
    album = message_of(update).media_group_id
    answered = context.bot_data.setdefault(ALBUMS, deque(maxlen=ALBUMS_KNOWN))
    if album in answered:
        return
    if album:
        answered.append(album)
    w = context.words(update)
    if _is_admin(update, context) and (message_of(update).caption or "").startswith("/broadcast"):
        regret = w("Announcements are words alone: /broadcast Hello everyone!")
    else:
        regret = w("I read words only: write what you are looking for, or /help.")
    await say(update, context, regret)


def _all(update: Update, context: Context, w: Words) -> str:
    admins = _admins(w) if _is_admin(update, context) else []
    alone = w("Or just write what you are looking for.")
    return _lines([*_reading(w), *_receiving(w), *admins, alone])


def _is_admin(update: Update, context: Context) -> bool:
    """Tell whether an admin speaks in private, where nobody else reads the answer."""
    return asker(update) in context.services.admins


def _lines(lines: list[str]) -> str:
    return "\n".join(lines)


def _reading(w: Words) -> list[str]:
    return [
        w("/today – today's digest; /today -1 is yesterday's"),
        w("/week – what the last seven days were about"),
        w("/search OpenAI – find stories; /search alone shows what else it understands"),
        w("/tag – topics; /tag NVIDIA shows one"),
    ]


def _receiving(w: Words) -> list[str]:
    return [
        w("/saved – the stories that you saved with ☆"),
        w("/subscribe – have each day's digest here"),
        w("/unsubscribe – stop it"),
        w("/settings – your language, hour, time zone and quiet hours"),
    ]


def _admins(w: Words) -> list[str]:
    return [
        w("/broadcast words – as an admin, announce something to everyone; you see it first"),
        w("/status – as an admin, see what is being sent, what waits, and what is not pushed"),
        w("Held digests and posts in doubt are shown to you, with buttons to decide."),
    ]
