"""Topics as hashtags that Telegram accepts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

MAX_HASHTAGS = 8
MAX_LENGTH = 64


def hashtag(topic: str) -> str | None:
    """Write a topic as a hashtag: letters, digits and ``_``; None if no letter is left."""
    composed = unicodedata.normalize("NFC", topic)
    word = "_".join("".join(c if _allowed(c) else " " for c in composed).split())[:MAX_LENGTH]
    if not any(unicodedata.category(c).startswith("L") for c in word):
        return None
    return f"#_{word}" if word[0].isdecimal() else f"#{word}"


def hashtags(topics: Iterable[str]) -> str:
    """Write the first topics as a line of hashtags, each once."""
    tags = {tag.casefold(): tag for tag in map(hashtag, topics) if tag}
    return " ".join(list(tags.values())[:MAX_HASHTAGS])


def _allowed(character: str) -> bool:
    return character == "_" or unicodedata.category(character) in _CATEGORIES


_CATEGORIES = {"Lu", "Ll", "Lt", "Lm", "Lo", "Nd"}
