"""Chats as plain text: who said what where, links written out, buttons numbered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Protocol

from bot.sandbox.events import Event
from bot.sandbox.nouns import Chat, Json, Post
from bot.sandbox.views import covered
from bot.sandbox.world import World

INDENT = "    "


class Say(Protocol):
    """Word a message in the reader's language; the English words are its name."""

    def __call__(self, message: str, /, **values: object) -> str:
        """Word *message*, with *values* put in."""


def english(message: str, /, **values: object) -> str:
    """Word a message in English."""
    return message.format(**values)


class Transcript:
    """Write events down; remember the buttons that were numbered last, and their message."""

    def __init__(self, world: World, w: Say = english, zone: tzinfo = UTC) -> None:
        self._world = world
        self._w = w
        self._zone = zone
        self.buttons: list[Json] = []
        self.post: Post | None = None
        self._kinds: dict[str, Callable[[Chat, Json], str]] = {
            "message": self._message,
            "edited": self._message,
            "deleted": self._deleted,
            "pinned": self._pinned,
        }

    def write(self, event: Event) -> str:
        """Write one event; what is nothing to see is empty."""
        writer = self._kinds.get(event.kind)
        return writer(self._world.chats[event.data["chat"]], event.data) if writer else ""

    def _message(self, chat: Chat, data: Json) -> str:
        post = chat.posts.get(data["message"]["message_id"])
        if post is None:
            return ""
        lines = [self._head(chat, post), *body(post, self._w), *self._rows(post)]
        return clean("\n".join(lines))

    def _head(self, chat: Chat, post: Post) -> str:
        moment = datetime.fromtimestamp(post.edited or post.date, self._zone)
        sender = post.sender.first_name if post.sender else chat.title
        edited = self._w("edited")
        marks = f" ({edited})" if post.edited else ""
        return f"{moment:%H:%M}  {place(chat, self._w)} · {sender}{marks}"

    def _rows(self, post: Post) -> list[str]:
        keyboard = (post.inline_markup or {}).get("inline_keyboard", [])
        if not keyboard:
            return []
        self.post, self.buttons = post, [button for row in keyboard for button in row]
        numbers = iter(range(1, len(self.buttons) + 1))
        return [
            INDENT + " ".join(label(next(numbers), button) for button in row) for row in keyboard
        ]

    def _deleted(self, chat: Chat, data: Json) -> str:
        del data
        return INDENT + self._w("A message in {place} was deleted.", place=place(chat, self._w))

    def _pinned(self, chat: Chat, data: Json) -> str:
        del data
        return INDENT + self._w(
            "The pinned messages of {place} changed.", place=place(chat, self._w)
        )


def place(chat: Chat, w: Say) -> str:
    """Name a chat."""
    return w("{name}, privately", name=chat.title) if chat.private else chat.title


def label(number: int, button: Json) -> str:
    """Write a button with its number, and where it leads."""
    return f"[{number} {button['text']}]"


def body(post: Post, w: Say) -> list[str]:
    """Write the lines of a message."""
    lines = [INDENT + line for line in with_links(post.text, post.entities).splitlines()]
    attached = next((kind for kind in post.content if kind in ATTACHMENTS), None)
    if attached:
        lines.insert(0, INDENT + w("[a file: {kind}]", kind=attached))
    return lines or [INDENT + service(post, w)]


def service(post: Post, w: Say) -> str:
    """Write what a service line tells."""
    name = post.sender.first_name if post.sender else post.chat.title
    lines = {
        "new_chat_members": w("{name} joined", name=name),
        "left_chat_member": w("{name} left", name=name),
        "pinned_message": w("{name} pinned a message", name=name),
    }
    return next((lines[kind] for kind in post.content if kind in lines), ", ".join(post.content))


ATTACHMENTS = ("photo", "document", "video", "audio", "voice", "animation", "sticker", "poll")


def with_links(text: str, entities: list[Json]) -> str:
    """Write the address of each link after its words."""
    units = text.encode("utf-16-le")
    links = [one for one in entities if one["type"] == "text_link"]
    for link in sorted(links, key=lambda one: -int(one["offset"])):
        end = 2 * (link["offset"] + link["length"])
        if covered(text, link) not in link["url"]:
            units = units[:end] + f" <{link['url']}>".encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le", "replace")


def clean(text: str) -> str:
    """Drop what would steer a terminal."""
    return "".join(sign for sign in text if sign == "\n" or sign.isprintable() or ord(sign) > 0x9F)
