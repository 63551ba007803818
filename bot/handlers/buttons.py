"""Buttons: each press is answered first, then its message shows what was asked for."""

from __future__ import annotations

import asyncio

import structlog
from telegram import CallbackQuery, Update

from bot.handlers import broadcasting, judging, saving, settings, topics
from bot.handlers.context import Context, asker, is_private
from bot.handlers.replies import acknowledge, open_page, show
from bot.locale import Words
from bot.rendering.callback_data import decode
from bot.rendering.callbacks import (
    Arrived,
    Callback,
    Choose,
    Contents,
    Dismiss,
    Drop,
    Forget,
    HowFar,
    ItemPage,
    Nothing,
    Open,
    OpenVerdict,
    PushAnyway,
    Recall,
    Save,
    SavedPage,
    Send,
    SettingsPage,
    Stop,
    Undecided,
    Unsave,
    Weeks,
)
from bot.services.reading import Page

log = structlog.get_logger()

PERSONAL = (Save, Unsave, Forget, SavedPage, SettingsPage, Choose)
# A page is noted before it is shown, so that no correction follows it; unless that takes long.
_NOTED_WITHIN = 0.3

ADMINS = (Send, Drop, Arrived, Recall, Stop, HowFar, PushAnyway, Dismiss, Undecided, OpenVerdict)


async def pressed(update: Update, context: Context) -> None:
    """Do what a button says; one that nobody made, or made long ago, is answered kindly."""
    query = update.callback_query
    if query is None:
        return
    w = context.words(update)
    meant = _meant(update, query)
    if isinstance(meant, ADMINS) and query.from_user.id not in context.services.admins:
        await _refuse(query, w)
        return
    match meant:
        case Send() | Drop() | Arrived() | Recall() | Stop() | HowFar() as word:
            await broadcasting.decided(query, context, word, w)
        case PushAnyway() | Dismiss() | Undecided() | OpenVerdict() as word:
            await judging.decided(update, query, context, word)
        case Save() | Unsave() | Forget() as wish:
            await saving.wished(query, context, wish, w)
        case SettingsPage() | Choose() as wish:
            await settings.wished(update, query, context, wish)
        case None:
            await acknowledge(
                query, w("This button no longer works. /today shows the newest digest.")
            )
        case page:
            await _turn(update, query, context, page)


async def _refuse(query: CallbackQuery, w: Words) -> None:
    """Let a forged or forwarded button change nothing."""
    log.warning("admin's button refused", user=query.from_user.id)
    await acknowledge(query, w("Only this bot's admins may do that."))


async def _turn(
    update: Update, query: CallbackQuery, context: Context, page: Page | Weeks | Open | Nothing
) -> None:
    if isinstance(page, Weeks):
        await topics.drawn(update, query, context, page)
        return
    await acknowledge(query)
    match page:
        case Nothing():
            return
        case Open(digest, item):
            await open_page(update, context, ItemPage(digest, item) if item else Contents(digest))
        case _:
            await _note(update, query, context)
            services, w = context.services, context.words(update)
            await show(query, await services.reader.page(page, w, person=asker(update)))


async def _note(update: Update, query: CallbackQuery, context: Context) -> None:
    """Note that a message shows another page from now on."""
    if query.message is None:
        return
    at, services = (query.message.chat.id, query.message.message_id), context.services
    services.vanishing.used(*at)
    if is_private(update):
        noting = context.application.create_task(services.turning.turned(*at), update)
        await asyncio.wait({noting}, timeout=_NOTED_WITHIN)


def _meant(update: Update, query: CallbackQuery) -> Callback | None:
    """Read what a button says; what is one person's own is never shown where others read."""
    wish = decode(query.data or "") if query.message else None
    if isinstance(wish, PERSONAL) and not is_private(update):
        return None
    return wish
