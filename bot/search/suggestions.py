"""Queries that find something, where the one that was typed finds nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import islice, product

from bot.search.pinyin import sounding_like
from bot.search.query import Query, Topics, parse
from bot.search.ranking import count
from bot.search.spelling import spellings
from bot.search.splitting import apart

_MOST = 3
_MOST_TRIES = 12
# Of more words than that it is not worth while to try which of them to drop.
_MANY_WORDS = 6
_MANY_CHARACTERS = 2
# Words that are met more often are not told apart: none of them is the one to drop.
_OFTEN = 500


def suggestions(
    connection: sqlite3.Connection, query: Query, text: str, topics: Topics
) -> tuple[str, ...]:
    """Give a few other queries: without what narrows, other spellings, then fewer words."""
    found: list[str] = []
    for tried, other in enumerate(_others(connection, query)):
        if len(found) == _MOST or tried == _MOST_TRIES:
            break
        if other not in (*found, text) and count(connection, parse(other, topics), most=1):
            found.append(other)
    return tuple(found)


def _others(connection: sqlite3.Connection, query: Query) -> Iterator[str]:
    words = _words(query)
    if words and query != Query(clauses=query.clauses, aliases=query.aliases):
        yield " ".join(words)
    if len(words) > _MANY_WORDS or sum(len(word) == 1 for word in words) > _MANY_CHARACTERS:
        yield from sorted(words, key=len, reverse=True)
        return
    often = [_occurs(connection, query, at) for at in range(len(words))]
    yield from _respelt(connection, words, often)
    if len(words) > 1:
        yield from _together(connection, words)
        # A letter or a digit alone says less than any word, however rare that is.
        rarest = sorted(range(len(words)), key=lambda at: (len(words[at]) > 1, often[at]))
        for drop in rarest:
            yield " ".join(word for at, word in enumerate(words) if at != drop)
        yield from (words[at] for at in reversed(rarest))


def _respelt(connection: sqlite3.Connection, words: list[str], often: list[int]) -> Iterator[str]:
    """Replace the words that never occur, all at once."""
    choices = [
        [word] if count else _spellings(connection, word) or [word]
        for word, count in zip(words, often, strict=True)
    ]
    yield from map(" ".join, islice(product(*choices), _MOST_TRIES // 2))


def _together(connection: sqlite3.Connection, words: list[str]) -> list[str]:
    """Write Latin words as one: lang chain, zhi pu."""
    word = "".join(words)
    return [word, *sounding_like(connection, word)] if word.isascii() and word.isalpha() else []


def _spellings(connection: sqlite3.Connection, word: str) -> list[str]:
    return sounding_like(connection, word) + spellings(connection, word) + apart(connection, word)


def _words(query: Query) -> list[str]:
    return [" OR ".join(term.text for term in clause) for clause in query.clauses]


def _occurs(connection: sqlite3.Connection, query: Query, clause: int) -> int:
    """Count up to a bound how often one clause is met."""
    return count(connection, Query(clauses=(query.clauses[clause],)), most=_OFTEN)
