"""Lengths and borders of text as Telegram and people see them. Pure."""

from __future__ import annotations

import regex

# After blanks; after a CJK character or its punctuation unless closing punctuation follows;
# before a CJK character unless opening punctuation precedes it.
_CJK = r"\p{Han}\p{Hiragana}\p{Katakana}"
_WORD_BORDER = regex.compile(
    rf"\s+|(?<=[{_CJK}，。；：、！？）》」』”…])(?![\p{{Pe}}\p{{Pf}}\p{{Po}}\s])"
    rf"|(?<![\p{{Ps}}\p{{Pi}}\s])(?=[{_CJK}])"
)
_GRAPHEME = regex.compile(r"\X")
# How far to look beyond a cut in order to know whether a grapheme goes on there.
_LOOKAHEAD = 64


def utf16_len(text: str) -> int:
    """Count UTF-16 units, the unit of Telegram's limits."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> list[str]:
    """Split into what people see as characters."""
    return [match.group() for match in _GRAPHEME.finditer(text)]


def fitting(text: str, units: int) -> int:
    """Count the code points from the start that fit into *units*."""
    encoded = text[:units].encode("utf-16-le", "surrogatepass")[: 2 * max(units, 0)]
    return len(encoded.decode("utf-16-le", "ignore"))


def grapheme_borders(text: str, end: int) -> list[int]:
    """Give the positions from 1 to *end* between two graphemes, in order."""
    seen = text[: end + _LOOKAHEAD]
    if seen.isascii() and "\r" not in seen:
        return list(range(1, min(end, len(seen)) + 1))
    ends = (match.end() for match in _GRAPHEME.finditer(seen))
    return [position for position in ends if position <= end]


def word_borders(text: str, end: int) -> list[int]:
    """Give the positions from 1 to *end* where a text may be cut between words, in order."""
    found = [match.end() for match in _WORD_BORDER.finditer(text[: end + 1])]
    allowed = set(grapheme_borders(text, end)) if found else ()
    return [position for position in found if position in allowed]


def cut(text: str, units: int) -> str:
    """Keep what fits into *units*, ending between words where possible, else between graphemes."""
    end = fitting(text, units)
    if end == len(text):
        return text
    borders = word_borders(text, end) or grapheme_borders(text, end) or [end]
    return text[: borders[-1]]


def shorten(text: str, units: int) -> str:
    """Keep what fits into *units*, with an ellipsis where something is left out."""
    if utf16_len(text) <= units:
        return text
    return cut(text, units - 1).rstrip() + "…"
