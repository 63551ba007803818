"""Mends bold marks that CommonMark leaves literal next to Chinese punctuation."""

from __future__ import annotations

from collections.abc import Iterator

from bot.digests.inlines import Inlines, joined
from bot.model import Inline, Strong, Text

_MARK = "**"


def mend_strong(inlines: Inlines) -> Inlines:
    """Turn each pair of literal ``**`` that clings to words into bold."""
    if not any(isinstance(inline, Text) and _MARK in inline.text for inline in inlines):
        return inlines
    pieces = list(_pieces(inlines))
    result: list[Inline] = []
    start = 0
    while start < len(pieces):
        end = _closing(pieces, start)
        if end is None:
            result.append(pieces[start] or Text(_MARK))
            start += 1
        else:
            result.append(Strong(joined(piece for piece in pieces[start + 1 : end] if piece)))
            start = end + 1
    return joined(result)


def _pieces(inlines: Inlines) -> Iterator[Inline | None]:
    """Take texts apart at their marks; None stands for a mark."""
    for inline in inlines:
        if not isinstance(inline, Text):
            yield inline
            continue
        for index, words in enumerate(inline.text.split(_MARK)):
            if index:
                yield None
            if words:
                yield Text(words)


def _closing(pieces: list[Inline | None], start: int) -> int | None:
    """Find the mark that closes the one at *start*, if that is one and opens something."""
    if pieces[start] is not None:
        return None
    end = next((i for i in range(start + 1, len(pieces)) if pieces[i] is None), None)
    if end is None or end == start + 1:
        return None
    first, last = pieces[start + 1], pieces[end - 1]
    clings = not (isinstance(first, Text) and first.text[0].isspace())
    return end if clings and not (isinstance(last, Text) and last.text[-1].isspace()) else None
