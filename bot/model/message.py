"""What is sent."""

from __future__ import annotations

from msgspec import Struct


class Button(Struct, frozen=True, gc=False):
    """An inline button: exactly one of *url*, *data* (callback, ≤ 64 bytes) and *query* is set.

    *query* opens inline mode in the current chat with that text.
    """

    text: str
    url: str | None = None
    data: str | None = None
    query: str | None = None


class Preview(Struct, frozen=True, gc=False):
    """The link preview of a message, used to show a cover above the text."""

    url: str
    large: bool = True
    above: bool = True


class Message(Struct, frozen=True, gc=False):
    """One rendered part: Telegram HTML, rows of buttons, and the preview (None: no preview)."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    preview: Preview | None = None
