"""The piece of a story that shows best why it was found, cut from the original text. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TypeAlias

from bot.search.phrases import Phrase
from bot.search.tokens import Atom, Kind, atoms, camel_borders
from bot.text.normalise import normalise_with_offsets

WIDTH = 120
_BEFORE = 24
_LONGEST = 20_000

Runs: TypeAlias = tuple[tuple[str, bool], ...]
Range: TypeAlias = tuple[int, int]


def snippet(texts: Iterable[str], phrases: Iterable[Phrase]) -> Runs:
    """Cut the densest window out of the first text that has a match, else its beginning."""
    wanted = tuple(dict.fromkeys(phrases))
    flat = [" ".join(text[:_LONGEST].split()) for text in texts]
    for text in flat:
        ranges = _merged(matches(text, wanted))
        if ranges:
            return _cut(text, _window(text, ranges), ranges)
    text = next(filter(None, flat), "")
    return _cut(text, (0, _end(text, WIDTH)), []) if text else ()


def matches(text: str, phrases: Iterable[Phrase]) -> list[Range]:
    """Find where the phrases stand in the original text."""
    wanted = tuple(phrases)
    found = list(_matches(text, wanted))
    borders = camel_borders(text)
    if borders:
        found += _uncamelled(text, borders, wanted)
    return sorted(found)


def _matches(text: str, phrases: tuple[Phrase, ...]) -> Iterator[Range]:
    folded, offsets = normalise_with_offsets(text)
    pieces = list(atoms(folded))
    for phrase in phrases:
        for start, end in _places(pieces, phrase):
            yield offsets[start], offsets[end - 1] + 1


def _uncamelled(text: str, borders: list[int], phrases: tuple[Phrase, ...]) -> Iterator[Range]:
    """Find phrases in the text with a space at each camel border, and take the spaces out."""
    edges = [0, *borders, len(text)]
    pieces = [text[start:end] for start, end in pairwise(edges)]
    origin = [
        at for piece, start in zip(pieces, edges, strict=False) for at in _with_space(piece, start)
    ]
    for start, end in _matches(" ".join(pieces), phrases):
        yield origin[start], origin[end - 1] + 1


def _with_space(piece: str, start: int) -> range:
    return range(start, start + len(piece) + 1)


def _places(pieces: list[Atom], phrase: Phrase) -> Iterator[Range]:
    wanted = phrase.atoms
    if len(wanted) == 1 and wanted[0][0] is Kind.CJK:
        yield from _within_runs(pieces, wanted[0][1])
        return
    for at in range(len(pieces) - len(wanted) + 1):
        window = pieces[at : at + len(wanted)]
        if _fits(window, phrase):
            yield _start(window[0], wanted[0][1]), _last_end(window[-1], phrase)


def _within_runs(pieces: list[Atom], text: str) -> Iterator[Range]:
    for piece in pieces:
        if piece.kind is Kind.CJK:
            at = piece.text.find(text)
            while at >= 0:
                yield piece.start + at, piece.start + at + len(text)
                at = piece.text.find(text, at + 1)


def _fits(window: list[Atom], phrase: Phrase) -> bool:
    last = len(window) - 1
    for at, (piece, (kind, text)) in enumerate(zip(window, phrase.atoms, strict=True)):
        if piece.kind is not kind:
            return False
        if not _equal(piece, text, first=at == 0, last=at == last, prefix=phrase.prefix):
            return False
    return True


def _equal(piece: Atom, text: str, *, first: bool, last: bool, prefix: bool) -> bool:
    if piece.kind is Kind.CJK and first:
        return piece.text.endswith(text)
    if last and (prefix or piece.kind is Kind.CJK):
        return piece.text.startswith(text)
    return piece.text == text


def _start(piece: Atom, text: str) -> int:
    return piece.end - len(text) if piece.kind is Kind.CJK else piece.start


def _last_end(piece: Atom, phrase: Phrase) -> int:
    kind, text = phrase.atoms[-1]
    return piece.start + len(text) if kind is Kind.CJK else piece.end


def _merged(ranges: list[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in ranges:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, ranges: list[Range]) -> Range:
    """Find the window in which the most matched text stands."""

    def covered(start: int) -> int:
        """Count the matched characters in the window from *start*."""
        limit = start + WIDTH - _BEFORE
        return sum(end - begin for begin, end in ranges if begin >= start and end <= limit)

    best = max((start for start, _ in ranges), key=covered)
    start = _beginning(text, best)
    return start, _end(text, start + WIDTH)


def _beginning(text: str, match: int) -> int:
    """Go back to the sentence's start if it is near, else to a word's."""
    if match <= _BEFORE:
        return 0
    before = text[match - _BEFORE : match]
    stop = max(before.rfind(mark) for mark in "。！？；.!?;\n")
    space = before.find(" ")
    return match - _BEFORE + (stop if stop >= 0 else space) + 1


def _end(text: str, limit: int) -> int:
    """Do not end within a Latin word."""
    if limit >= len(text):
        return len(text)
    end = limit
    while end > limit - _BEFORE and text[end].isascii() and text[end].isalnum():
        end -= 1
    return end if end > limit - _BEFORE else limit


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
