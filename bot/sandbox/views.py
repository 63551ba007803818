"""Messages as a person sees them."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.nouns import Json, Post

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message at the moment when it was looked at.

    *buttons* are the rows of the inline keyboard's labels; *links* all addresses in the text,
    in order; *preview* is the address whose preview is shown, None where there is none.
    """

    chat_id: int
    message_id: int
    sender: str
    text: str
    entities: tuple[Json, ...]
    buttons: Rows
    links: tuple[str, ...]
    preview: str | None
    preview_options: Json
    edited: bool
    service: bool
    thread: int | None
    date: int
    raw: Json

    @classmethod
    def of(cls, post: Post) -> MessageView:
        """Look at a message."""
        links = tuple(links_of(post))
        options: Json = post.content.get("link_preview_options", {})
        return cls(
            chat_id=post.chat.id,
            message_id=post.id,
            sender=post.sender.first_name if post.sender else post.chat.title,
            text=post.text,
            entities=tuple(post.entities),
            buttons=rows(post),
            links=links,
            preview=preview_of(options, links),
            preview_options=options,
            edited=post.edited is not None,
            service=post.service,
            thread=post.thread,
            date=post.date,
            raw=post.view(),
        )


def rows(post: Post) -> Rows:
    """List the labels of the buttons, row by row."""
    keyboard = (post.inline_markup or {}).get("inline_keyboard", ())
    return tuple(tuple(str(button["text"]) for button in row) for row in keyboard)


def links_of(post: Post) -> list[str]:
    """List where the text leads: its links, and the addresses that stand in it."""
    return [address for address in (address_of(post.text, one) for one in post.entities) if address]


def address_of(text: str, entity: Json) -> str | None:
    """Tell where an entity leads."""
    if entity["type"] == "text_link":
        return str(entity["url"])
    if entity["type"] != "url":
        return None
    address = covered(text, entity)
    return address if "://" in address else f"http://{address}"


def covered(text: str, entity: Json) -> str:
    """Cut out what an entity covers; its measures count UTF-16 units."""
    start, length = entity["offset"], entity["length"]
    units = text.encode("utf-16-le")
    return units[2 * start : 2 * (start + length)].decode("utf-16-le", "replace")


def preview_of(options: Json, links: tuple[str, ...]) -> str | None:
    """Tell which address is previewed: the one asked for, else the first in the text."""
    if options.get("is_disabled"):
        return None
    return str(options["url"]) if options.get("url") else next(iter(links), None)
