"""Commands that open pages of the archive."""

from __future__ import annotations

from telegram import Update

from bot.handlers import helping, settings
from bot.handlers.context import Context, is_private, message_of
from bot.handlers.replies import open_page, say
from bot.handlers.subscribing import subscribe
from bot.locale.days import parse_day, parse_week
from bot.model import Button
from bot.rendering.callbacks import (
    Contents,
    Day,
    ItemPage,
    Search,
    SettingsPage,
    Week,
)
from bot.rendering.links import Subscribe, parse_start

MAX_QUERY = 200
"""Characters of a query that are looked at; the index has bounds of its own."""


async def start(update: Update, context: Context) -> None:
    """Welcome a person, or open what the deep link that they followed leads to."""
    match parse_start(context.rest):
        case None:
            await helping.welcome(update, context)
        case Subscribe():
            await subscribe(update, context)
        case SettingsPage():
            await settings.open_settings(update, context)
        case Search(""):
            await _ask_for_words(update, context)
        case Contents() | ItemPage() as read if not is_private(update):
            await _lead_to(update, context, read)
        case page:
            await open_page(update, context, page)


async def today(update: Update, context: Context) -> None:
    """Show a day's digests: ``/today [day]``."""
    now = context.services.reader.today()
    day = parse_day(context.rest, now) if context.rest else now
    await _open(update, context, Day(day) if day else None)


async def week(update: Update, context: Context) -> None:
    """Roll up the last seven days, or another week: ``/week [week or day]``."""
    now = context.services.reader.today()
    end = parse_week(context.rest, now) if context.rest else now
    await _open(update, context, Week(end) if end else None)


async def _open(update: Update, context: Context, page: Day | Week | None) -> None:
    """Open the page of a day, or say how days can be written."""
    if page:
        await open_page(update, context, page)
        return
    w = context.words(update)
    await say(
        update,
        context,
        w("I know no such day. Write, for example: yesterday, last friday, Jan 8 or 2026-01-08."),
    )


async def search(update: Update, context: Context) -> None:
    """Find stories: ``/search words``."""
    if context.rest:
        await open_page(update, context, Search(context.rest[:MAX_QUERY]))
    else:
        await _ask_for_words(update, context)


async def words_alone(update: Update, context: Context) -> None:
    """Find stories for what is written to the bot without a command."""
    query = " ".join((message_of(update).text or "").split())
    await open_page(update, context, Search(query[:MAX_QUERY]))


async def _lead_to(update: Update, context: Context, read: Contents | ItemPage) -> None:
    """Lead from a group to the private chat, where reading disturbs nobody."""
    w, links = context.words(update), context.services.reader.links
    key = read.key if isinstance(read, ItemPage) else ""
    link = Button(w("Read in full"), url=links.item(read.digest, key))
    await say(update, context, w("Digests are read in our own chat:"), link)


async def _ask_for_words(update: Update, context: Context) -> None:
    """Ask what to look for, and tell how it can be said."""
    w = context.words(update)
    examples = [
        w("What shall I look for? Just name it: /search OpenAI. Or more exactly:"),
        w("/search robot OR drone – one of them is enough"),
        w("/search “Claude Code” -video – these words together, without that one"),
        w("/search chip #NVIDIA – of a topic"),
        w("/search agent since:2026-01 until:yesterday – of some days"),
        w("/search in:title model – in titles alone"),
    ]
    await say(update, context, "\n".join(examples))
