"""Cutting text into parts that Telegram takes, at the best borders there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.rendering.rich import Rich, entity_counts, sliced, trimmed
from bot.text.units import fitting, grapheme_borders, utf16_len, word_borders

MAX_UNITS = 4096
MAX_ENTITIES = 100

_BETTER_BORDERS = (
    re.compile(r"\n\n+"),
    re.compile(r"\n"),
    re.compile(r"(?<=[。！？；])(?![”’」』）])|(?<=[.!?;])\s"),
)


def pack(rich: Rich, units: int = MAX_UNITS, entities: int = MAX_ENTITIES) -> tuple[Rich, ...]:
    """Cut into as few parts as keep the limits.

    Never inside a grapheme, a word, a link or another entity, unless that alone is longer than
    a part: then at the best border within it, and the entity goes on in the next part.
    """
    return tuple(_parts(trimmed(rich), units, entities))


def _parts(rest: Rich, units: int, entities: int) -> Iterator[Rich]:
    while rest.text:
        end = _limit(rest, units, entities)
        if end < len(rest.text):
            end = _border(rest, end)
        yield sliced(rest, 0, end)
        rest = sliced(rest, end, len(rest.text))


def _limit(rich: Rich, units: int, entities: int) -> int:
    """Find the furthest position that the limits allow."""
    end = len(rich.text) if utf16_len(rich.text) <= units else fitting(rich.text, units)
    if len(rich.spans) == 0:
        return end
    over = (position for position, count in entity_counts(rich) if count > entities)
    return min(end, next(over, end))


def _border(rich: Rich, end: int) -> int:
    """Choose where to cut at *end* or before."""
    allowed = _Allowed(rich, end)
    graphemes = grapheme_borders(rich.text, end)
    whole = frozenset(graphemes)
    for better in _BETTER_BORDERS:
        # A part that is less than half full would be a high price for a better border.
        found = (match.end() for match in better.finditer(rich.text, end // 2, end + 1))
        position = allowed.last(position for position in found if position in whole)
        if position:
            return position
    words = word_borders(rich.text, end)
    return allowed.last(words) or allowed.last(graphemes) or (graphemes or [end])[-1]


class _Allowed:
    """Which positions cut no entity that could be kept whole."""

    def __init__(self, rich: Rich, end: int) -> None:
        # A span that begins with the part and does not fit has to be cut; any other can be
        # kept whole, if need be in the next part.
        self._whole = [
            span for span in rich.spans if span.start < end and (span.start > 0 or span.end <= end)
        ]

    def last(self, positions: Iterable[int]) -> int | None:
        """Give the last allowed position."""
        return next((p for p in sorted(positions, reverse=True) if self._free(p)), None)

    def _free(self, position: int) -> bool:
        return not any(span.start < position < span.end for span in self._whole)
