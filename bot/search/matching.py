"""Asks the lists of the index for what an expression matches, the newest first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import chain

from msgspec import Struct
from msgspec.json import Decoder

from bot.search.common import EVERY
from bot.search.expression import Expression


class Span(Struct, frozen=True):
    """A range of ids of items."""

    first: int
    last: int


ALWAYS = Span(0, 1 << 62)
_IDS = Decoder(list[int])


class _List(Struct, frozen=True):
    """Items of one full-text table.

    *how* it goes with the lists before it is a word of SQL, which takes them from left to right.
    """

    how: str
    table: str
    match: str

    @property
    def select(self) -> str:
        """Write it as SQL, which binds the match and the range."""
        return (
            f"SELECT rowid FROM {self.table}"  # noqa: S608
            f" WHERE {self.table} MATCH ? AND rowid BETWEEN ? AND ?"
        )


def matching(connection: sqlite3.Connection, asked: Expression, span: Span) -> Iterator[int]:
    """Give the ids of the items that match, the newest first; lists are read only as needed."""
    return chain.from_iterable(connection.execute(*_written(asked, span)))


def first_matching(
    connection: sqlite3.Connection, asked: Expression, span: Span, most: int
) -> list[int]:
    """Give the ids of the newest items that match, at most so many.

    They come as one value: as rows they would take as long again as it takes to find them.
    """
    query, values = _written(asked, span)
    together = f"SELECT json_group_array(rowid) FROM ({query} LIMIT ?)"  # noqa: S608
    (ids,) = connection.execute(together, (*values, most)).fetchone()
    return _IDS.decode(ids)


def _written(asked: Expression, span: Span) -> tuple[str, list[str | int]]:
    lists = [*_either(asked), *_wanted(asked), *_unwanted(asked)]
    first, *others = lists
    query = " ".join([first.select, *(f"{each.how} {each.select}" for each in others)])
    values = [value for each in lists for value in (each.match, span.first, span.last)]
    return f"{query} ORDER BY 1", values


def _either(asked: Expression) -> Iterator[_List]:
    if asked.either_words:
        yield _List("UNION", "words", asked.either_words)
        yield _List("UNION", "characters", asked.either_characters)


def _wanted(asked: Expression) -> Iterator[_List]:
    if asked.words:
        yield _List("INTERSECT", "words", asked.found_words)
    if asked.characters or not (asked.words or asked.either_words):
        yield _List("INTERSECT", "characters", asked.characters or EVERY)


def _unwanted(asked: Expression) -> Iterator[_List]:
    if asked.unwanted_words and not asked.words:
        yield _List("EXCEPT", "words", asked.unwanted_words)
    if asked.unwanted_characters:
        yield _List("EXCEPT", "characters", asked.unwanted_characters)
