"""Running text of words, bold words and links alone, which most of a digest is.

What it reads, it reads as markdown-it does, in a small part of the time; tests hold the two
against each other. Whatever could mean anything else is left to markdown-it.
"""

from __future__ import annotations

import re

from bot.digests.inlines import Inlines
from bot.model import Inline, Link, Strong, Text

# Words in which nothing begins: neither a picture nor a character's name.
_WORDS = r"(?:[^]\n\\`~*_[!<&]|!(?!\[)|&(?![A-Za-z#]))++"
# Marks that cling to their words, or close at a blank: there is no other way to read them.
_BOLD = rf"\*\*(?=\w)({_WORDS})(?:(?<=\w)|(?<=\S)(?=\*\*(?:[ ]|\Z)))\*\*(?!\*)"
# An address that needs no escaping.
ADDRESS = r"https?://[a-z0-9.-]+/(?:[A-Za-z0-9/?#&=+_.,~-]|%[0-9A-Fa-f]{2})*"
_LINK = rf"\[(?!\^)({_WORDS})\]\(({ADDRESS})\)"
_PIECES = re.compile(rf"({_WORDS})|{_BOLD}|{_LINK}")
_WHOLE = re.compile(rf"(?:{_WORDS}|{_BOLD}|{_LINK})*+")


def read(content: str) -> Inlines | None:
    """Read running text; None where it is not simple."""
    if not _WHOLE.fullmatch(content):
        return None
    return tuple(_inline(*piece) for piece in _PIECES.findall(content))


def _inline(words: str, bold: str, label: str, url: str) -> Inline:
    if words:
        return Text(words)
    return Strong((Text(bold),)) if bold else Link(url, (Text(label),))
