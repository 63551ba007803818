"""How alike two texts are, in any script: shared words and pairs of characters, rare ones first."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from operator import add

_TERMS = re.compile(r"[^\W_\u2e80-\U0003ffff]+(?:[.][0-9]+)*|[^\W_]")
_WORDS = re.compile(r"[^\W_\u2e80-\U0003ffff]+(?:[.][0-9]+)*")


class Terms:
    """The terms of some queries: words and numbers of alphabets, pairs of Chinese characters.

    Texts are looked at for these only, which is much cheaper than taking them apart. All texts
    must be normalised.
    """

    def __init__(self, queries: Iterable[str]) -> None:
        self.queries = [_terms(query) for query in queries]
        every = frozenset[str]().union(*self.queries)
        self._pairs = frozenset(term for term in every if not _WORDS.fullmatch(term))
        self._words = every.difference(self._pairs)

    def within(self, text: str) -> frozenset[str]:
        """Find the terms that occur in a text."""
        words = self._words.intersection(_WORDS.findall(text))
        return words.union(self._pairs.intersection(map(add, text, text[1:])))


class Weights:
    """What terms say: one that many texts share says less."""

    def __init__(self, texts: Iterable[frozenset[str]]) -> None:
        self._seen: Counter[str] = Counter()
        count = 1
        for text in texts:
            self._seen.update(text)
            count += 1
        self._most = math.log(count)

    def shares(self, query: frozenset[str]) -> dict[str, float]:
        """Give each term its share of what a query says."""
        weights = {term: self._weight(term) for term in query}
        whole = sum(weights.values())
        return {term: weight / whole for term, weight in weights.items()}

    def _weight(self, term: str) -> float:
        rarity = self._most - math.log(self._seen[term] + 1) + 0.3
        return rarity * (1.5 if len(term) > 2 else 1.0)


class Shares:
    """For any query the share of what it says that is in each of some texts."""

    def __init__(self, texts: Sequence[frozenset[str]]) -> None:
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


def _terms(text: str) -> frozenset[str]:
    found = _TERMS.findall(text)
    words = (term for term in found if _WORDS.fullmatch(term))
    pairs = (a + b for a, b in pairwise(found) if len(a) == len(b) == 1)
    return frozenset(words).union(pair for pair in pairs if not _WORDS.fullmatch(pair))
