"""Chinese words of the archive that sound as a word was typed: zhipu, 智普 → 智谱."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache
from importlib import resources
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
    """Read a word of letters or characters: give which characters may stand at each place."""
    if not word.isascii():
        if len(word) <= _MOST_SYLLABLES:
            yield list(map(_sounding_like, word))
    elif len(word) <= _LONGEST:
        for syllables in _split(word):
            yield [_characters()[syllable] for syllable in syllables]


def _words(connection: sqlite3.Connection, places: list[str]) -> dict[str, int]:
    """Chain the pairs of the archive whose characters may stand next to each other."""
    words = dict.fromkeys(places[0], maxsize)
    for place in places[1:]:
        words = {
            word + character: min(often, count)
            for word, often in words.items()
            for character, count in _following(connection, word[-1], place)
        }
    return words


def _following(
    connection: sqlite3.Connection, character: str, wanted: str
) -> Iterator[tuple[str, int]]:
    """Give which of the *wanted* characters follow one in the archive, with in how many items."""
    query = "SELECT term, doc FROM vocabulary WHERE term >= ? AND term < ?"
    for term, count in connection.execute(query, (character, chr(ord(character) + 1))):
        if len(term) > 1 and term[1] in wanted:
            yield term[1], count


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
