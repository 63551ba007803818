"""The file of the index: its tables, and whether what lies there can still be read."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
from zstandard import ZstdError

_APPLICATION_ID = 0x64676978
# Raise it when tables, pages or pieces of lists change: a file of another layout is made anew.
_LAYOUT = 8
# Until the new one is there, a file of these answers. Whoever raises the layout lets the former
# one be read as well, for as long as it may be met, and leaves a file of it with the tests.
READABLE = range(7, _LAYOUT + 1)

# The longest first: FTS5 spends two bytes less on each word of its first column, after whose text
# stand the topics and the source.
COLUMNS = ("body", "title", "headline", "section", "title_camel", "camel")

_TABLES = f"""
-- What the index was built with: a name, and its value
CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;

-- One row for each file of the archive, so that a warm start reads none that is unchanged
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    status TEXT NOT NULL,
    problems BLOB NOT NULL  -- msgpack
) WITHOUT ROWID;

-- One row for each file that is a digest
CREATE TABLE digests (
    number INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    published TEXT,  -- null: the author gave no instant
    title TEXT NOT NULL,
    status TEXT NOT NULL,
    cover TEXT,  -- null: it has none
    count INTEGER NOT NULL,  -- of its stories
    first INTEGER,  -- the id of its first story (days.py), the others follow; null: none yet
    keys BLOB  -- by what its stories are recognised when they are told again (tellings.py)
);
CREATE INDEX digests_by_id ON digests (id);
CREATE INDEX digests_by_day ON digests (day);
CREATE INDEX digests_by_first ON digests (first);

-- Apart from what lists of digests show: the whole digests, packed (packing.py)
CREATE TABLE bodies (number INTEGER PRIMARY KEY, body BLOB NOT NULL);

-- Of the items that share a story with others, which
CREATE TABLE stories (item INTEGER PRIMARY KEY, story INTEGER NOT NULL);

CREATE VIRTUAL TABLE words USING fts5 (
    {", ".join(COLUMNS)}, content = '', columnsize = 0, tokenize = "ascii tokenchars '+#'"
);
-- Pieces of lists three times as long as usual: each begins by writing a whole word again
INSERT INTO words (words, rank) VALUES ('pgsz', 12200);
-- Which stories hold the most common characters (common.py)
CREATE VIRTUAL TABLE characters USING fts5 (
    held, content = '', detail = none, columnsize = 0, tokenize = "ascii"
);
-- The index's own vocabulary: what may be suggested, and which topics there are
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row);
"""  # noqa: S608

_BESIDE = ("-wal", "-shm", "-journal")
_UNREADABLE = (ZstdError, zlib.error, ValueError, TypeError, LookupError, msgspec.DecodeError)
_OF_DAMAGE = (
    "no such table",
    "no such column",
    "vtable constructor failed",
    "Could not decode to UTF-8",
)


class ForeignFileError(Exception):
    """The path names a database that is something else."""


class _Unusable(sqlite3.DatabaseError):
    """The index was made by another version, or rows of it are not as they were written."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the index, or begin one where there is none; what it raises may be damage."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_new(path: Path) -> sqlite3.Connection:
    """Begin an index that nobody reads yet: what is cut off is thrown away, not mended."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = OFF")
    _create(connection)
    return connection


def begin_anew(path: Path) -> None:
    """Throw the index away, which can be made again from the archive, and begin an empty one."""
    discard(path)
    connect(path).close()


def discard(path: Path) -> None:
    """Throw an index away."""
    for suffix in ("", *_BESIDE):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def take_place(new: Path, path: Path) -> None:
    """Let a new index, which is on the disk, take the place of one that nobody has open."""
    for suffix in _BESIDE:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    new.replace(path)


def is_current(connection: sqlite3.Connection) -> bool:
    """Tell whether the index is laid out as a new one would be."""
    return _number(connection, "user_version") == _LAYOUT


def copy(path: Path, to: Path) -> None:
    """Copy the index as it is, which may be written meanwhile; what it raises may be damage."""
    with (
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(to)) as target,
    ):
        source.backup(target)


@contextmanager
def as_written() -> Iterator[None]:
    """Take rows that cannot be understood for damage, as SQLite takes its pages."""
    try:
        yield
    except _UNREADABLE as error:
        raise _Unusable(str(error)) from error


def is_damage(error: sqlite3.Error) -> bool:
    """Tell whether an error means that the file is no index, rather than that it is busy."""
    if isinstance(error, _Unusable):
        return True
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return True
    return str(error).startswith(_OF_DAMAGE)


def _prepare(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA busy_timeout = 10000")
    if _number(connection, "application_id") != _APPLICATION_ID:
        _create(connection)
    elif _number(connection, "user_version") not in READABLE:
        raise _Unusable
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -16000")
    connection.execute("SELECT rowid FROM words WHERE words MATCH 'a'").fetchone()


def _create(connection: sqlite3.Connection) -> None:
    if _number(connection, "schema_version"):
        # Somebody's database: the bot's own state, perhaps. It must not be thrown away.
        raise ForeignFileError("INDEX_PATH names a database that is no index: choose another path")
    # Most packed digests are a little longer than the usual page, and would take two.
    connection.execute("PRAGMA page_size = 2048")
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.executescript(
        f"BEGIN IMMEDIATE; PRAGMA application_id = {_APPLICATION_ID};"
        f"PRAGMA user_version = {_LAYOUT}; {_TABLES} COMMIT"
    )


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    value: int = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
    return value
