"""``/subscribe`` and ``/unsubscribe``."""

from __future__ import annotations

from telegram import Update

from bot.handlers.context import Context, chat_of, is_private
from bot.handlers.replies import say
from bot.locale import Words
from bot.model import Button
from bot.rendering.buttons import button
from bot.rendering.callbacks import Day


async def subscribe(update: Update, context: Context) -> None:
    """Let the private chat have each day's digest; from a group, lead there."""
    w, services = context.words(update), context.services
    if not is_private(update):
        link = Button(w("Subscribe privately"), url=services.reader.links.subscribe())
        await say(update, context, w("Have each day's digest in our own chat:"), link)
        return
    joined = await services.subscriptions.subscribe(chat_of(update).id)
    text = _joined(context, w) if joined else w("You are subscribed. /unsubscribe ends it.")
    today = button(w("Today's digest"), Day(services.reader.today()))
    await say(update, context, text, today)


async def unsubscribe(update: Update, context: Context) -> None:
    """Send the private chat nothing more by itself."""
    w = context.words(update)
    if not is_private(update):
        text = w("Subscriptions are private: send /unsubscribe in our own chat.")
    elif await context.services.subscriptions.unsubscribe(chat_of(update).id):
        text = w("Done, nothing more comes by itself. /subscribe starts it again any time.")
    else:
        text = w("You were not subscribed. /subscribe starts it.")
    await say(update, context, text)


def _joined(context: Context, w: Words) -> str:
    push_at = context.services.push_at
    if push_at is None:
        return w("Done! Each new digest comes here as soon as it is out. /unsubscribe ends it.")
    return w(
        "Done! Each day's digest comes here at {time}. /unsubscribe ends it.",
        time=f"{push_at:%H:%M}",
    )
