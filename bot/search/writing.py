"""Changes to the index, in one transaction each. Synchronous: a thread of its own runs it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain, islice

import msgspec

from bot.model import Digest, Report, Stamp
from bot.search import stories, tokens
from bot.search.days import DayIsFullError, Days
from bot.search.entries import Entry, columns, entries
from bot.search.frame import days_of, packing_of
from bot.search.packing import SAMPLES, Packing, dictionary_of
from bot.search.query import Topics
from bot.search.schema import COLUMNS
from bot.search.tellings import Tellings
from bot.text import normalise

# Raise it when the same digest gives other rows: an index of another version is built anew.
_ROWS = 2
# How much FTS5 gathers before it writes, in bytes: its own megabyte makes it merge all the time.
_GATHERED = 16 << 20
_USUALLY_GATHERED = 1 << 20
# Ten sources' digests of the days in which a story may be told again.
_NEAR_DIGESTS = 300

_COLUMNS = ", ".join(COLUMNS)
_VALUES = ", ".join("?" * len(COLUMNS))
_INSERT_WORDS = f"INSERT INTO words (rowid, {_COLUMNS}) VALUES (?, {_VALUES})"  # noqa: S608
_DELETE_WORDS = f"INSERT INTO words (words, rowid, {_COLUMNS}) VALUES ('delete', ?, {_VALUES})"  # noqa: S608
_INSERT_CHARACTERS = "INSERT INTO characters (rowid, held) VALUES (?, ?)"
_DELETE_CHARACTERS = "INSERT INTO characters (characters, rowid, held) VALUES ('delete', ?, ?)"
_FULL_TEXT = ("words", "characters")


class Writer:
    """Writes the index through a connection of its own."""

    def __init__(self, connection: sqlite3.Connection, topics: Topics) -> None:
        self._connection = connection
        self._topics = topics
        self._known: dict[int, tuple[Entry, ...]] = {}
        self._packing = Packing()

    def is_stale(self) -> bool:
        """Tell whether there are rows that were made by other rules than today's."""
        if not self._connection.execute("SELECT EXISTS (SELECT 1 FROM files)").fetchone()[0]:
            self._state("fingerprint", _fingerprint(self._topics))
        query = "SELECT value FROM facts WHERE name = 'fingerprint'"
        return bool(self._connection.execute(query).fetchone() != (_fingerprint(self._topics),))

    def apply(self, changed: Iterable[tuple[Stamp, Report]], removed: Iterable[str]) -> None:
        """Take in what changed and drop what is gone."""
        taken = list(changed)
        with self._transaction():
            for path in chain(removed, (stamp.path for stamp, _ in taken)):
                self._drop(path)
            kept = [self._keep(stamp, report) for stamp, report in taken]
            try:
                self._index_some(filter(None, kept))
            except DayIsFullError:
                self._clear_index()
                self._index_all()

    def rebuild(self, everything: Iterable[tuple[Stamp, Report]]) -> None:
        """Replace all; readers see the old rows until the last new one is there."""
        made_by = _fingerprint(self._topics)
        with self._transaction():
            self._clear()
            self._keep_all(iter(everything))
            self._index_all()
            self._command("optimize")
            self._state("fingerprint", made_by)
        self._give_back()

    def _clear(self) -> None:
        self._clear_index()
        for table in ("files", "digests", "bodies"):
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608

    def _clear_index(self) -> None:
        self._command("delete-all")
        self._connection.execute("DELETE FROM stories")
        self._connection.execute("UPDATE digests SET first = NULL, keys = NULL")

    def _keep_all(self, everything: Iterator[tuple[Stamp, Report]]) -> None:
        samples = list(islice(everything, SAMPLES))
        dictionary = dictionary_of(report.digest for _, report in samples if report.digest)
        self._state("dictionary", dictionary)
        self._packing = Packing(dictionary)
        for stamp, report in chain(samples, everything):
            self._keep(stamp, report)

    def _index_some(self, numbers: Iterable[int]) -> None:
        """Index some digests among those that are there."""
        days = days_of(self._connection)
        for number in numbers:
            tellings = Tellings(self._connection, days, self._entries)
            tellings.look_around(days.first_item(self._day(number)))
            self._index(number, days, tellings)

    def _day(self, number: int) -> date:
        query = "SELECT day FROM digests WHERE number = ?"
        return date.fromisoformat(self._connection.execute(query, (number,)).fetchone()[0])

    def _index_all(self) -> None:
        """Index the digests that are kept, the oldest first."""
        query = "SELECT sum(count) AS items FROM digests GROUP BY day ORDER BY items DESC"
        fullest = self._connection.execute(query).fetchone() or (0,)
        days = Days.for_most(fullest[0])
        self._state("bits", days.bits)
        tellings = Tellings(self._connection, days, self._entries)
        query = "SELECT number FROM digests ORDER BY day, path"
        with self._gathering():
            for (number,) in self._connection.execute(query).fetchall():
                self._index(number, days, tellings)

    def _command(self, name: str) -> None:
        for table in _FULL_TEXT:
            self._connection.execute(f"INSERT INTO {table} ({table}) VALUES (?)", (name,))  # noqa: S608

    @contextmanager
    def _gathering(self) -> Iterator[None]:
        """Write much at once."""
        self._gather(_GATHERED)
        try:
            yield
        finally:
            self._gather(_USUALLY_GATHERED)

    def _gather(self, size: int) -> None:
        for table in _FULL_TEXT:
            query = f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', ?)"  # noqa: S608
            self._connection.execute(query, (size,))

    def _give_back(self) -> None:
        """Return to the disk what the old rows and the writing took."""
        # A script, because `execute` gives back one page only.
        self._connection.executescript("PRAGMA incremental_vacuum")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _state(self, name: str, value: str | bytes | int) -> None:
        query = "INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)"
        self._connection.execute(query, (name, value))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            self._packing = packing_of(self._connection)
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        else:
            self._connection.execute("COMMIT")
        finally:
            self._known.clear()

    def _keep(self, stamp: Stamp, report: Report) -> int | None:
        """Write down a file, and give the number of its digest if it has one."""
        self._connection.execute(
            "INSERT INTO files (path, size, mtime_ns, status, problems) VALUES (?, ?, ?, ?, ?)",
            (
                *msgspec.structs.astuple(stamp),
                report.status,
                msgspec.msgpack.encode(report.problems),
            ),
        )
        if report.digest is None:
            return None
        return self._keep_digest(stamp.path, report, report.digest)

    def _keep_digest(self, path: str, report: Report, digest: Digest) -> int:
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
        self._remember(number, told)
        query = "INSERT INTO bodies (number, body) VALUES (?, ?)"
        self._connection.execute(query, (number, self._packing.pack(digest)))
        return number

    def _index(self, number: int, days: Days, tellings: Tellings) -> None:
        """Let the stories of a digest be found."""
        query = "SELECT source, day, count FROM digests WHERE number = ?"
        source, day, count = self._connection.execute(query, (number,)).fetchone()
        first = self._room(days, date.fromisoformat(day), count)
        self._list(_INSERT_WORDS, _INSERT_CHARACTERS, number, source, first)
        keys = tellings.take(number, first)
        query = "UPDATE digests SET first = ?, keys = ? WHERE number = ?"
        self._connection.execute(query, (first, keys, number))

    def _list(self, words: str, characters: str, number: int, source: str, first: int) -> None:
        """Enter the stories of a digest into both full-text tables, or delete them again."""
        rows = [columns(entry, source) for entry in self._entries(number)]
        items = range(first, first + len(rows))
        self._connection.executemany(
            words, ((item, *row[:-1]) for item, row in zip(items, rows, strict=True))
        )
        self._connection.executemany(
            characters, ((item, row[-1]) for item, row in zip(items, rows, strict=True))
        )

    def _room(self, days: Days, day: date, count: int) -> int:
        """Give the first of as many free ids of a day."""
        query = "SELECT max(first + count) FROM digests WHERE first BETWEEN ? AND ?"
        ids = days.first_item(day), days.last_item(day)
        first = int(self._connection.execute(query, ids).fetchone()[0] or ids[0])
        if first + count > ids[1] + 1:
            raise DayIsFullError
        return first

    def _entries(self, number: int) -> tuple[Entry, ...]:
        if number not in self._known:
            query = "SELECT body FROM bodies WHERE number = ?"
            body = self._connection.execute(query, (number,)).fetchone()[0]
            self._remember(number, entries(self._packing.unpack(body)))
        return self._known[number]

    def _remember(self, number: int, told: tuple[Entry, ...]) -> None:
        if len(self._known) == _NEAR_DIGESTS:
            del self._known[next(iter(self._known))]
        self._known[number] = told

    def _drop(self, path: str) -> None:
        """Remove a file's rows; the index's words can only be deleted by naming them again."""
        self._connection.execute("DELETE FROM files WHERE path = ?", (path,))
        query = "SELECT number, source, first FROM digests WHERE path = ?"
        for number, source, first in self._connection.execute(query, (path,)).fetchall():
            self._list(_DELETE_WORDS, _DELETE_CHARACTERS, number, source, first)
            last = first + len(self._entries(number)) - 1
            query = "DELETE FROM stories WHERE item BETWEEN ? AND ?"
            self._connection.execute(query, (first, last))
            self._connection.execute("DELETE FROM digests WHERE number = ?", (number,))
            self._connection.execute("DELETE FROM bodies WHERE number = ?", (number,))
            del self._known[number]


def _fingerprint(topics: Topics) -> str:
    """Name all that decides what the rows of a digest are."""
    versions = (normalise.VERSION, tokens.VERSION, stories.VERSION, _ROWS)
    return f"{'.'.join(map(str, versions))}/{topics.digest}"
