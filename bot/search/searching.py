"""Answers to what is searched. Synchronous: a thread of its own runs it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from itertools import islice
from types import MappingProxyType

from msgspec.structs import replace

from bot.model import Also, Digest, Hit, Results
from bot.search.entries import Entry, entry_at
from bot.search.expression import topic_of, topic_token
from bot.search.frame import Frame, Frames
from bot.search.parsing import parse
from bot.search.phrases import Phrase
from bot.search.query import Query, Topics
from bot.search.ranking import Found, by_day, count, count_by_day, find, span
from bot.search.roundup import roundup
from bot.search.schema import as_written
from bot.search.snippets import snippet
from bot.search.suggestions import suggestions
from bot.search.topic_names import near_topics
from bot.search.vocabulary import Vocabulary

# By whose topics a search can be narrowed, and which topics go with one; each has to be read.
_FIRST_STORIES = 5
_FIRST_ITEMS = 100
# Each has to be counted in the whole archive.
_MOST_RELATED = 24


class Searcher:
    """Searches the index through a connection of its own."""

    def __init__(self, connection: sqlite3.Connection, topics: Topics) -> None:
        self._connection = connection
        self._topics = topics
        self._frames = Frames(connection)

    def search(
        self,
        text: str,
        narrowed: Query,
        *,
        limit: int,
        offset: int,
        fold: bool,
        today: date | None = None,
        titles: Mapping[str, str] = MappingProxyType({}),
    ) -> Results:
        """Answer whatever was typed, within what *narrowed* says besides."""
        read = partial(parse, topics=self._topics, today=today, titles=titles)
        query = _both(read(text), narrowed)
        if query.is_empty:
            return Results(0)
        with self._frames.at_one_time() as frame:
            found = self._find(query, offset + limit, frame if fold else replace(frame, labels={}))
            if found.total:
                topics = self._topics_of(found.stories[:_FIRST_STORIES], frame)
                return self._page(found, query, frame, limit, offset, [*topics])
            finds = partial(self._finds, read=read, narrowed=narrowed, frame=frame)
            others = suggestions(self._connection, text, self._topics, read, finds)
            return Results(0, suggestions=others)

    def _finds(
        self, text: str, read: Callable[[str], Query], narrowed: Query, frame: Frame
    ) -> bool:
        """Tell whether anything is found for other words than were typed."""
        asked = read(text)
        query = _both(asked, narrowed)
        days = span(frame.days, query.since, query.until)
        return not asked.is_empty and bool(count(self._connection, query, 1, days))

    def _find(self, query: Query, needed: int, frame: Frame) -> Found:
        days = span(frame.days, query.since, query.until)
        return find(self._connection, query, days, needed, frame)

    def _page(
        self, found: Found, query: Query, frame: Frame, limit: int, offset: int, topics: list[str]
    ) -> Results:
        page = found.stories[offset : offset + limit]
        return Results(
            total=found.total,
            hits=self._hits([(item, *found.tellings(item)) for item in page], query, frame),
            more=found.more,
            topics=tuple(topics),
            newest=date.fromordinal(frame.days.ordinal_of(found.items[0])),
        )

    def _topics_of(self, items: list[int], frame: Frame) -> dict[str, int]:
        """Count the topics that some of the items carry, but not all; the most frequent first."""
        places = (self._place(item, frame) for item in items)
        told = (item for digest, place in places for item in digest.items[place : place + 1])
        topics = Counter(topic for item in told for topic in item.topics)
        return {topic: count for topic, count in topics.most_common() if count < len(items)}

    @as_written()
    def _related(self, items: list[int], frame: Frame) -> list[str]:
        """Give the topics that go with items, those first that seldom go with others."""
        often = dict(islice(self._topics_of(items, frame).items(), _MOST_RELATED))
        told = Vocabulary(self._connection).counts(map(topic_token, often))
        # What stands beside them once may do so by chance.
        share = {topic: n * (n - 1) / told[topic_token(topic)] for topic, n in often.items()}
        return sorted(often, key=lambda topic: -share[topic])

    def topics_by_day(self, first: date) -> dict[str, dict[date, int]]:
        """Count the items of each topic and those below it on each day that has any."""
        query = "SELECT rowid FROM words WHERE words MATCH ? AND rowid <= ?"
        topics = "SELECT term FROM vocabulary WHERE term >= '0t' AND term < '0u'"
        with self._frames.at_one_time() as frame:
            last = frame.days.last_item(first)
            items = {
                topic_of(token): set(self._connection.execute(query, (f'"{token}"', last)))
                for (token,) in self._connection.execute(topics).fetchall()
            }
        families = {topic: self._topics.family(topic) for topic in self._topics.names}
        told = {
            topic: set[tuple[int]]().union(*(items.get(each, ()) for each in family))
            for topic, family in families.items()
        }
        return {
            topic: by_day((item for (item,) in found), frame.days)
            for topic, found in told.items()
            if found
        }

    def topic_days(self, topic: str, first: date, last: date) -> dict[date, int]:
        """Count the items of a topic and those below it on each day that has any."""
        query = Query(topics=(self._topics.family(topic) or (topic,),))
        with self._frames.at_one_time() as frame:
            days = span(frame.days, first, last)
            return count_by_day(self._connection, query, days, frame.days)

    def topic_items(self, topic: str, *, limit: int, offset: int) -> Results:
        """Give the items of a topic and those below it, the newest first."""
        query = Query(topics=(self._topics.family(topic) or (topic,),))
        with self._frames.at_one_time() as frame:
            found = self._find(query, offset + limit, frame)
            if found.total:
                topics = self._related(found.items[:_FIRST_ITEMS], frame)
                return self._page(found, query, frame, limit, offset, topics)
            return Results(0, suggestions=near_topics(self._connection, topic, self._topics))

    def roundup(self, first: date, last: date, *, limit: int, offset: int) -> Results:
        """Give the stories of some days, those that most digests tell first."""
        with self._frames.at_one_time() as frame:
            stories = roundup(self._connection, frame, first, last)
            page = self._hits(stories[offset : offset + limit], Query(), frame)
        return Results(len(stories), page)

    def _hits(
        self, stories: Iterable[tuple[int, ...]], query: Query, frame: Frame
    ) -> tuple[Hit, ...]:
        phrases = query.phrases
        return tuple(self._hit(items, phrases, frame) for items in stories)

    def _hit(self, items: tuple[int, ...], phrases: tuple[Phrase, ...], frame: Frame) -> Hit:
        digest, entry = self._entry(items[0], frame)
        return Hit(
            digest_id=digest.id,
            source=digest.source,
            day=digest.day,
            digest_title=digest.title,
            section=entry.section,
            item_key=entry.key,
            title=entry.name,
            url=entry.url,
            snippet=snippet((entry.body, entry.headline), phrases),
            topics=entry.topics,
            also_on=tuple(self._also(item, frame) for item in items[1:]),
        )

    def _also(self, item: int, frame: Frame) -> Also:
        digest, entry = self._entry(item, frame)
        return Also(digest.id, digest.source, digest.day, entry.key)

    def _entry(self, item: int, frame: Frame) -> tuple[Digest, Entry]:
        digest, place = self._place(item, frame)
        with as_written():
            return digest, entry_at(digest, place)

    def _place(self, item: int, frame: Frame) -> tuple[Digest, int]:
        """Find the digest of an item, and which of its entries it is."""
        query = (
            "SELECT first, body FROM digests JOIN bodies USING (number)"
            " WHERE first <= ? AND count > 0 ORDER BY first DESC LIMIT 1"
        )
        with as_written():
            [(first, body)] = self._connection.execute(query, (item,))
            return frame.packing.reread(body), item - first


def _both(query: Query, narrowed: Query) -> Query:
    """Ask for what both ask for; *narrowed* has only topics and days."""
    since = [day for day in (query.since, narrowed.since) if day]
    until = [day for day in (query.until, narrowed.until) if day]
    return replace(
        query,
        topics=query.topics + narrowed.topics,
        since=max(since, default=None),
        until=min(until, default=None),
    )
