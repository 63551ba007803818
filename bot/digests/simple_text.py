"""Running text of words, bold words and links alone, which most of a digest is.

What it reads, it reads as markdown-it does, in a small part of the time; tests hold the two
against each other. Whatever could mean anything else is left to markdown-it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.digests.inlines import Inlines, joined, line_join
from bot.model import Inline, Link, Strong, Text

# Words in which nothing begins: neither a picture nor a character's name.
_WORDS = r"(?:[^]\n\\`~*_[!<&]|!(?!\[)|&(?![A-Za-z#]))++"
# Marks that cling to their words, or close at a blank: there is no other way to read them.
_BOLD = rf"\*\*(?=\w)({_WORDS})(?:(?<=\w)|(?<=\S)(?=\*\*(?:[ \n]|\Z)))\*\*(?!\*)"
# An address that needs no escaping.
ADDRESS = r"https?://[a-z0-9.-]+(?:/(?:[A-Za-z0-9/?#&=+_.,~-]|%[0-9A-Fa-f]{2})*)?"
_LINK = rf"\[(?!\^)({_WORDS})\]\(({ADDRESS})\)"
# A new line without blanks around it, which might break it.
_LINE = r"(?<=\S)\n(?=\S)"
_PIECES = re.compile(rf"({_WORDS})|{_BOLD}|{_LINK}|{_LINE}")
_WHOLE = re.compile(rf"(?:{_WORDS}|{_BOLD}|{_LINK}|{_LINE})*+")


def read(content: str) -> Inlines | None:
    """Read running text; None where it is not simple."""
    if not _WHOLE.fullmatch(content):
        return None
    pieces = _PIECES.findall(content)
    if "\n" not in content:
        return tuple(_inline(*piece) for piece in pieces)
    return joined(
        _inline(*piece) if any(piece) else Text(_between(pieces, place))
        for place, piece in enumerate(pieces)
    )


def _inline(words: str, bold: str, label: str, url: str) -> Inline:
    if words:
        return Text(words)
    return Strong((Text(bold),)) if bold else Link(url, (Text(label),))


def _between(pieces: Sequence[tuple[str, ...]], place: int) -> str:
    """Join two lines by the plain words that end the one and begin the other."""
    return line_join(pieces[place - 1][0][-1:], pieces[place + 1][0][:1])
