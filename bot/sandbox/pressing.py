"""Pressing buttons and typing inline: asking the bot and waiting for its answer."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from bot.sandbox import inbox
from bot.sandbox.nouns import Chat, Json, Post, User
from bot.sandbox.questions import Offer, Question
from bot.sandbox.world import World

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{0,64}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a press brought: a toast or an alert, an address to open, or inline results."""

    text: str = ""
    alert: bool = False
    url: str | None = None
    results: tuple[Json, ...] = ()


def find(post: Post | None, label: str) -> Json:
    """Find a button by its label."""
    if post is None:
        raise LookupError("the message with the buttons is gone")
    keyboard = (post.inline_markup or {}).get("inline_keyboard", ())
    buttons: list[Json] = [button for row in keyboard for button in row]
    exact = [button for button in buttons if button["text"] == label]
    loose = [button for button in buttons if label in button["text"]]
    if not exact + loose:
        raise LookupError(f"no button {label!r} among {[button['text'] for button in buttons]}")
    return (exact + loose)[0]


def start_payload(bot: User, url: str) -> str | None:
    """Read the payload of a link that starts the bot (core.telegram.org/api/links)."""
    parts = urlsplit(url)
    name = parts.path.strip("/").lower()
    if parts.hostname not in ("t.me", "telegram.me") or name != bot.username:
        return None
    payload = parse_qs(parts.query).get("start", [""])[0]
    # core.telegram.org/bots/features, "Deep linking"
    return payload if PAYLOAD.fullmatch(payload) else ""


async def press(world: World, user: User, post: Post, button: Json, within: float) -> Answer | None:
    """Do what a button does."""
    if "callback_data" in button:
        return await press_callback(world, user, post, str(button["callback_data"]), within)
    for name in ("switch_inline_query_current_chat", "switch_inline_query"):
        if name in button:
            results = await type_inline(world, user, str(button[name]), within)
            return Answer(results=tuple(results))
    if "copy_text" in button:
        return Answer(text=str(button["copy_text"]["text"]))
    return Answer(url=button.get("url"))


async def press_callback(
    world: World, user: User, post: Post, data: str, within: float
) -> Answer | None:
    """Send the bot a callback query."""
    question = world.questions.ask(user)
    # docs, CallbackQuery: of messages sent by way of inline results only a name is known
    known: Json = {"inline_message_id": post.inline_id} if post.inline_id else {}
    query: Json = {
        "id": question.id,
        "from": user.view(),
        **(known or {"message": post.view()}),
        "chat_instance": str(post.chat.id),
        "data": data,
    }
    world.updates.push("callback_query", query)
    answer = await wait(question, within)
    if answer is None:
        return None
    return Answer(str(answer["text"]), bool(answer["alert"]), answer["url"])


async def type_inline(
    world: World, user: User, words: str, within: float, chat: Chat | None = None
) -> list[Json]:
    """Send the bot an inline query, typed in a chat."""
    kind = chat.kind.value if chat and not chat.private else "sender"
    return await ask_inline(world, user, Offer(words, kind), within)


async def scroll_inline(world: World, user: User, within: float) -> list[Json]:
    """Ask for what comes after the results that were offered last, if anything does."""
    offer = world.offers.get(user.id)
    return await ask_inline(world, user, offer, within) if offer and offer.offset else []


async def ask_inline(world: World, user: User, offer: Offer, within: float) -> list[Json]:
    """Send the bot an inline query; remember what its answer said besides the results."""
    question = world.questions.ask(user)
    query: Json = {
        "id": question.id,
        "from": user.view(),
        "query": offer.words,
        "offset": offer.offset,
        "chat_type": offer.chat_type,
    }
    world.updates.push("inline_query", query)
    answer = await wait(question, within)
    answer = answer or {"results": [], "next_offset": "", "button": None}
    said = (str(answer["next_offset"]), answer["button"])
    world.offers[user.id] = Offer(offer.words, offer.chat_type, *said)
    return list(answer["results"])


async def wait(question: Question, within: float) -> Json | None:
    """Wait for an answer as long as a person would."""
    try:
        return await asyncio.wait_for(asyncio.shield(question.answer), within)
    except TimeoutError:
        return None


def choose(world: World, user: User, chat: Chat, result: Json) -> Post:
    """Send an inline result into a chat."""
    via: Json = {"via_bot": world.bot.view()}
    markup = result.get("reply_markup")
    post = inbox.post(world, user, chat, dict(result["content"]), markup=markup, extra=via)
    if markup:
        # docs, ChosenInlineResult: only what has buttons can be changed later
        post.inline_id = f"AgAAA{post.chat.id}_{post.id}"
        world.inline[post.inline_id] = post
    return post
