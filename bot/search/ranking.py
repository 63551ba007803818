"""Which items a query finds, the best first, each story once.

What few items match is ranked by where its words stand: title, headline, section, body; of equals
the newest come first, and within a day its own order stays. Where there are more than are counted
the newest come first, those that match by their titles before the others. That is the order of
ids, so that this stops early however many match.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, islice

from msgspec import Struct

from bot.search.days import Days
from bot.search.expression import Expression, expression, places, titles
from bot.search.frame import Frame
from bot.search.matching import ALWAYS, Span, first_matching, matching
from bot.search.query import Query

COUNTED = 2000

_REPEATS = 50


class Found(Struct, frozen=True):
    """Stories, each by its best item, the best first; with *more* there are more.

    *items* are those that match, the newest first; with *more* only the newest of them. *labels*
    tell which of them share a story.
    """

    stories: list[int]
    items: list[int]
    labels: Mapping[int, int]
    total: int
    more: bool = False

    def tellings(self, item: int) -> Iterator[int]:
        """Give the other items that tell the same story, the newest first."""
        story = self.labels.get(item)
        if story is not None:
            yield from (
                other for other in self.items if self.labels.get(other) == story and other != item
            )


def span(days: Days, since: date | None, until: date | None) -> Span:
    """Give the range of ids of the days from *since* to *until*."""
    return Span(days.first_item(until or date.max), days.last_item(since or date.min))


def find(
    connection: sqlite3.Connection, query: Query, span: Span, needed: int, frame: Frame
) -> Found:
    """Find the first *needed* stories; items with the same label are one."""
    most, labels = max(COUNTED, needed + _REPEATS), frame.labels
    items = first_matching(connection, expression(query), span, most + 1)
    if len(items) > most:
        best = matching(connection, titles(query), span)
        first = _stories(chain(best, items), labels)
        return Found(list(islice(first, needed)), items, labels, COUNTED, more=True)
    total = len({labels.get(item, item) for item in items})
    lists = _lists(connection, query, items)
    first = _stories(chain.from_iterable(lists), labels)
    return Found(list(islice(first, min(needed, total))), items, labels, total)


def _lists(
    connection: sqlite3.Connection, query: Query, items: list[int]
) -> Iterator[Iterable[int]]:
    """Give items by where the words stand, those of the best place first."""
    known = frozenset(items)

    def found(place: Expression) -> Iterator[int]:
        ids = matching(connection, place, Span(items[0], items[-1]))
        return filter(known.__contains__, ids)

    for place, *parts in places(query) if query.clauses and len(items) > 1 else ():
        # Mostly nothing stands there, and then its parts need not be asked for.
        all_there = list(found(place)) if parts else found(place)
        if all_there:
            yield from map(found, parts)
        yield all_there
    yield items


def count(connection: sqlite3.Connection, query: Query, most: int, span: Span = ALWAYS) -> int:
    """Count the items of some days that a query finds, up to a bound."""
    return len(first_matching(connection, expression(query), span, most))


def count_by_day(
    connection: sqlite3.Connection, query: Query, span: Span, days: Days
) -> dict[date, int]:
    """Count the items that a query finds on each day."""
    return by_day(matching(connection, expression(query), span), days)


def by_day(items: Iterable[int], days: Days) -> dict[date, int]:
    """Count items by their days."""
    counts = Counter(map(days.ordinal_of, items))
    return {date.fromordinal(day): count for day, count in counts.items()}


def _stories(items: Iterable[int], labels: Mapping[int, int]) -> Iterator[int]:
    """Give the best item of each story."""
    told: set[int] = set()
    for item in items:
        story = labels.get(item, item)
        if story not in told:
            told.add(story)
            yield item
