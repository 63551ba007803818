"""Changes to the index, in one transaction each. Synchronous: a thread of its own runs it."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain, islice
from typing import Protocol, TypeVar
from unicodedata import unidata_version

from bot.model import Report, Stamp
from bot.search import stories, tokens
from bot.search.columns import Columns, columns
from bot.search.days import DayIsFullError, Days
from bot.search.entries import Entry
from bot.search.frame import days_of, state
from bot.search.lists import Lists
from bot.search.query import Topics
from bot.search.schema import as_written, is_current
from bot.search.shelf import Shelf
from bot.search.tellings import KEYS_BYTES, Tellings
from bot.text import normalise

# Raise it when the same digest gives other rows: an index of another version is built anew.
_ROWS = 4
# Digests whose words are listed together, while the lists are in the processor's own memory.
_AT_ONCE = 8

_Thing = TypeVar("_Thing")
_Made = TypeVar("_Made")


class Each(Protocol):
    """Does the same with each of many things, as `map` does, in their order."""

    def __call__(
        self, work: Callable[[_Thing], _Made], things: Iterable[_Thing], /
    ) -> Iterator[_Made]:
        """Begin, and give what is made of each."""


class Writer:
    """Writes the index through a connection of its own."""

    def __init__(self, connection: sqlite3.Connection, topics: Topics) -> None:
        self._connection = connection
        # It goes through the archive from end to end: what it wrote it rarely needs again.
        connection.execute("PRAGMA cache_size = -2000")
        self._topics = topics
        self._shelf = Shelf(connection)
        self._lists = Lists(connection)

    def is_stale(self) -> bool:
        """Tell whether the file is of a former layout, or has rows made by other rules."""
        if not is_current(self._connection):
            return True
        made_by = _fingerprint(self._topics)
        if not self._connection.execute("SELECT EXISTS (SELECT 1 FROM files)").fetchone()[0]:
            state(self._connection, "fingerprint", made_by)
        query = "SELECT value FROM facts WHERE name = 'fingerprint'"
        return bool(self._connection.execute(query).fetchone() != (made_by,))

    def apply(self, changed: Iterable[tuple[Stamp, Report]], removed: Iterable[str]) -> None:
        """Take in what changed and drop what is gone."""
        taken = list(changed)
        with self._transaction():
            for path in chain(removed, (stamp.path for stamp, _ in taken)):
                self._drop(path)
            for stamp, report in taken:
                self._shelf.keep(stamp, report)
            try:
                self._index_new()
            except DayIsFullError:
                self._index_all()

    def fill(self, everything: Iterable[tuple[Stamp, Report]], each: Each = map) -> None:
        """Put everything into a new index, and make it one that is read while it is written."""
        made_by = _fingerprint(self._topics)
        with self._transaction():
            self._shelf.fill(iter(everything))
            self._index_all(each)
            self._lists.optimise()
            state(self._connection, "fingerprint", made_by)
        # A script, because `execute` gives back one page only.
        self._connection.executescript("PRAGMA incremental_vacuum")
        # Later it would be refused while somebody else, who copies it perhaps, has it open.
        self._connection.execute("PRAGMA journal_mode = WAL")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._shelf.begin()
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        else:
            self._connection.execute("COMMIT")
        finally:
            self._shelf.forget()

    def _index_new(self) -> None:
        """Index those digests that are not yet, among those that are."""
        days = days_of(self._connection)
        for number in self._not_indexed():
            source, day = self._source_and_day(number)
            tellings = Tellings(self._connection, days, self._shelf.entries)
            tellings.look_around(days.first_item(day))
            rows = columns(self._shelf.entries(number), source)
            self._index([(number, rows)], days, tellings)

    def _index_all(self, each: Each = map) -> None:
        """Index all digests that are kept anew."""
        self._lists.clear()
        self._connection.execute("DELETE FROM stories")
        # As long as the keys will be: rows that grow in another order than they lie in leave gaps.
        query = "UPDATE digests SET first = NULL, keys = zeroblob(count * ?)"
        self._connection.execute(query, (KEYS_BYTES,))
        query = "SELECT sum(count) AS items FROM digests GROUP BY day ORDER BY items DESC"
        fullest = self._connection.execute(query).fetchone() or (0,)
        days = Days.for_most(fullest[0])
        state(self._connection, "bits", days.bits)
        tellings = Tellings(self._connection, days, self._shelf.entries)
        digests = self._not_indexed()
        with self._lists.gathering(len(digests)):
            told = ((self._shelf.entries(one), self._source_and_day(one)[0]) for one in digests)
            made = zip(digests, each(_columns, told), strict=True)
            while several := list(islice(made, _AT_ONCE)):
                self._index(several, days, tellings)

    def _not_indexed(self) -> Sequence[int]:
        """Give such digests in the order of ids, in which lists grow fastest."""
        query = "SELECT number FROM digests WHERE first IS NULL ORDER BY day DESC, path"
        return array("q", (number for (number,) in self._connection.execute(query)))

    @as_written()
    def _source_and_day(self, number: int) -> tuple[str, date]:
        query = "SELECT source, day FROM digests WHERE number = ?"
        source, day = self._connection.execute(query, (number,)).fetchone()
        return source, date.fromisoformat(day)

    def _index(
        self, digests: Iterable[tuple[int, list[Columns]]], days: Days, tellings: Tellings
    ) -> None:
        """Let the stories of digests be found."""
        numbered: list[tuple[int, Columns]] = []
        for number, rows in digests:
            _, day = self._source_and_day(number)
            first = self._room(days, day, len(rows))
            keys = tellings.take(number, first, (row.title for row in rows))
            query = "UPDATE digests SET first = ?, keys = ? WHERE number = ?"
            self._connection.execute(query, (first, keys, number))
            numbered += enumerate(rows, first)
        self._lists.add(numbered)

    def _room(self, days: Days, day: date, count: int) -> int:
        """Give the first of as many free ids of a day."""
        query = "SELECT max(first + count) FROM digests WHERE first BETWEEN ? AND ?"
        ids = days.first_item(day), days.last_item(day)
        first = int(self._connection.execute(query, ids).fetchone()[0] or ids[0])
        if first + count > ids[1] + 1:
            raise DayIsFullError
        return first

    def _drop(self, path: str) -> None:
        query = "SELECT number, source, first FROM digests WHERE path = ?"
        found = self._connection.execute(query, (path,)).fetchall()
        for number, source, first in found:
            told = self._shelf.entries(number)
            self._lists.delete(list(enumerate(columns(told, source), first)))
            items = first, first + len(told) - 1
            self._connection.execute("DELETE FROM stories WHERE item BETWEEN ? AND ?", items)
        self._shelf.drop(path, (row[0] for row in found))


def _columns(of: tuple[Sequence[Entry], str]) -> list[Columns]:
    return columns(*of)


def _fingerprint(topics: Topics) -> str:
    """Name all that decides what the rows of a digest are."""
    versions = (normalise.VERSION, tokens.VERSION, stories.VERSION, _ROWS)
    # By which characters are folded: another Python may know more of them.
    return f"{'.'.join(map(str, versions))}/{unidata_version}/{topics.digest}"
