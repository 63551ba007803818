"""Where the words of a query stand in a text, in the text as it was written. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import TypeAlias

from bot.search.phrases import Phrase
from bot.search.tokens import Atom, Kind, atoms, begins_within, camel_borders
from bot.text.normalise import normalise_with_offsets

# No phrase is longer; it bounds what is read at each place where one may begin.
_REACH = 400
# What stands in a text more often than that, such as a letter, says nothing of any place.
_MOST = 100

Range: TypeAlias = tuple[int, int]


def marked(text: str, phrases: Sequence[Phrase]) -> list[Range]:
    """Give all ranges of the text that phrases cover, in order and apart."""
    found = list(_found(text, phrases))
    borders = camel_borders(text)
    if borders:
        found += _found_uncamelled(text, borders, phrases)
    return _merged(sorted(found))


def _found(text: str, phrases: Iterable[Phrase]) -> Iterator[Range]:
    folded, offsets = normalise_with_offsets(text)
    for phrase in phrases:
        for start, end in islice(_places(folded, phrase), _MOST):
            yield offsets[start], _next(offsets, end - 1, len(text))


def _next(offsets: Sequence[int], at: int, length: int) -> int:
    """Tell where the next character begins, which is after all accents of this one."""
    after = bisect_right(offsets, offsets[at], at)
    return offsets[after] if after < len(offsets) else length


def _found_uncamelled(text: str, borders: list[int], phrases: Iterable[Phrase]) -> Iterator[Range]:
    """Find phrases in the text with a space at each camel border, and take the spaces out."""
    edges = [0, *borders, len(text)]
    pieces = [text[start:end] for start, end in pairwise(edges)]
    origin: list[int] = []
    for start, end in pairwise(edges):
        origin += range(start, end + 1)
    for start, end in _found(" ".join(pieces), phrases):
        yield origin[start], origin[end - 1] + 1


def _places(folded: str, phrase: Phrase) -> Iterator[Range]:
    """Look closer only where the first atom may stand: to read all of a text takes far longer."""
    kind, first = phrase.atoms[0]
    at = folded.find(first)
    while at >= 0:
        end = at + len(first)
        if kind is Kind.CJK and len(phrase.atoms) == 1:
            yield at, end
        elif not begins_within(folded, at):
            window = list(islice(atoms(folded, at, at + _REACH), len(phrase.atoms)))
            if _fits(window, phrase):
                yield at, _end(window[-1], phrase)
        at = folded.find(first, at + 1)


def _fits(window: list[Atom], phrase: Phrase) -> bool:
    wanted = phrase.atoms
    if [piece.kind for piece in window] != [kind for kind, _ in wanted]:
        return False
    *before, last = (piece.text for piece in window)
    if before != [text for _, text in wanted[:-1]]:
        return False
    kind, text = wanted[-1]
    is_beginning = phrase.prefix or kind is Kind.CJK
    return last.startswith(text) if is_beginning else last == text


def _end(piece: Atom, phrase: Phrase) -> int:
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
