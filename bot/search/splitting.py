"""Where a word that the archive does not have may fall apart into words that it has."""

from __future__ import annotations

from collections.abc import Iterator

from bot.search.phrases import Phrase, runs
from bot.search.tokens import Atom, Kind, atoms
from bot.search.vocabulary import Vocabulary
from bot.text.normalise import normalise, normalise_with_offsets

_SHORTEST_PART = 2
_LONGEST = 24


def apart(vocabulary: Vocabulary, word: str) -> list[str]:
    """Give ways to write a name with a space: nano banana, deepseek v3."""
    folded = normalise(word)
    name = list(atoms(folded))
    kinds = [atom.kind for atom in name]
    if not {Kind.WORD, Kind.DIGITS}.issuperset(kinds) or kinds[:1] != [Kind.WORD]:
        return []
    first, rest = name[0].text, folded[name[0].end :]
    if len(first) > _LONGEST:
        return []
    # A letter alone is the beginning of a version.
    halves = _halves(first, 1 if rest else _SHORTEST_PART)
    return [f"{left} {right}{rest}" for left, right in _known(vocabulary, halves)]


def cut(vocabulary: Vocabulary, word: str) -> list[str]:
    """Cut a word where its script changes, and Chinese into the longest pieces that there are."""
    folded, offsets = normalise_with_offsets(word)
    places = (place for run in runs(folded) for place in _places(vocabulary, run))
    return [word[offsets[start] : offsets[end - 1] + 1] for start, end in places]


def _places(vocabulary: Vocabulary, run: list[Atom]) -> list[tuple[int, int]]:
    first, last = run[0], run[-1]
    if first.kind is Kind.CJK:
        pieces = [*_pieces(vocabulary, first.text)]
        return [(first.start + start, first.start + end) for start, end in reversed(pieces)]
    if vocabulary.has(Phrase(tuple((atom.kind, atom.text) for atom in run))):
        return [(first.start, last.end)]
    return [(atom.start, atom.end) for atom in run]


def _pieces(vocabulary: Vocabulary, run: str) -> Iterator[tuple[int, int]]:
    """Go from the end to the beginning: Chinese is cut wrongly less often so."""
    end = len(run)
    while end:
        start = end - 1
        while start and vocabulary.has(Phrase(((Kind.CJK, run[start - 1 : end]),))):
            start -= 1
        if end - start > 1:
            yield start, end
        end = start


def _halves(text: str, shortest_end: int) -> list[tuple[str, str]]:
    places = range(_SHORTEST_PART, len(text) - shortest_end + 1)
    return [(text[:at], text[at:]) for at in places]


def _known(vocabulary: Vocabulary, halves: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Keep those of which the archive has both words."""
    known = vocabulary.counts(half for both in halves for half in both)
    return [both for both in halves if known.keys() >= set(both)]
