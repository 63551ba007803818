"""Messages as a web page that looks like the chat, for publishers to check before committing."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from msgspec import Struct

from bot.model import Button, Message, Preview

STYLE = Path(__file__).with_suffix(".css")
# The page runs nothing and sends nothing; it only loads covers.
POLICY = "default-src 'none'; img-src http: https:; style-src 'unsafe-inline'"
# Elements that have no end.
VOID = ("meta", "img", "base")


class Html(Struct, frozen=True):
    """Markup that needs no escaping: only ``element`` and the renderer make it."""

    source: str


def element(name: str, /, *children: Html | str, **attributes: str) -> Html:
    """Build an element; words are escaped, and so are the values of attributes."""
    named = (f' {key.strip("_").replace("_", "-")}="{escape(v)}"' for key, v in attributes.items())
    opening = f"<{name}{''.join(named)}>"
    return Html(opening if name in VOID else f"{opening}{_inside(children).source}</{name}>")


def chat_page(messages: Iterable[Message], title: str, language: str) -> str:
    """Write a whole page of messages."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("base", target="_blank"),
        element("title", title),
        element("style", Html(STYLE.read_text(encoding="utf-8"))),
    )
    body = element("body", element("main", *map(_message, messages)))
    return "<!doctype html>\n" + element("html", head, body, lang=language).source + "\n"


def _inside(children: Iterable[Html | str]) -> Html:
    pieces = (c.source if isinstance(c, Html) else escape(c) for c in children)
    return Html("".join(pieces))


def _message(message: Message) -> Html:
    # The text is Telegram's own HTML, escaped when it was rendered (rich.py).
    text = element("div", Html(message.text), class_="text", dir="auto")
    cover = [_cover(message.preview)] if message.preview else []
    bubble = element("div", *cover, text, class_="bubble")
    return element("article", bubble, *map(_row, message.buttons))


def _cover(preview: Preview) -> Html:
    return element("img", src=preview.url, alt="", class_="cover")


def _row(buttons: Iterable[Button]) -> Html:
    return element("div", *map(_button, buttons), class_="row")


def _button(button: Button) -> Html:
    if button.url:
        return element("a", button.text, href=button.url, class_="button")
    return element("span", button.text, class_="button")
