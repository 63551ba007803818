"""Files, digests and days as the index has them. Synchronous: a thread of its own runs it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Set
from datetime import date, datetime

import msgspec
from msgspec.structs import replace

from bot.model import Digest, DigestHead, Problem, Report, Stamp, Status
from bot.search.frame import Frames
from bot.search.packing import Packing
from bot.search.schema import as_written

_HEAD = "id, source, day, published, title, status"


class Reader:
    """Reads the index through a connection of its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._frames = Frames(connection)

    def stamps(self) -> dict[str, Stamp]:
        """Give the stamps of all files, by path."""
        rows = self._connection.execute("SELECT path, size, mtime_ns FROM files")
        return {row[0]: Stamp(*row) for row in rows}

    def reports(self, statuses: Set[Status]) -> list[Report]:
        """Give what is thought of files; digests come without headlines and items."""
        with self._frames.at_one_time() as frame:
            found = self._reports("files.status", statuses, frame.packing)
            return [_without_text(report) for report in found]

    def unseen(self, paths: Set[str]) -> Iterator[tuple[Stamp, Report]]:
        """Give what is known of files, with stamps by which they are read anew once they can be."""
        with self._frames.at_one_time() as frame:
            for report in self._reports("path", paths, frame.packing):
                yield Stamp(report.path, -1, 0), report

    def digest(self, id: str) -> Digest | None:
        """Find a digest by its id."""
        query = "SELECT body FROM digests JOIN bodies USING (number) WHERE id = ? ORDER BY path"
        with self._frames.at_one_time() as frame:
            row = self._connection.execute(query, (id,)).fetchone()
            return None if row is None else frame.packing.reread(row[0])

    def covers(self, ids: Set[str]) -> dict[str, str]:
        """Give the cover of each of these digests that has one."""
        rows = self._connection.execute(
            "SELECT id, cover FROM digests"
            " WHERE cover IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        return dict(rows.fetchall())

    def days(self, first: date, last: date) -> dict[date, list[DigestHead]]:
        """Give the digests of each day that has any."""
        days: dict[date, list[DigestHead]] = {}
        for head in self._heads(first, last):
            days.setdefault(head.day, []).append(head)
        return days

    def on(self, day: date) -> list[DigestHead]:
        """Give the digests of a day."""
        return self._heads(day, day)

    def latest_day(self, before: date | None = None) -> date | None:
        """Give the newest day that has a digest, of those before a day."""
        return self._day("SELECT max(day) FROM digests WHERE day < ?", before or date.max)

    def newest_day(self) -> date | None:
        """Give the newest day that has a digest with which nothing is wrong."""
        query = "SELECT max(day) FROM digests WHERE day < ? AND status = 'ready'"
        return self._day(query, date.max)

    def first_day(self, after: date | None = None) -> date | None:
        """Give the oldest day that has a digest, of those after a day."""
        return self._day("SELECT min(day) FROM digests WHERE day > ?", after or date.min)

    def ids(self) -> dict[str, str]:
        """Give the ids of all digests, by path."""
        return dict(self._connection.execute("SELECT path, id FROM digests").fetchall())

    def _reports(self, column: str, values: Set[str], packing: Packing) -> Iterator[Report]:
        rows = self._connection.execute(
            "SELECT files.path, files.status, problems, body FROM files"  # noqa: S608
            " LEFT JOIN digests USING (path) LEFT JOIN bodies USING (number)"
            f" WHERE {column} IN (SELECT value FROM json_each(?)) ORDER BY path",
            (json.dumps(list(values)),),
        )
        return (_report(packing, *row) for row in rows)

    @as_written()
    def _day(self, query: str, limit: date) -> date | None:
        day = self._connection.execute(query, (limit.isoformat(),)).fetchone()[0]
        return None if day is None else date.fromisoformat(day)

    def _heads(self, first: date, last: date) -> list[DigestHead]:
        rows = self._connection.execute(
            f"SELECT {_HEAD} FROM digests WHERE day BETWEEN ? AND ?"  # noqa: S608
            " ORDER BY day, source, published, path",
            (first.isoformat(), last.isoformat()),
        )
        return [_head(*row) for row in rows]


@as_written()
def _head(
    id: str,
    source: str,
    day: str,
    published: str | None,
    title: str,
    status: str,
) -> DigestHead:
    instant = datetime.fromisoformat(published) if published else None
    return DigestHead(id, source, date.fromisoformat(day), instant, title, Status(status))


@as_written()
def _report(
    packing: Packing, path: str, status: str, problems: bytes, body: bytes | None
) -> Report:
    digest = packing.reread(body) if body else None
    known = msgspec.msgpack.decode(problems, type=tuple[Problem, ...])
    return Report(path, Status(status), digest, known)


def _without_text(report: Report) -> Report:
    digest = report.digest and replace(report.digest, headlines=(), sections=())
    return replace(report, digest=digest)
