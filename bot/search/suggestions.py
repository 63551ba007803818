"""Queries that find something, where the one that was typed finds nothing."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, islice, product
from typing import TypeAlias

from bot.search.expression import Clause
from bot.search.phrases import word_parts
from bot.search.pinyin import sounding_like
from bot.search.query import Query, Term, Topics
from bot.search.ranking import count
from bot.search.spelling import spellings
from bot.search.splitting import apart, cut
from bot.search.topic_names import near_topics
from bot.search.vocabulary import Vocabulary
from bot.text.asking import about, at_any_time, within
from bot.text.normalise import normalise
from bot.text.pieces import Piece, pieces

_Finds: TypeAlias = Callable[[str], bool]

# 3 days ago
_LONGEST_DAYS = 3
# Nobody writes a sentence for it.
_LONGEST_PARTED = 16
_WORD_OR_YEAR = re.compile(r"[^\W\d_]|\d{4}")
_MOST = 3
_MOST_TRIES = 12
# Of more words than that it is not worth while to try which of them to drop.
_MANY_WORDS = 6
_MANY_CHARACTERS = 2
# Words that are met more often are not told apart: none of them is the one to drop.
_OFTEN = 500


def suggestions(
    connection: sqlite3.Connection,
    text: str,
    topics: Topics,
    read: Callable[[str], Query],
    finds: _Finds,
) -> tuple[str, ...]:
    """Give a few other queries: topics that were meant, fewer filters, other or fewer words."""
    others = chain(_within_days(text, read), _others(connection, text, topics, read(text), finds))
    tried = islice(_each_once(others, text), _MOST_TRIES)
    return tuple(islice(filter(finds, tried), _MOST))


def _each_once(others: Iterable[str], text: str) -> Iterator[str]:
    known = {normalise(text)}
    for other in others:
        folded = normalise(other)
        # A character alone says nothing.
        if len(other) > 1 and folded not in known:
            known.add(folded)
            yield other


def _within_days(text: str, read: Callable[[str], Query]) -> Iterator[str]:
    """Take words that name a day, a week or a month for one: OpenAI 上周, OpenAI last week."""
    typed = list(pieces(text))
    said = [piece.text for piece in typed]
    for start, end in combinations(range(min(len(typed), _MANY_WORDS) + 1), 2):
        days = within(" ".join(piece.value for piece in typed[start:end]))
        if _may_be_days(typed[start:end]) and read(days).since:
            yield " ".join([*said[:start], days, *said[end:]])
    for place, piece in enumerate(typed[:_MANY_WORDS]):
        for words, days in _parted(piece, read):
            yield " ".join([*said[:place], words, days, *said[place + 1 :]])


def _parted(piece: Piece, read: Callable[[str], Query]) -> Iterator[tuple[str, str]]:
    """Part words from days with which they were written together: 机器人上周, 上周机器人."""
    value = piece.text
    if piece.key or piece.minus or piece.quoted or value.isascii() or len(value) > _LONGEST_PARTED:
        return
    for at in range(1, len(value)):
        for named, words in ((value[at:], value[:at]), (value[:at], value[at:])):
            days = within(named)
            if _WORD_OR_YEAR.search(named) and read(days).since:
                yield words, days


def _may_be_days(said: Sequence[Piece]) -> bool:
    """Tell what may name days from what narrows already, and from versions."""
    if len(said) > _LONGEST_DAYS or any(piece.key or piece.minus for piece in said):
        return False
    return any(_WORD_OR_YEAR.search(piece.value) for piece in said)


def _others(
    connection: sqlite3.Connection, text: str, topics: Topics, query: Query, finds: _Finds
) -> Iterator[str]:
    yield from _about_topics(connection, text, topics)
    if query.since or query.until:
        yield at_any_time(text)
        yield from _about_topics(connection, at_any_time(text), topics)
    words = list(map(_text, query.clauses))
    if query != Query(clauses=query.clauses, aliases=query.aliases):
        yield " ".join(words)
    yield from (piece.text for piece in pieces(text) if piece.topic and not piece.minus)
    yield " ".join(words).replace('"', "")
    yield from _in_other_words(connection, topics, query.clauses, finds)


def _in_other_words(
    connection: sqlite3.Connection, topics: Topics, clauses: Sequence[Clause], finds: _Finds
) -> Iterator[str]:
    """Correct the words that never occur, cut them into what does occur, then leave some out."""
    words = list(map(_text, clauses))
    if _are_many(words):
        yield from _as_many([word for word in words if len(word) > 1], finds)
        yield from sorted(words, key=_weight, reverse=True)
        return
    vocabulary = Vocabulary(connection)
    often = dict(zip(words, (_occurs(connection, clause) for clause in clauses), strict=True))
    yield from _together(vocabulary, words)
    yield from _respelt(vocabulary, topics, often)
    parts = _cut(connection, vocabulary, often)
    yield from _respelt(vocabulary, topics, parts) if parts != often else ()
    yield from _as_many(parts, finds)
    for word, times in often.items():
        yield from () if times else _named(topics, word)
    yield from _fewer(parts)


def _are_many(words: Collection[str]) -> bool:
    return len(words) > _MANY_WORDS or sum(len(word) == 1 for word in words) > _MANY_CHARACTERS


def _as_many(words: Iterable[str], finds: _Finds) -> Iterator[str]:
    """Give as many of the words as are found together, what says most before the others."""
    kept: list[str] = []
    for word in sorted(words, key=_weight, reverse=True)[:_MOST_TRIES]:
        if finds(" ".join([*kept, word])):
            kept.append(word)
    yield " ".join(word for word in words if word in kept)


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


def _respelt(vocabulary: Vocabulary, topics: Topics, often: Mapping[str, int]) -> Iterator[str]:
    """Replace the words that never occur, all at once."""
    choices = [
        [word] if times else list(_instead(vocabulary, topics, word)) or [word]
        for word, times in often.items()
    ]
    yield from map(" ".join, islice(product(*choices), _MOST_TRIES // 2))


def _cut(
    connection: sqlite3.Connection, vocabulary: Vocabulary, often: Mapping[str, int]
) -> dict[str, int]:
    """Cut the words that never occur into parts, and count those."""
    parts: dict[str, int] = {}
    for word, times in often.items():
        cuts = (part for one in _alternatives(word) for part in cut(vocabulary, one))
        for part in [word] if times else dict.fromkeys(cuts):
            parts[part] = times or _occurs(connection, (Term(part, word_parts(part)),))
    return parts


def _fewer(often: Mapping[str, int]) -> Iterator[str]:
    """Leave each word out, and then all others."""
    # A letter or a digit alone says less than any word, however rare that is.
    rarest = sorted(often, key=lambda word: (len(word) > 1, often[word]))
    if len(often) <= _MANY_WORDS:
        for drop in rarest:
            yield " ".join(word for word in often if word != drop)
    yield from reversed(rarest)


def _together(vocabulary: Vocabulary, words: list[str]) -> list[str]:
    """Write Latin words as one: lang chain, zhi pu."""
    word = "".join(words)
    if len(words) < 2 or not (word.isascii() and word.isalpha()):
        return []
    return [word, *sounding_like(vocabulary, word)]


def _alternatives(word: str) -> list[str]:
    """Give the words of which one is enough, or the one word."""
    said = list(pieces(word))
    if not any(piece.is_either for piece in said):
        return [word]
    return [piece.text for piece in said if not piece.is_either]


def _instead(vocabulary: Vocabulary, topics: Topics, word: str) -> Iterator[str]:
    alternatives = _alternatives(word)
    if len(alternatives) > 1:
        yield " OR ".join(next(_instead(vocabulary, topics, one), one) for one in alternatives)
        return
    if named := _named(topics, word):
        yield " ".join(named)
    for guess in (sounding_like, spellings, apart):
        yield from guess(vocabulary, word)


def _named(topics: Topics, words: str) -> list[str]:
    """Give the topics that are named in words, or in a sentence without blanks."""
    return [] if topics.resolve(words) else list(map(about, topics.find(words)))


def _weight(word: str) -> int:
    """Tell how much a word says: a Chinese character as much as three letters."""
    return len(word.encode(errors="replace"))


def _text(clause: Clause) -> str:
    return " OR ".join(term.text for term in clause)


def _occurs(connection: sqlite3.Connection, clause: Clause) -> int:
    """Count up to a bound how often one clause is met."""
    return count(connection, Query(clauses=(clause,)), most=_OFTEN)
