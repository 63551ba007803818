"""Which items a query finds, the best first, each story once.

What few items match is ranked by where its words stand: title, headline, section, body; of equals
the newest come first, and within a day its own order stays. Where there are more than can be
ranked at once the newest come first, those that match by their titles before the others. The
order of ids is the order of time, so that this stops early however many match.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from bot.search.days import Days
from bot.search.expression import Expression, expression
from bot.search.frame import Frame
from bot.search.matching import ALWAYS, Span, matching
from bot.search.query import Query

COUNTED = 2000
RANKED = 1000
EVERYTHING = -1

# body, title, headline, section, title_camel, camel: so heavy that for bm25 a word occurs or does
# not, however long the text is and however often it does. Each of the places holds those before.
_TITLE = "0, 1e9, 0, 0, 1e9, 0"
_HEADLINE = "0, 1e9, 1e9, 0, 1e9, 0"
_SECTION = "0, 1e9, 1e9, 1e9, 1e9, 0"
_BODY = "1e9, 1e9, 1e9, 1e9, 1e9, 1e9"
_SCORED = (
    f"SELECT rowid, bm25(words, {_TITLE}), bm25(words, {_HEADLINE}),"  # noqa: S608
    f" bm25(words, {_SECTION}), bm25(words, {_BODY}) FROM words"
    " WHERE words MATCH ? AND rowid BETWEEN ? AND ?"
)
_REPEATS = 50


class Found(Struct, frozen=True):
    """Stories, each by its best item, the best first; with *more* there are more.

    *items* are all that match, *labels* tell which of them share a story.
    """

    stories: list[int]
    items: list[int]
    labels: Mapping[int, int]
    total: int
    more: bool = False

    def tellings(self, item: int) -> Iterator[int]:
        """Give the other items that tell the same story, the best first."""
        story = self.labels.get(item)
        if story is not None:
            yield from (
                other for other in self.items if self.labels.get(other) == story and other != item
            )


def span(days: Days, since: date | None, until: date | None) -> Span:
    """Give the range of ids of the days from *since* to *until*."""
    return Span(days.first_item(since or date.min), days.last_item(until or date.max))


def find(
    connection: sqlite3.Connection, query: Query, span: Span, needed: int, frame: Frame
) -> Found:
    """Find at least the first *needed* stories; items with the same label are one."""
    most, asked = max(COUNTED, needed + _REPEATS), expression(query)
    items = matching(connection, asked, span, most + 1)
    more = len(items) > most
    if len(items) > 1 and query.clauses:
        if len(items) <= RANKED and _can_be_scored(connection, asked, span):
            items = _by_score(connection, query, span, items, frame.days)
        else:
            items = _titles_first(connection, query, span, items)
    stories = list(_stories(items, frame.labels))
    return Found(stories, items, frame.labels, COUNTED if more else len(stories), more)


def _can_be_scored(connection: sqlite3.Connection, asked: Expression, span: Span) -> bool:
    """Tell whether few enough items match by the words that tell how well."""
    if not asked.telling:
        return False
    by_words = asked.by_words
    return by_words == asked or len(matching(connection, by_words, span, RANKED + 1)) <= RANKED


def _by_score(
    connection: sqlite3.Connection, query: Query, span: Span, items: list[int], days: Days
) -> list[int]:
    """Sort items by the best place of a word; there what was typed is before its translations."""
    scores = _scores(connection, query, span)
    typed = scores if query.as_typed == query else _scores(connection, query.as_typed, span)

    def rank(item: int) -> tuple[int, bool, float, int, int]:
        """Give what decides, the weightiest first."""
        place, _ = scores[item]
        _, score = typed.get(item, scores[item])
        return place, item not in typed, score, -days.ordinal_of(item), item

    return sorted(items, key=rank)


def _scores(
    connection: sqlite3.Connection, query: Query, span: Span
) -> dict[int, tuple[int, float]]:
    """Give the best place of a word and a score, of at least what matches; the better, the less."""
    words = expression(query).scored_words
    if not words:
        return {}
    found = connection.execute(_SCORED, (words, span.first, span.last))
    return {item: _score(places) for item, *places in found}


def _score(places: list[float]) -> tuple[int, float]:
    """Read the scores of the places: each holds those before, and is 0 where no word is."""
    title, headline, section, body = places
    return places.count(0), round(4 * title + 2 * headline + section + body, 6)


def _titles_first(
    connection: sqlite3.Connection, query: Query, span: Span, items: list[int]
) -> list[int]:
    if query.in_title:
        return items
    titles = matching(connection, expression(replace(query, in_title=True)), span, COUNTED)
    return list(dict.fromkeys([*titles, *items]))


def count(connection: sqlite3.Connection, query: Query, most: int = COUNTED) -> int:
    """Count the items of all days that a query finds, up to a bound."""
    return len(matching(connection, expression(query), ALWAYS, most))


def count_by_day(
    connection: sqlite3.Connection, query: Query, span: Span, days: Days
) -> dict[date, int]:
    """Count the items that a query finds on each day."""
    items = matching(connection, expression(query), span, EVERYTHING)
    counts = Counter(map(days.ordinal_of, items))
    return {date.fromordinal(day): count for day, count in counts.items()}


def _stories(items: Iterable[int], labels: Mapping[int, int]) -> Iterator[int]:
    """Give the best item of each story."""
    told: set[int] = set()
    for item in items:
        story = labels.get(item)
        if story is None:
            yield item
        elif story not in told:
            told.add(story)
            yield item
