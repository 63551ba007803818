"""Running text of words, bold words, code and links alone, which most of a digest is.

What it reads, it reads as markdown-it does, in a small part of the time; tests hold the two
against each other. Whatever could mean anything else is left to markdown-it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.digests.inlines import Inlines, joined, line_join
from bot.model import Code, Inline, Link, Strong, Text

# Words in which nothing begins: neither a picture nor a character's name.
_WORDS = r"(?>(?:[^]\n\\`~*_[!<&]++|!(?!\[)|&(?![A-Za-z#]))+)"
# Marks that cling to their words, or close at a blank: there is no other way to read them.
_BOLD = rf"\*\*(?=\w){_WORDS}(?:(?<=\w)|(?<=\S)(?=\*\*(?:[ \n]|\Z)))\*\*(?!\*)"
# Code without a blank or a further mark at its ends.
_CODE = r"`(?! )[^`\n]++(?<! )`(?!`)"
# An address that needs no escaping.
ADDRESS = r"https?://[a-z0-9.-]+(?:/(?:[A-Za-z0-9/?#&=+_.,~-]|%[0-9A-Fa-f]{2})*)?"
_LINK = rf"\[(?!\^){_WORDS}\]\({ADDRESS}\)"
# A new line without blanks around it, which might break it.
LINE_BREAK = r"(?<=\S)\n(?=\S)"
# Simple text within a line.
LINE = rf"(?>(?:{_WORDS}|{_BOLD}|{_LINK}|{_CODE})+)"
_PIECE = re.compile(rf"{_WORDS}|{_BOLD}|{_LINK}|{_CODE}|{LINE_BREAK}")
_WHOLE = re.compile(rf"(?>(?:{LINE}|{LINE_BREAK})*)")


def read(content: str) -> Inlines | None:
    """Read running text; None where it is not simple."""
    return inlines(content) if _WHOLE.fullmatch(content) else None


def inlines(content: str) -> Inlines:
    """Read running text that is simple."""
    # Most is nothing but words; to look for each mark by itself is fastest.
    if not ("*" in content or "[" in content or "`" in content or "\n" in content):
        return (Text(content),) if content else ()
    pieces = _PIECE.findall(content)
    if "\n" not in content:
        return tuple([_inline(piece) for piece in pieces])
    return joined(
        Text(_between(pieces, place)) if piece == "\n" else _inline(piece)
        for place, piece in enumerate(pieces)
    )


def _inline(piece: str) -> Inline:
    if piece[0] == "*":
        return Strong((Text(piece[2:-2]),))
    if piece[0] == "`":
        return Code(piece[1:-1])
    if piece[0] == "[":
        label, url = piece[1:-1].split("](")
        return Link(url, (Text(label),))
    return Text(piece)


def _between(pieces: Sequence[str], place: int) -> str:
    """Join two lines by the words or code that end the one and begin the other."""
    before, after = pieces[place - 1].rstrip("`"), pieces[place + 1].lstrip("`")
    return line_join(before[-1], after[0])
