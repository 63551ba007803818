"""The piece of a story that shows best why it was found, cut from the original text. Pure."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import TypeAlias

from bot.search.marking import Range, marked
from bot.search.phrases import Phrase

WIDTH = 120
_BEFORE = 24
_LONGEST = 5_000

Runs: TypeAlias = tuple[tuple[str, bool], ...]


def snippet(texts: Iterable[str], phrases: Sequence[Phrase]) -> Runs:
    """Cut the densest window out of the first text that has a match, else its beginning."""
    flat = [" ".join(text[:_LONGEST].split()) for text in texts]
    for text in flat:
        ranges = marked(text, phrases)
        if ranges:
            return _cut(text, _window(text, ranges), ranges)
    text = next(filter(None, flat), "")
    return _cut(text, (0, _end(text, WIDTH)), []) if text else ()


def _window(text: str, ranges: list[Range]) -> Range:
    """Find the window in which the most matched text stands."""
    starts, ends = zip(*ranges, strict=True)
    lengths = [0, *accumulate(end - start for start, end in ranges)]

    def covered(first: int) -> int:
        """Count the matched characters in the window from a match on."""
        last = bisect_right(ends, starts[first] + WIDTH - _BEFORE)
        return lengths[last] - lengths[first]

    start = _beginning(text, starts[max(range(len(ranges)), key=covered)])
    return start, _end(text, start + WIDTH)


def _beginning(text: str, match: int) -> int:
    """Go back to the sentence's start if it is near, else to a word's."""
    if match <= _BEFORE:
        return 0
    before = text[match - _BEFORE : match]
    stop = max(before.rfind(mark) for mark in "。！？；.!?;\n")
    start = match - _BEFORE + (stop if stop >= 0 else before.find(" ")) + 1
    while start < match and _is_within(text, start):
        start += 1
    return start


def _end(text: str, limit: int) -> int:
    """Do not end within a word."""
    if limit >= len(text):
        return len(text)
    end = limit
    while end > limit - _BEFORE and _is_within(text, end):
        end -= 1
    return end if end > limit - _BEFORE else limit


def _is_within(text: str, at: int) -> bool:
    """Tell whether a place is within a word, of those with spaces between, or before an accent."""
    if unicodedata.combining(text[at]):
        return True
    return all(char.isalnum() and char < "\u2e80" for char in text[at - 1 : at + 1])


def _cut(text: str, window: Range, ranges: list[Range]) -> Runs:
    start, end = window
    runs: list[tuple[str, bool]] = [("…", False)] if start else []
    at = start
    for begin, stop in ranges:
        if begin < start or begin >= end:
            continue
        runs += [(text[at:begin], False), (text[begin : min(stop, end)], True)]
        at = min(stop, end)
    runs += [(text[at:end], False), ("…" if end < len(text) else "", False)]
    return tuple(run for run in runs if run[0])
