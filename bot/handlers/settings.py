"""``/settings``: what a person chooses, on one page that the buttons change."""

from __future__ import annotations

from telegram import CallbackQuery, Update

from bot.handlers import menu
from bot.handlers.context import Context, asker
from bot.handlers.replies import acknowledge, answer, say, show
from bot.locale import Words
from bot.model import Button, Message
from bot.rendering.callbacks import About, Choose, SettingsPage
from bot.rendering.settings import SettingsView, settings_page
from bot.services.choices import find_zone


async def settings(update: Update, context: Context) -> None:
    """Show a person's settings; ``/settings Asia/Tokyo`` sets the time zone."""
    person = asker(update)
    if person is not None and context.rest:
        await _take_zone(update, context, person, context.words(update))
    else:
        await open_settings(update, context)


async def open_settings(update: Update, context: Context) -> None:
    """Show the settings of whoever speaks with the bot alone; from a group lead there."""
    person = asker(update)
    if person is not None:
        await answer(update, context, await _page(update, context, person))
        return
    w = context.words(update)
    link = Button(w("Open settings"), url=context.services.reader.links.settings())
    await say(update, context, w("Settings are private: find yours in our own chat."), link)


async def wished(
    update: Update, query: CallbackQuery, context: Context, wish: SettingsPage | Choose
) -> None:
    """Turn to a page, or take a choice; a forged one changes nothing."""
    person = query.from_user.id
    if isinstance(wish, Choose) and not await _choose(context, person, wish):
        w = context.words(update)
        await acknowledge(query, w("There is no such choice."))
        return
    await acknowledge(query)
    # Of weekdays one chooses several; all else is settled by one press.
    stays = isinstance(wish, SettingsPage) or wish.about == "days"
    await show(query, await _page(update, context, person, wish.about if stays else ""))


async def _take_zone(update: Update, context: Context, person: int, w: Words) -> None:
    zone = find_zone(context.rest, w)
    if zone is None:
        unknown = w(
            "I know no time zone of this name. Write another city that shares its clocks, "
            "or the distance from UTC: /settings UTC+8"
        )
        await say(update, context, unknown)
        return
    await _choose(context, person, Choose("zone", zone))
    await open_settings(update, context)


async def _choose(context: Context, person: int, wish: Choose) -> bool:
    taken = await context.services.personal.choose(person, wish)
    if taken and wish.about == "language":
        await menu.speak_to(context.bot, person, context.services)
    return taken


async def _page(update: Update, context: Context, person: int, about: About = "") -> Message:
    services = context.services
    view = SettingsView(
        await services.personal.of(person),
        await services.subscriptions.is_subscribed(person),
        services.push_at,
        services.personal.local_now(),
    )
    return settings_page(view, about, context.words(update))
