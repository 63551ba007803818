"""Which digests a message is about, as its buttons tell: for reports of what went wrong."""

from __future__ import annotations

from collections.abc import Iterator

from bot.model import Message
from bot.rendering.callback_data import decode
from bot.rendering.links import started


def digests_of(message: Message) -> tuple[str, ...]:
    """Name the digests that a message's buttons lead to, each once."""
    return tuple(dict.fromkeys(_ids(message)))


def _ids(message: Message) -> Iterator[str]:
    for button in (button for row in message.buttons for button in row):
        wish = decode(button.data) if button.data else started(button.url or "")
        digest = getattr(wish, "digest", None)
        if isinstance(digest, str):
            yield digest
