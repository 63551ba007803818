"""How alike two texts are, in any script: shared words and pairs of characters, rare ones first."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from operator import add

from ahocorasick_rs import AhoCorasick

_TERMS = re.compile(r"[^\W_\u2e80-\U0003ffff]+(?:[.][0-9]+)*|[^\W_]")
# Its first letter stands apart: what begins with one character is looked for twice as fast.
_WORDS = re.compile(r"[^\u2e80-\U0003ffff\W_][^\u2e80-\U0003ffff\W_]*+(?:[.][0-9]+)*")
_FIRST_OF_NO_ALPHABET = "\u2e80"


class Terms:
    """The terms of some queries: words and numbers of alphabets, pairs of Chinese characters.

    Texts are looked at for these only, which is much cheaper than taking them apart. All texts
    must be normalised.
    """

    def __init__(self, queries: Iterable[str]) -> None:
        self.queries: list[frozenset[str]] = []
        self._words: set[str] = set()
        every: set[str] = set()
        for words, pairs in map(_terms, queries):
            self._words |= words
            every |= pairs
            self.queries.append(frozenset(words | pairs))
        self._pairs = AhoCorasick(every)

    def within(self, text: str) -> set[str]:
        """Find the terms that occur in a text."""
        found = set(self._pairs.find_matches_as_strings(text, overlapping=True))
        found |= self._words.intersection(_WORDS.findall(text))
        return found


class Weights:
    """What terms say: one that many texts share says less."""

    def __init__(self, texts: Iterable[Set[str]]) -> None:
        self._seen: Counter[str] = Counter()
        count = 1
        for text in texts:
            self._seen.update(text)
            count += 1
        # What a term says that so many texts have.
        self._rarities = [math.log(count) - math.log(seen) + 0.3 for seen in range(1, count + 1)]

    def shares(self, query: frozenset[str]) -> dict[str, float]:
        """Give each term its share of what a query says."""
        seen, rarities = self._seen, self._rarities
        weights = {term: rarities[seen[term]] * (1.5 if len(term) > 2 else 1.0) for term in query}
        whole = sum(weights.values())
        return {term: weight / whole for term, weight in weights.items()}


class Shares:
    """For any query the share of what it says that is in each of some texts."""

    def __init__(self, texts: Sequence[Set[str]]) -> None:
        self._count = len(texts)
        self._places: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            for term in text:
                self._places.setdefault(term, []).append(place)

    def of(self, query: Mapping[str, float]) -> list[float]:
        """Give the shares, a text each."""
        shares = [0.0] * self._count
        for term in query.keys() & self._places.keys():
            for place in self._places[term]:
                shares[place] += query[term]
        return shares


def _terms(text: str) -> tuple[set[str], set[str]]:
    found = _TERMS.findall(text)
    words = {term for term in found if term < _FIRST_OF_NO_ALPHABET}
    both = map(add, found, found[1:])
    return words, {pair for pair in both if len(pair) == 2 and max(pair) >= _FIRST_OF_NO_ALPHABET}
