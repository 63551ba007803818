"""Finds the item that each headline announces."""

from __future__ import annotations

from collections.abc import Sequence

from bot.digests.likeness import Likeness, Terms
from bot.digests.told import Told
from bot.model import Item
from bot.text.normalise import normalise_each

LEAST = 0.40
MARGIN = 0.06
TITLE_WEIGHT = 0.6
# What an item is about is said at its beginning.
BEGINNING = 600


def matches(headlines: Sequence[str], told: Sequence[Told]) -> list[str | None]:
    """Give each headline the key of its item, or None where none is clearly meant."""
    told = [one for one in told if not _repeats(one.body, headlines)]
    terms = Terms(normalise_each(headlines))
    titles = [terms.within(one.folded_title) for one in told]
    beginnings = (terms.within(one.folded_body[:BEGINNING]) for one in told)
    wholes = [title | beginning for title, beginning in zip(titles, beginnings, strict=True)]
    likeness = Likeness(titles, wholes, TITLE_WEIGHT)
    items = [one.item for one in told]
    return [_clear_best(likeness.to(query), items) for query in terms.queries]


def _repeats(text: str, headlines: Sequence[str]) -> bool:
    """Tell whether an item is the list of headlines itself."""
    return len(headlines) > 1 and all(headline in text for headline in headlines)


def _clear_best(scores: Sequence[float], items: Sequence[Item]) -> str | None:
    """Choose the best; of several that tell the same story, the first; the only one anyway."""
    if len(items) == 1:
        return items[0].key
    most = max(scores, default=0)
    if most < LEAST:
        return None
    near = [item for item, score in zip(items, scores, strict=True) if most - score < MARGIN]
    urls = {item.url for item in near}
    return near[0].key if len(near) == 1 or (len(urls) == 1 and near[0].url) else None
