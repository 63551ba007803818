"""Finds the item that each headline announces."""

from __future__ import annotations

from collections.abc import Sequence

from bot.digests.likeness import Terms, Weights, share
from bot.digests.plain import blocks_text
from bot.model import Item
from bot.text.normalise import normalise

LEAST = 0.40
MARGIN = 0.06
TITLE_WEIGHT = 0.6
# What an item is about is said at its beginning.
BEGINNING = 600


def matches(headlines: Sequence[str], items: Sequence[Item]) -> list[str | None]:
    """Give each headline the key of its item, or None where none is clearly meant."""
    terms = Terms(map(normalise, headlines))
    candidates = []
    for item in items:
        body = blocks_text(item.body)
        if not _repeats(body, headlines):
            title = terms.within(normalise(item.title))
            candidates.append((item, title, title | terms.within(normalise(body[:BEGINNING]))))
    weights = Weights(whole for _, _, whole in candidates)
    found: list[str | None] = []
    for query in map(weights.shares, terms.queries):
        scores = [
            TITLE_WEIGHT * share(query, title) + share(query, whole)
            for _, title, whole in candidates
        ]
        found.append(_clear_best(scores, [item for item, _, _ in candidates]))
    return found


def _repeats(text: str, headlines: Sequence[str]) -> bool:
    """Tell whether an item is the list of headlines itself."""
    return len(headlines) > 1 and all(headline in text for headline in headlines)


def _clear_best(scores: Sequence[float], items: Sequence[Item]) -> str | None:
    """Choose the best; of several that tell the same story, the first; the only one anyway."""
    if len(items) == 1:
        return items[0].key
    order = sorted(range(len(scores)), key=lambda index: -scores[index])
    if not order or scores[order[0]] < LEAST:
        return None
    best = items[order[0]]
    near = [index for index in order if scores[order[0]] - scores[index] < MARGIN]
    if any(items[index].url != best.url or not best.url for index in near[1:]):
        return None
    return items[min(near)].key
