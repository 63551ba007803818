"""Short answers: plain words, with buttons where there is something to press."""

from __future__ import annotations

from bot.model import Button, Message
from bot.rendering.rich import html, plain


def notice(text: str, *buttons: Button | None) -> Message:
    """Say *text* as it is, with its buttons in one row."""
    row = tuple(button for button in buttons if button)
    return Message(html(plain(text)), (row,) if row else ())
