"""``/saved``, and the stars below stories."""

from __future__ import annotations

from typing import TypeAlias

from telegram import CallbackQuery, Update

from bot.handlers.context import Context
from bot.handlers.replies import acknowledge, open_page, show
from bot.locale import Words
from bot.rendering.callbacks import Forget, ItemPage, Save, SavedPage, Unsave
from bot.services.saving import MOST, Saving

Wish: TypeAlias = Save | Unsave | Forget


async def saved(update: Update, context: Context) -> None:
    """List what a person keeps; in a group, lead to the list."""
    await open_page(update, context, SavedPage())


async def wished(query: CallbackQuery, context: Context, wish: Wish, w: Words) -> None:
    """Keep a story, or no longer, and show the page anew."""
    person = query.from_user.id
    await acknowledge(query, await _done(person, context, wish, w))
    page = ItemPage(wish.digest, wish.key, wish.page)
    after = SavedPage(wish.page) if isinstance(wish, Forget) else page
    await show(query, await context.services.reader.page(after, w, person=person))


async def _done(person: int, context: Context, wish: Wish, w: Words) -> str | None:
    stories = context.services.saved
    if not isinstance(wish, Save):
        await stories.remove(person, wish)
        return w("Removed from what you saved.")
    match await stories.save(person, wish, w):
        case Saving.SAVED:
            return w("Saved: /saved lists it.")
        case Saving.FULL:
            return w("You have saved {n} stories: remove some in /saved first.", n=w.number(MOST))
        case Saving.GONE:
            return None
