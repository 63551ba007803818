"""Finds the item that each headline announces."""

from __future__ import annotations

from collections.abc import Sequence

from bot.digests.likeness import Likeness, terms
from bot.digests.plain import blocks_text
from bot.model import Item

LEAST = 0.40
MARGIN = 0.06
TITLE_WEIGHT = 0.6


def matches(headlines: Sequence[str], items: Sequence[Item]) -> list[str | None]:
    """Give each headline the key of its item, or None where none is clearly meant."""
    titles = [terms(item.title) for item in items]
    wholes = [
        title | terms(blocks_text(item.body)) for title, item in zip(titles, items, strict=True)
    ]
    likeness = Likeness(wholes)
    found: list[str | None] = []
    for headline in headlines:
        query = terms(headline)
        scores = [
            _score(likeness, query, title, whole)
            for title, whole in zip(titles, wholes, strict=True)
        ]
        found.append(_clear_best(scores, items))
    return found


def _score(
    likeness: Likeness, query: frozenset[str], title: frozenset[str], whole: frozenset[str]
) -> float:
    return TITLE_WEIGHT * likeness.share(query, title) + likeness.share(query, whole)


def _clear_best(scores: Sequence[float], items: Sequence[Item]) -> str | None:
    order = sorted(range(len(scores)), key=lambda index: -scores[index])
    if not order or scores[order[0]] < LEAST:
        return None
    second = scores[order[1]] if len(order) > 1 else 0.0
    return items[order[0]].key if scores[order[0]] - second >= MARGIN else None
