"""Which items a query finds, the best first, each story once.

What few items match is ranked by bm25, softened by age; where there are more than can be ranked
at once the newest come first, those that match by their titles before the others. The order of
ids is the order of time, so that this stops early however many match.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from bot.search.days import first_item, last_item, ordinal_of
from bot.search.expression import expression
from bot.search.query import Query

RANKED = 2000
EVERYTHING = -1

# body, title, headline, section, title_camel, camel, facets
_WEIGHTS = "1.0, 8.0, 4.0, 2.0, 4.0, 0.5, 0.0"
_MATCHING = "words MATCH ? AND words.rowid BETWEEN ? AND ?"
_SOME = f"SELECT rowid FROM words WHERE {_MATCHING} ORDER BY rowid DESC LIMIT ?"  # noqa: S608
_SCORED = f"SELECT rowid, bm25(words, {_WEIGHTS}) FROM words WHERE {_MATCHING}"  # noqa: S608
_FRESHNESS = 0.25
_FADING_DAYS = 90
_REPEATS = 50


class Found(Struct, frozen=True):
    """Stories, the best first, each as the ids of its items; with *more* there are more."""

    stories: tuple[tuple[int, ...], ...]
    total: int
    more: bool = False


class Span(Struct, frozen=True):
    """A range of ids of items."""

    first: int
    last: int


def span(since: date | None, until: date | None) -> Span:
    """Give the range of ids of the days from *since* to *until*."""
    return Span(first_item(since or date.min), last_item(until or date.max))


def find(
    connection: sqlite3.Connection,
    query: Query,
    span: Span,
    needed: int,
    labels: Mapping[int, int],
) -> Found:
    """Find at least the first *needed* stories; items with the same label are one."""
    most = max(RANKED, needed + _REPEATS)
    items = _ids(connection, query, span, most + 1)
    if len(items) > RANKED:
        stories = _stories(_titles_first(connection, query, span, items), labels)
        return Found(stories, RANKED if len(items) > most else len(stories), more=len(items) > most)
    if query.clauses and len(items) > 1:
        items = _by_score(connection, query, span)
    stories = _stories(items, labels)
    return Found(stories, len(stories))


def _ids(connection: sqlite3.Connection, query: Query, span: Span, limit: int) -> list[int]:
    rows = connection.execute(_SOME, (expression(query), span.first, span.last, limit))
    return [row[0] for row in rows]


def _by_score(connection: sqlite3.Connection, query: Query, span: Span) -> list[int]:
    scored = connection.execute(_SCORED, (expression(query), span.first, span.last)).fetchall()
    newest = max((ordinal_of(item) for item, _ in scored), default=0)

    def rank(row: tuple[int, float]) -> tuple[float, int]:
        item, score = row
        age = newest - ordinal_of(item)
        return score * (1 + _FRESHNESS / (1 + age / _FADING_DAYS)), -item

    return [item for item, _ in sorted(scored, key=rank)]


def _titles_first(
    connection: sqlite3.Connection, query: Query, span: Span, items: list[int]
) -> Iterable[int]:
    if not query.clauses or query.in_title:
        return items
    titles = _ids(connection, replace(query, in_title=True), span, RANKED)
    return dict.fromkeys([*titles, *items])


def count(connection: sqlite3.Connection, query: Query, most: int = RANKED) -> int:
    """Count the items that a query finds, up to a bound."""
    return len(_ids(connection, query, span(query.since, query.until), most))


def count_by_day(connection: sqlite3.Connection, query: Query, span: Span) -> dict[date, int]:
    """Count the items that a query finds on each day."""
    days = Counter(map(ordinal_of, _ids(connection, query, span, EVERYTHING)))
    return {date.fromordinal(day): count for day, count in days.items()}


def _stories(items: Iterable[int], labels: Mapping[int, int]) -> tuple[tuple[int, ...], ...]:
    """Group the items that tell one story, at the place of the best."""
    stories: dict[int, list[int]] = {}
    for item in items:
        stories.setdefault(labels.get(item, item), []).append(item)
    return tuple(map(tuple, stories.values()))
