"""Frequent names that no topic covers, so that an operator's table can grow."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from bot.digests.plain import item_text
from bot.digests.topics import Topics
from bot.model import Digest

_NAME = re.compile(r"[A-Z][A-Za-z0-9+-]+(?: (?:[A-Z][A-Za-z0-9+-]*|\d[\w.]*))*")
_WORD = re.compile(r"\b[a-z]{2,}\b")
_SHORTEST = 3


def uncovered(
    digests: Iterable[Digest], topics: Topics, *, least: int = 3
) -> list[tuple[str, int]]:
    """Name what at least *least* items speak of and no topic covers, the most frequent first.

    A word that also occurs in small letters is no name.
    """
    counts: Counter[str] = Counter()
    words: set[str] = set()
    for digest in digests:
        for item in digest.items:
            text = item_text(item)
            words.update(_WORD.findall(text))
            counts.update({name for name in _NAME.findall(text) if len(name) >= _SHORTEST})
    return [
        (name, count)
        for name, count in counts.most_common()
        if count >= least and name.lower() not in words and not topics.find(name)
    ]
