"""Changes to the index, in one transaction each. Synchronous: a thread of its own runs it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from secrets import randbits

import msgspec

from bot.model import Digest, Report, Stamp
from bot.search import stories, tokens
from bot.search.days import DAY_BITS, first_item, last_item
from bot.search.entries import Entry, entries, words
from bot.search.packing import pack, unpack
from bot.search.query import Topics
from bot.search.schema import COLUMNS
from bot.text import normalise

# Raise it when the same digest gives other rows: an index of another version is built anew.
_ROWS = 1
_CANDIDATES = 4
# How much FTS5 gathers before it writes, in bytes: its own megabyte makes it merge all the time.
_GATHERED = 16 << 20
_USUALLY_GATHERED = 1 << 20
# Ten sources' digests of the days in which a story may be told again.
_NEAR_DIGESTS = 300

_COLUMNS = ", ".join(COLUMNS)
_VALUES = ", ".join("?" * len(COLUMNS))
_INSERT_WORDS = f"INSERT INTO words (rowid, {_COLUMNS}) VALUES (?, {_VALUES})"  # noqa: S608
_DELETE_WORDS = f"INSERT INTO words (words, rowid, {_COLUMNS}) VALUES ('delete', ?, {_VALUES})"  # noqa: S608


def fingerprint(topics: Topics) -> str:
    """Name all that decides what the rows of a digest are."""
    versions = (normalise.VERSION, tokens.VERSION, stories.VERSION, _ROWS)
    return f"{'.'.join(map(str, versions))}/{topics.digest}"


class Writer:
    """Writes the index through a connection of its own."""

    def __init__(self, connection: sqlite3.Connection, fingerprint: str) -> None:
        self._connection = connection
        self._fingerprint = fingerprint
        self._entries = lru_cache(_NEAR_DIGESTS)(self._read_entries)
        # While all is made anew: the keys that items have; of any others there is no candidate.
        self._seen: set[int] | None = None

    def is_stale(self) -> bool:
        """Tell whether there are rows that were made by other rules than today's."""
        if not self._connection.execute("SELECT EXISTS (SELECT 1 FROM files)").fetchone()[0]:
            self._sign()
        query = "SELECT value FROM facts WHERE name = 'fingerprint'"
        return bool(self._connection.execute(query).fetchone() != (self._fingerprint,))

    def apply(self, changed: Iterable[tuple[Stamp, Report]], removed: Iterable[str]) -> None:
        """Take in what changed and drop what is gone."""
        with self._transaction():
            for path in removed:
                self._drop(path)
            for stamp, report in changed:
                self._drop(stamp.path)
                self._take(stamp, report)

    def rebuild(self, everything: Iterable[tuple[Stamp, Report]]) -> None:
        """Replace all; readers see the old rows until the last new one is there."""
        with self._transaction():
            self._connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
            for table in ("files", "digests", "items"):
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608
            with self._from_nothing():
                for stamp, report in everything:
                    self._take(stamp, report)
            self._connection.execute("INSERT INTO words (words) VALUES ('optimize')")
            self._sign()
        self._give_back()

    @contextmanager
    def _from_nothing(self) -> Iterator[None]:
        """Write much at once, knowing all that is there."""
        self._seen = set()
        self._gather(_GATHERED)
        try:
            yield
        finally:
            self._gather(_USUALLY_GATHERED)
            self._seen = None

    def _gather(self, size: int) -> None:
        query = "INSERT INTO words (words, rank) VALUES ('hashsize', ?)"
        self._connection.execute(query, (size,))

    def _give_back(self) -> None:
        """Return to the disk what the old rows and the writing took."""
        # A script, because `execute` gives back one page only.
        self._connection.executescript("PRAGMA incremental_vacuum")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _sign(self) -> None:
        query = "INSERT OR REPLACE INTO facts (name, value) VALUES ('fingerprint', ?)"
        self._connection.execute(query, (self._fingerprint,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        else:
            self._connection.execute("COMMIT")
        finally:
            self._entries.cache_clear()

    def _take(self, stamp: Stamp, report: Report) -> None:
        self._connection.execute(
            "INSERT INTO files (path, size, mtime_ns, status, problems) VALUES (?, ?, ?, ?, ?)",
            (
                *msgspec.structs.astuple(stamp),
                report.status,
                msgspec.msgpack.encode(report.problems),
            ),
        )
        if report.digest is not None:
            self._take_digest(stamp.path, report, report.digest)

    def _take_digest(self, path: str, report: Report, digest: Digest) -> None:
        first = self._next_item(digest)
        number: int = self._connection.execute(
            "INSERT INTO digests"
            " (path, id, source, day, published, title, status, cover, first, body)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
            (
                path,
                digest.id,
                digest.source,
                digest.day.isoformat(),
                digest.published.isoformat() if digest.published else None,
                digest.title,
                report.status,
                digest.cover,
                first,
                pack(digest),
            ),
        ).fetchone()[0]
        for place, entry in enumerate(entries(digest)):
            self._take_entry(first + place, number, place, entry, digest)

    def _take_entry(self, item: int, number: int, place: int, entry: Entry, digest: Digest) -> None:
        keys = stories.keys(entry)
        story = self._story(item, number, entry, keys)
        self._connection.execute(
            "INSERT INTO items (id, digest, place, story, url_key, title_key)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (item, number, place, story, keys.url, keys.title),
        )
        self._connection.execute(_INSERT_WORDS, (item, *words(entry, digest.source)))
        if self._seen is not None:
            self._seen.update(key for key in (keys.url, keys.title) if key is not None)

    def _next_item(self, digest: Digest) -> int:
        """Give the first free id of the day."""
        query = "SELECT max(id) FROM items WHERE id BETWEEN ? AND ?"
        days = first_item(digest.day), last_item(digest.day)
        last = self._connection.execute(query, days).fetchone()[0]
        return days[0] if last is None else int(last) + 1

    def _story(self, item: int, number: int, entry: Entry, keys: stories.Keys) -> int | None:
        """Find the story that *entry* tells once more."""
        for column, key in (("url_key", keys.url), ("title_key", keys.title)):
            if key is None or self._is_new(key):
                continue
            for other, digest, place, story in self._candidates(column, key, item, number):
                if stories.same_story(entry, self._entries(digest)[place]):
                    return story or self._begin_story(other)
        return None

    def _is_new(self, key: int) -> bool:
        return self._seen is not None and key not in self._seen

    def _candidates(
        self, column: str, key: int, item: int, number: int
    ) -> list[tuple[int, int, int, int | None]]:
        """Give the items near in time that share a key, of other digests."""
        window = stories.NEAR_DAYS << DAY_BITS
        return self._connection.execute(
            "SELECT id, digest, place, story FROM items"  # noqa: S608
            f" WHERE {column} = ? AND id BETWEEN ? AND ? AND digest != ? ORDER BY id DESC LIMIT ?",
            (key, item - window, item + window, number, _CANDIDATES),
        ).fetchall()

    def _begin_story(self, item: int) -> int:
        # Drawn by chance: ids are used again, and two stories must never share a label.
        label = randbits(62)
        self._connection.execute("UPDATE items SET story = ? WHERE id = ?", (label, item))
        return label

    def _read_entries(self, number: int) -> tuple[Entry, ...]:
        query = "SELECT body FROM digests WHERE number = ?"
        body = self._connection.execute(query, (number,)).fetchone()[0]
        return entries(unpack(body))

    def _drop(self, path: str) -> None:
        """Remove a file's rows; the index's words can only be deleted by naming them again."""
        self._connection.execute("DELETE FROM files WHERE path = ?", (path,))
        query = "SELECT number, source, first FROM digests WHERE path = ?"
        for number, source, first in self._connection.execute(query, (path,)).fetchall():
            for place, entry in enumerate(self._entries(number)):
                item = first + place
                self._connection.execute(_DELETE_WORDS, (item, *words(entry, source)))
                self._connection.execute("DELETE FROM items WHERE id = ?", (item,))
            self._connection.execute("DELETE FROM digests WHERE number = ?", (number,))
            self._entries.cache_clear()
