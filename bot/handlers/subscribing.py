"""``/subscribe`` and ``/unsubscribe``."""

from __future__ import annotations

from datetime import time

from telegram import Update

from bot.handlers.context import Context, chat_of, is_private
from bot.handlers.replies import say
from bot.locale import Words
from bot.model import Button, Timing
from bot.rendering.buttons import button
from bot.rendering.callbacks import Day


async def subscribe(update: Update, context: Context) -> None:
    """Let the private chat have each day's digest; from a group, lead there."""
    w, services = context.words(update), context.services
    if not is_private(update):
        link = Button(w("Subscribe privately"), url=services.reader.links.subscribe())
        await say(update, context, w("Have each day's digest in our own chat:"), link)
        return
    person = chat_of(update).id
    if await services.subscriptions.subscribe(person):
        text = _joined(services.push_at, (await services.personal.of(person)).timing, w)
    else:
        text = w("You are subscribed. /unsubscribe ends it.")
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


def _joined(push_at: time | None, timing: Timing, w: Words) -> str:
    if not timing.at_any_time:
        done = w("Done! Digests come here at the times that you chose.")
    elif push_at is None:
        done = w("Done! Each new digest comes here as soon as it is out.")
    else:
        done = w("Done! Each day's digest comes here at {time}.", time=f"{push_at:%H:%M}")
    return done + "\n" + w("/settings chooses other times, /unsubscribe ends it.")
