"""Chinese words of the archive that sound as a word was typed: zhipu, 智普 → 智谱."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from heapq import nlargest
from importlib import resources
from itertools import product
from sys import maxsize

from bot.search.vocabulary import Vocabulary, most_frequent
from bot.text.normalise import normalise

# Of each syllable, the most common characters, and of each beginning, the most frequent ones.
_MOST_CHARACTERS = 60
_MOST_BEGINNINGS = 12
_MOST_SYLLABLES = 4
_LONGEST_SYLLABLE = 6
_RARE = b"\xd8"


def sounding_like(vocabulary: Vocabulary, word: str) -> list[str]:
    """Give the words that sound like *word*, the most frequent first."""
    word = normalise(word)
    found: dict[str, int] = {}
    for places in _places(word):
        if len(places) > 1:
            found.update(_words(vocabulary, places))
    found.pop(word, None)
    return most_frequent(found)


def reads_as(text: str, word: str) -> bool:
    """Tell whether Chinese *text* sounds like *word*, at least from its beginning."""
    if not word:
        return True
    if not word.isascii():
        return len(text) >= len(word) and all(map(_sound_alike, word, text))
    return bool(text) and any(
        reads_as(text[1:], word[len(syllable) :])
        for syllable in _syllables_of(text[0])
        if word.startswith(syllable)
    )


def _places(word: str) -> Iterator[list[str]]:
    """Read a word of letters or characters: give which characters may stand at each place.

    Of characters that were typed one may be another that sounds like it.
    """
    if not word.isascii():
        for at, character in enumerate(word if len(word) <= _MOST_SYLLABLES else ""):
            yield [*word[:at], _common(_syllables_of(character)), *word[at + 1 :]]
    else:
        for syllables in _split(word):
            yield [_common([syllable]) for syllable in syllables]


def _words(vocabulary: Vocabulary, places: list[str]) -> dict[str, int]:
    """Chain the pairs of the archive whose characters may stand next to each other."""
    words = dict.fromkeys(places[0], maxsize)
    for place in places[1:]:
        ends = dict.fromkeys(word[-1] for word in words)
        pairs = vocabulary.counts(map("".join, product(ends, place)))
        longer = {
            word + pair[1]: min(often, count)
            for word, often in words.items()
            for pair, count in pairs.items()
            if word[-1] == pair[0]
        }
        kept = nlargest(_MOST_BEGINNINGS, longer, key=longer.__getitem__)
        words = {word: longer[word] for word in kept}
    return words


def _split(word: str, most: int = _MOST_SYLLABLES) -> Iterator[tuple[str, ...]]:
    """Give all ways to read a word as at most so many syllables."""
    if word in _characters():
        yield (word,)
    for at in range(1, min(len(word), _LONGEST_SYLLABLE + 1) if most > 1 else 0):
        if word[:at] in _characters():
            for rest in _split(word[at:], most - 1):
                yield (word[:at], *rest)


@cache
def _characters() -> dict[str, str]:
    """Give the characters of each syllable; read only when nothing else was found."""
    table = resources.files(__package__).joinpath("pinyin.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in table.splitlines())
    return {syllable: _common_first(characters) for syllable, characters in pairs}


def _common_first(characters: str) -> str:
    """GB 2312 puts the 3,755 characters that are written most before the others."""
    return "".join(sorted(characters, key=lambda character: character.encode("gb2312") >= _RARE))


@cache
def _syllables() -> dict[str, list[str]]:
    """Give the syllables of each character."""
    syllables: dict[str, list[str]] = {}
    for syllable, characters in _characters().items():
        for character in characters:
            syllables.setdefault(character, []).append(syllable)
    return syllables


def _syllables_of(character: str) -> list[str]:
    return _syllables().get(character, [])


def _sound_alike(one: str, other: str) -> bool:
    return not set(_syllables_of(one)).isdisjoint(_syllables_of(other))


def _common(syllables: Iterable[str]) -> str:
    """Give the most common characters of some syllables."""
    return "".join(_characters()[syllable][:_MOST_CHARACTERS] for syllable in syllables)
