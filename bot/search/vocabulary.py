"""Which words the index has, and in how many stories each stands."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from itertools import islice

from bot.search.phrases import Phrase

# Each takes some microseconds, and a query of many words may sound like very many others.
_MOST = 4000
# Each takes as long as a hundred words, and a headline has no more characters.
_MOST_PHRASES = 40
_OFFERED = 3


class Vocabulary:
    """Looks up words, up to a bound in all: what is asked for beyond is taken for unknown."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._left = _MOST
        self._phrases_left = _MOST_PHRASES

    def counts(self, words: Iterable[str]) -> dict[str, int]:
        """Give the words that the index has, with in how many stories each stands."""
        asked = list(islice(words, self._left))
        self._left -= len(asked)
        # Named one by one: to go through all that a character begins counts the items of each.
        query = "SELECT term, doc FROM vocabulary WHERE term IN (SELECT value FROM json_each(?))"
        return dict(self._connection.execute(query, (json.dumps(asked),)).fetchall())

    def has(self, phrase: Phrase) -> bool:
        """Tell whether a phrase stands anywhere."""
        if not self._phrases_left:
            return False
        self._phrases_left -= 1
        query = "SELECT rowid FROM words WHERE words MATCH ? LIMIT 1"
        match = f'"{" ".join(phrase.words)}"'
        return self._connection.execute(query, (match,)).fetchone() is not None


def most_frequent(counts: Mapping[str, int]) -> list[str]:
    """Give the few words that are worth to be offered, of those that the index has."""
    return sorted(counts, key=lambda word: (-counts[word], word))[:_OFFERED]
