"""How alike two texts are, in any script: shared words and pairs of characters, rare ones first."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from bot.text.normalise import normalise

_TERMS = re.compile(r"[a-z0-9]+(?:[.][0-9]+)*|[^\W_]")


def terms(text: str) -> frozenset[str]:
    """Take a text apart: words and numbers of alphabets, pairs of Chinese characters."""
    found = _TERMS.findall(normalise(text))
    words = {term for term in found if len(term) > 1 or term.isascii()}
    pairs = (a + b for a, b in zip(found, found[1:], strict=False) if len(a) == len(b) == 1)
    return frozenset(words.union(pair for pair in pairs if not pair.isascii()))


class Likeness:
    """Compares texts with those of a collection, where terms that many share count less."""

    def __init__(self, texts: Sequence[frozenset[str]]) -> None:
        self._seen = Counter(term for text in texts for term in text)
        self._most = math.log(len(texts) + 1)

    def share(self, query: frozenset[str], text: frozenset[str]) -> float:
        """Tell which share of what *query* says is in *text*."""
        whole = sum(map(self._weight, query))
        return sum(map(self._weight, query & text)) / whole if whole else 0.0

    def _weight(self, term: str) -> float:
        rarity = self._most - math.log(self._seen.get(term, 0) + 1) + 0.3
        return rarity * (1.5 if len(term) > 2 else 1.0)
