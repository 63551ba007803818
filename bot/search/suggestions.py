"""Queries that find something, where the one that was typed finds nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice, product

from bot.search.expression import Clause
from bot.search.phrases import Phrase
from bot.search.pinyin import sounding_like
from bot.search.query import Query, Term, Topics
from bot.search.ranking import count
from bot.search.spelling import spellings
from bot.search.splitting import apart
from bot.search.topic_names import near_topics
from bot.search.vocabulary import Vocabulary
from bot.text.asking import about, at_any_time
from bot.text.normalise import normalise
from bot.text.pieces import pieces

_MOST = 3
_MOST_TRIES = 12
# Of more words than that it is not worth while to try which of them to drop.
_MANY_WORDS = 6
_MANY_CHARACTERS = 2
# Words that are met more often are not told apart: none of them is the one to drop.
_OFTEN = 500


def suggestions(
    connection: sqlite3.Connection, text: str, topics: Topics, read: Callable[[str], Query]
) -> tuple[str, ...]:
    """Give a few other queries: topics that were meant, fewer filters, other or fewer words."""
    found: list[str] = []
    known = {normalise(text)}
    tried = islice(_others(connection, text, topics, read(text)), _MOST_TRIES)
    for other in tried:
        folded = normalise(other)
        # A character alone says nothing.
        if len(other) > 1 and folded not in known and _finds(connection, read(other)):
            found.append(other)
            known.add(folded)
        if len(found) == _MOST:
            break
    return tuple(found)


def _others(
    connection: sqlite3.Connection, text: str, topics: Topics, query: Query
) -> Iterator[str]:
    yield from _about_topics(connection, text, topics)
    if query.since or query.until:
        yield at_any_time(text)
    if query != Query(clauses=query.clauses, aliases=query.aliases):
        yield " ".join(map(_text, query.clauses))
    yield from (piece.text for piece in pieces(text) if piece.topic and not piece.minus)
    clauses = _apart(query.clauses)
    words = list(map(_text, clauses))
    yield " ".join(words).replace('"', "")
    if len(words) > _MANY_WORDS or sum(len(word) == 1 for word in words) > _MANY_CHARACTERS:
        yield from sorted(words, key=len, reverse=True)
        return
    vocabulary = Vocabulary(connection)
    often = [_occurs(connection, clause) for clause in clauses]
    yield from _together(vocabulary, words)
    yield from _respelt(vocabulary, topics, words, often)
    for word, times in zip(words, often, strict=True):
        yield from () if times else _named(topics, word)
    yield from _fewer(words, often) if len(words) > 1 else ()


def _about_topics(connection: sqlite3.Connection, text: str, topics: Topics) -> Iterator[str]:
    """Replace a topic that there is not by those that are nearly called so."""
    typed = list(pieces(text))
    said = [piece.text for piece in typed]
    for at, piece in enumerate(typed):
        if piece.topic and topics.resolve(piece.topic) is None:
            for topic in near_topics(connection, piece.topic, topics)[:_MOST]:
                said[at] = "-" * piece.minus + about(topic)
                yield " ".join(said)
            return


def _respelt(
    vocabulary: Vocabulary, topics: Topics, words: list[str], often: list[int]
) -> Iterator[str]:
    """Replace the words that never occur, all at once."""
    choices = [
        [word] if count else list(_instead(vocabulary, topics, word)) or [word]
        for word, count in zip(words, often, strict=True)
    ]
    yield from map(" ".join, islice(product(*choices), _MOST_TRIES // 2))


def _fewer(words: list[str], often: list[int]) -> Iterator[str]:
    """Leave each word out, and then all others."""
    # A letter or a digit alone says less than any word, however rare that is.
    rarest = sorted(range(len(words)), key=lambda at: (len(words[at]) > 1, often[at]))
    for drop in rarest:
        yield " ".join(word for at, word in enumerate(words) if at != drop)
    yield from (words[at] for at in reversed(rarest))


def _together(vocabulary: Vocabulary, words: list[str]) -> list[str]:
    """Write Latin words as one: lang chain, zhi pu."""
    word = "".join(words)
    if len(words) < 2 or not (word.isascii() and word.isalpha()):
        return []
    return [word, *sounding_like(vocabulary, word)]


def _instead(vocabulary: Vocabulary, topics: Topics, word: str) -> Iterator[str]:
    if named := _named(topics, word):
        yield " ".join(named)
    for guess in (sounding_like, spellings, apart):
        yield from guess(vocabulary, word)


def _named(topics: Topics, words: str) -> list[str]:
    """Give the topics that are named in words, or in a sentence without blanks."""
    return [] if topics.resolve(words) else list(map(about, topics.find(words)))


def _finds(connection: sqlite3.Connection, query: Query) -> bool:
    return not query.is_empty and bool(count(connection, query, most=1))


def _text(clause: Clause) -> str:
    return " OR ".join(term.text for term in clause)


def _apart(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Give each of the words where all was typed as one: 智谱GLM, deepseekv3, or in quotes."""
    if list(map(len, clauses)) != [1]:
        return clauses
    atoms = [atom for part in clauses[0][0].parts for atom in part[0].atoms]
    return tuple((Term(atom[1], ((Phrase((atom,)),),)),) for atom in dict.fromkeys(atoms))


def _occurs(connection: sqlite3.Connection, clause: Clause) -> int:
    """Count up to a bound how often one clause is met."""
    return count(connection, Query(clauses=(clause,)), most=_OFTEN)
