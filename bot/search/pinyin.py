"""Chinese words of the archive that sound as a word was typed in Latin letters: zhipu → 智谱."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import pairwise, product

_MOST = 3
_MOST_SYLLABLES = 4
_LONGEST = 24


def sounding_like(connection: sqlite3.Connection, word: str) -> list[str]:
    """Give the words that sound like *word*, the most frequent first."""
    found: dict[str, int] = {}
    for syllables in _split(word.lower()) if len(word) <= _LONGEST else ():
        if len(syllables) > 1:
            found.update(_words(connection, syllables))
    return sorted(found, key=lambda text: (-found[text], text))[:_MOST]


def reads_as(text: str, word: str) -> bool:
    """Tell whether Chinese *text* is read as *word*, at least from its beginning."""
    if not word:
        return True
    return bool(text) and any(
        reads_as(text[1:], word[len(syllable) :])
        for syllable in _syllables().get(text[0], ())
        if word.startswith(syllable)
    )


def _words(connection: sqlite3.Connection, syllables: tuple[str, ...]) -> dict[str, int]:
    """Chain the pairs of the archive whose characters sound like neighbouring syllables."""
    pairs = [_pairs(connection, first, second) for first, second in pairwise(syllables)]
    words = pairs[0]
    for following in pairs[1:]:
        words = {
            word + pair[1]: min(words[word], following[pair])
            for word, pair in product(words, following)
            if word[-1] == pair[0]
        }
    return words


def _pairs(connection: sqlite3.Connection, first: str, second: str) -> dict[str, int]:
    """Give the pairs that occur, with in how many items."""
    wanted = frozenset(_characters()[second])
    query = "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ?"
    return {
        term: count
        for character in _characters()[first]
        for term, count in connection.execute(query, (character, chr(ord(character) + 1)))
        if term[1:] in wanted
    }


def _split(word: str) -> Iterator[tuple[str, ...]]:
    """Give all ways to read a word as syllables."""
    if word in _characters():
        yield (word,)
    for at in range(1, len(word)):
        if word[:at] in _characters():
            for rest in _split(word[at:]):
                if len(rest) < _MOST_SYLLABLES:
                    yield (word[:at], *rest)


@cache
def _characters() -> dict[str, str]:
    """Give the characters of each syllable; read only when nothing else was found."""
    table = resources.files(__package__).joinpath("pinyin.txt").read_text(encoding="utf-8")
    return dict(line.split("\t") for line in table.splitlines())


@cache
def _syllables() -> dict[str, list[str]]:
    """Give the syllables of each character."""
    syllables: dict[str, list[str]] = {}
    for syllable, characters in _characters().items():
        for character in characters:
            syllables.setdefault(character, []).append(syllable)
    return syllables
