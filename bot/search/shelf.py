"""The files and digests of the archive as the index keeps them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import chain, islice

import msgspec

from bot.model import Digest, Report, Stamp
from bot.search.entries import Entry, entries
from bot.search.frame import packing_of, state
from bot.search.packing import SAMPLES, Packing, dictionary_of
from bot.search.schema import as_written

# Of more digests than can all be at hand, two thirds as many are: ten sources' of the days in which
# a story may be told again, and those that wait for what is made of them elsewhere.
_AT_HAND, _OF_MORE = 300, 200


class Shelf:
    """Keeps digests, packed, and has the entries of some at hand."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._packing = Packing()
        self._at_hand: dict[int, tuple[Entry, ...]] = {}
        self._room = _AT_HAND

    def begin(self) -> None:
        """See how the digests that are there are packed."""
        self._packing = packing_of(self._connection)

    def forget(self) -> None:
        """Have nothing at hand: other rows may be there next time."""
        self._at_hand.clear()
        self._room = _AT_HAND

    def fill(self, everything: Iterator[tuple[Stamp, Report]]) -> None:
        """Keep all, packed by what the first of them share."""
        samples = list(islice(everything, SAMPLES))
        dictionary = dictionary_of(report.digest for _, report in samples if report.digest)
        state(self._connection, "dictionary", dictionary)
        self.begin()
        for stamp, report in chain(samples, everything):
            self.keep(stamp, report)

    def keep(self, stamp: Stamp, report: Report) -> None:
        """Keep a file and its digest, if it has one."""
        self._connection.execute(
            "INSERT INTO files (path, size, mtime_ns, status, problems) VALUES (?, ?, ?, ?, ?)",
            (
                *msgspec.structs.astuple(stamp),
                report.status,
                msgspec.msgpack.encode(report.problems),
            ),
        )
        if report.digest:
            self._keep_digest(stamp.path, report, report.digest)

    def drop(self, path: str, numbers: Iterable[int]) -> None:
        """Remove a file and its digests."""
        self._connection.execute("DELETE FROM files WHERE path = ?", (path,))
        for number in numbers:
            self._connection.execute("DELETE FROM digests WHERE number = ?", (number,))
            self._connection.execute("DELETE FROM bodies WHERE number = ?", (number,))
            self._at_hand.pop(number, None)

    def entries(self, number: int) -> tuple[Entry, ...]:
        """Give what can be found of a digest."""
        if number not in self._at_hand:
            query = "SELECT body FROM bodies WHERE number = ?"
            with as_written():
                [(body,)] = self._connection.execute(query, (number,))
            self._remember(number, entries(self._packing.unpack(body)))
        return self._at_hand[number]

    def _keep_digest(self, path: str, report: Report, digest: Digest) -> None:
        told = entries(digest)
        cursor = self._connection.execute(
            "INSERT INTO digests (path, id, source, day, published, title, status, cover, count)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                path,
                digest.id,
                digest.source,
                digest.day.isoformat(),
                digest.published.isoformat() if digest.published else None,
                digest.title,
                report.status,
                digest.cover,
                len(told),
            ),
        )
        number = int(cursor.lastrowid or 0)
        query = "INSERT INTO bodies (number, body) VALUES (?, ?)"
        self._connection.execute(query, (number, self._packing.pack(digest)))
        self._remember(number, told)

    def _remember(self, number: int, told: tuple[Entry, ...]) -> None:
        self._at_hand[number] = told
        if len(self._at_hand) > self._room:
            self._room = _OF_MORE
        while len(self._at_hand) > self._room:
            del self._at_hand[next(iter(self._at_hand))]
