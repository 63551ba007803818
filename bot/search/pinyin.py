"""Chinese words of the archive that sound as a word was typed: zhipu, 智普 → 智谱."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from itertools import product
from operator import contains
from sys import maxsize

from bot.text.normalise import normalise

_MOST = 3
_MOST_SYLLABLES = 4
_LONGEST = 24


def sounding_like(connection: sqlite3.Connection, word: str) -> list[str]:
    """Give the words that sound like *word*, the most frequent first."""
    word = normalise(word)
    found: dict[str, int] = {}
    for places in _places(word):
        if len(places) > 1:
            found.update(_words(connection, places))
    found.pop(word, None)
    return sorted(found, key=lambda text: (-found[text], text))[:_MOST]


def reads_as(text: str, word: str) -> bool:
    """Tell whether Chinese *text* sounds like *word*, at least from its beginning."""
    if not word:
        return True
    if not word.isascii():
        return len(text) >= len(word) and all(map(contains, map(_sounding_like, word), text))
    return bool(text) and any(
        reads_as(text[1:], word[len(syllable) :])
        for syllable in _syllables().get(text[0], ())
        if word.startswith(syllable)
    )


def _places(word: str) -> Iterator[list[str]]:
    """Read a word of letters or characters: give which characters may stand at each place.

    Of characters that were typed one may be another that sounds like it.
    """
    if not word.isascii():
        for at, character in enumerate(word if len(word) <= _MOST_SYLLABLES else ""):
            yield [*word[:at], _sounding_like(character), *word[at + 1 :]]
    elif len(word) <= _LONGEST:
        for syllables in _split(word):
            yield [_characters()[syllable] for syllable in syllables]


def _words(connection: sqlite3.Connection, places: list[str]) -> dict[str, int]:
    """Chain the pairs of the archive whose characters may stand next to each other."""
    words = dict.fromkeys(places[0], maxsize)
    for place in places[1:]:
        pairs = _pairs(connection, {word[-1] for word in words}, place)
        words = {
            word + pair[1]: min(often, count)
            for word, often in words.items()
            for pair, count in pairs.items()
            if word[-1] == pair[0]
        }
    return words


def _pairs(connection: sqlite3.Connection, first: Iterable[str], second: str) -> dict[str, int]:
    """Give the pairs of the archive, with in how many items they stand."""
    # Named one by one: to go through all that a character begins counts the items of each.
    asked = json.dumps(list(map("".join, product(first, second))))
    query = "SELECT term, doc FROM vocabulary WHERE term IN (SELECT value FROM json_each(?))"
    return dict(connection.execute(query, (asked,)).fetchall())


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


def _sounding_like(character: str) -> str:
    """Give the characters that share a syllable with one."""
    return "".join(_characters()[syllable] for syllable in _syllables().get(character, ()))
