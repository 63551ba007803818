"""Cutting text into parts that Telegram takes, at the best borders there are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator

from bot.rendering.rich import Rich, Span, clipped, entity_counts, sliced, trimmed
from bot.text.units import fitting, grapheme_borders, utf16_len, word_borders

MAX_UNITS = 4096
MAX_ENTITIES = 100

# What lies this far behind a part has no say in where it ends.
_LOOKAHEAD = 100
# After a line break no grapheme goes on, whatever follows.
_LINE_ENDS = (re.compile(r"\n\n+"), re.compile(r"\n"))
_SENTENCE_END = re.compile(r"(?<=[。！？；])(?![”’」』）])|(?<=[.!?;])\s")


def pack(rich: Rich, units: int = MAX_UNITS, entities: int = MAX_ENTITIES) -> tuple[Rich, ...]:
    """Cut into as few parts as keep the limits.

    Never inside a grapheme, a word, a link or another entity, unless that alone is longer than
    a part: then at the best border within it, and the entity goes on in the next part.
    """
    return tuple(_parts(trimmed(rich), units, entities))


def _parts(rich: Rich, units: int, entities: int) -> Iterator[Rich]:
    views = _Views(rich, units + _LOOKAHEAD)
    while (view := views.after_blanks()).text:
        end = _limit(view, units, entities)
        if end < len(view.text):
            end = _border(view, end)
        yield sliced(view, 0, end)
        views.position += end


class _Views:
    """What the next part may be cut from: a look at all the rest for each would take too long."""

    def __init__(self, rich: Rich, size: int) -> None:
        self.position = 0
        self._text = rich.text
        self._size = size
        self._waiting = deque(sorted(rich.spans, key=lambda span: span.start))
        self._open: list[Span] = []

    def after_blanks(self) -> Rich:
        """Give the text from the next letter on, longer than any part unless it ends there."""
        while self._text[self.position : self.position + 1].isspace():
            self.position += 1
        end = self.position + self._size
        while self._waiting and self._waiting[0].start < end:
            self._open.append(self._waiting.popleft())
        self._open = [span for span in self._open if span.end > self.position]
        return clipped(Rich(self._text, tuple(self._open)), self.position, end)


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
    return (
        _line_end(rich, end, allowed)
        or allowed.last(_sentence_ends(rich.text, end))
        or allowed.last(word_borders(rich.text, end))
        or _grapheme_end(rich.text, end, allowed)
    )


def _line_end(rich: Rich, end: int, allowed: _Allowed) -> int | None:
    ends = (
        allowed.last(match.end() for match in border.finditer(rich.text, _nearest(end), end + 1))
        for border in _LINE_ENDS
    )
    return next(filter(None, ends), None)


def _sentence_ends(text: str, end: int) -> list[int]:
    found = [match.end() for match in _SENTENCE_END.finditer(text, _nearest(end), end + 1)]
    whole = set(grapheme_borders(text, end)) if found else ()
    return [position for position in found if position in whole]


def _grapheme_end(text: str, end: int, allowed: _Allowed) -> int:
    borders = grapheme_borders(text, end)
    return allowed.last(borders) or (borders or [end])[-1]


def _nearest(end: int) -> int:
    """Give where a better border may lie: a part less than half full is too high a price."""
    return end // 2


class _Allowed:
    """Which positions cut no entity that could be kept whole."""

    def __init__(self, rich: Rich, end: int) -> None:
        # A span that begins with the part and does not fit has to be cut; any other can be
        # kept whole, if need be in the next part.
        whole = (s for s in rich.spans if s.start < end and (s.start > 0 or s.end <= end))
        self._starts: list[int] = []
        self._ends: list[int] = []
        for span in sorted(whole, key=lambda span: span.start):
            self._take(span.start, span.end)

    def last(self, positions: Iterable[int]) -> int | None:
        """Give the last allowed position."""
        return next((p for p in sorted(positions, reverse=True) if self._free(p)), None)

    def _take(self, start: int, end: int) -> None:
        if self._ends and start < self._ends[-1]:
            self._ends[-1] = max(end, self._ends[-1])
        else:
            self._starts.append(start)
            self._ends.append(end)

    def _free(self, position: int) -> bool:
        before = bisect_left(self._starts, position) - 1
        return before < 0 or position >= self._ends[before]
