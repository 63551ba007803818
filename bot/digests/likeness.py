"""How alike two texts are, in any script: shared words and pairs of characters, rare ones first."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
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


class Likeness:
    """How much of what a query says some texts say, each with a title: that counts besides."""

    def __init__(
        self, titles: Sequence[Set[str]], texts: Sequence[Set[str]], title_weight: float
    ) -> None:
        self._in_titles, self._in_texts = _places(titles), _places(texts)
        self._title_weight = title_weight
        self._nowhere = [0.0] * len(texts)
        # What a term says that so many texts have: the fewer, the more.
        most = math.log(len(texts) + 1)
        self._rarities = [most - math.log(seen + 1) + 0.3 for seen in range(len(texts) + 1)]

    def to(self, query: Set[str]) -> list[float]:
        """Give the shares of what a query says, a text each."""
        shares, whole = self._nowhere.copy(), 0.0
        for term in query:
            places = self._in_texts.get(term, ())
            weight = self._rarities[len(places)] * (1.5 if len(term) > 2 else 1.0)
            whole += weight
            for place in places:
                shares[place] += weight
            for place in self._in_titles.get(term, ()):
                shares[place] += weight * self._title_weight
        return [share / whole for share in shares] if whole else shares


def _places(texts: Sequence[Set[str]]) -> dict[str, list[int]]:
    """Tell in which texts each term is."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        for term in text:
            places[term].append(place)
    return places


def _terms(text: str) -> tuple[set[str], set[str]]:
    found = _TERMS.findall(text)
    words = {term for term in found if term < _FIRST_OF_NO_ALPHABET}
    first = _FIRST_OF_NO_ALPHABET
    both = (pair for pair in map(add, found, found[1:]) if len(pair) == 2)
    return words, {pair for pair in both if pair >= first or pair[1] >= first}
