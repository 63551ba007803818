"""Where a word that the archive does not have may fall apart into words that it has."""

from __future__ import annotations

from bot.search.tokens import Kind, atoms
from bot.search.vocabulary import Vocabulary
from bot.text.normalise import normalise

_SHORTEST_PART = 2
_LONGEST = 24
_PAIR = 2


def apart(vocabulary: Vocabulary, word: str) -> list[str]:
    """Give ways to write a word with spaces: nano banana, 芯片 出口."""
    parts = list(atoms(normalise(word)))
    if len(parts) != 1 or len(parts[0].text) > _LONGEST:
        return []
    text = parts[0].text
    if parts[0].kind is Kind.CJK:
        return [" ".join(halves) for halves in _halves(text)] + _by_pairs(text)
    return _known(vocabulary, _halves(text)) if parts[0].kind is Kind.WORD else []


def _halves(text: str) -> list[tuple[str, str]]:
    places = range(_SHORTEST_PART, len(text) - _SHORTEST_PART + 1)
    return [(text[:at], text[at:]) for at in places]


def _by_pairs(text: str) -> list[str]:
    """Cut at every second character, as most Chinese words have two."""
    cuts = range(0, len(text), _PAIR)
    return [" ".join(text[at : at + _PAIR] for at in cuts)] if len(cuts) > _PAIR else []


def _known(vocabulary: Vocabulary, halves: list[tuple[str, str]]) -> list[str]:
    """Keep those of which the archive has both words."""
    known = vocabulary.counts(half for both in halves for half in both)
    return [" ".join(both) for both in halves if known.keys() >= set(both)]
