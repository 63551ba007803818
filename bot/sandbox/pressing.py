"""Pressing buttons and typing inline: asking the bot and waiting for its answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from bot.sandbox import inbox, posting
from bot.sandbox.nouns import Chat, Json, Post, User
from bot.sandbox.questions import Question
from bot.sandbox.world import World


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
    return parse_qs(parts.query).get("start", [""])[0]


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
    query = {
        "id": question.id,
        "from": user.view(),
        "message": post.view(),
        "chat_instance": str(post.chat.id),
        "data": data,
    }
    world.updates.push("callback_query", query)
    answer = await wait(question, within)
    if answer is None:
        return None
    return Answer(str(answer["text"]), bool(answer["alert"]), answer["url"])


async def type_inline(world: World, user: User, words: str, within: float) -> list[Json]:
    """Send the bot an inline query."""
    question = world.questions.ask(user)
    query = {"id": question.id, "from": user.view(), "query": words, "offset": ""}
    world.updates.push("inline_query", query | {"chat_type": "sender"})
    answer = await wait(question, within)
    return list(answer["results"]) if answer else []


async def wait(question: Question, within: float) -> Json | None:
    """Wait for an answer as long as a person would."""
    try:
        return await asyncio.wait_for(asyncio.shield(question.answer), within)
    except TimeoutError:
        return None


def choose(world: World, user: User, chat: Chat, result: Json) -> Post:
    """Send an inline result into a chat."""
    content = result.get("content") or {"text": str(result.get("title", ""))}
    via: Json = {"via_bot": world.bot.view()}
    markup = result.get("reply_markup")
    post = posting.place(world, chat, user, content, markup=markup, extra=via)
    inbox.tell(world, post)
    return post
