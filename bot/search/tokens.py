"""Split text into the words that the index holds: CJK by pairs, letters and digits apart. Pure.

A CJK run ABC becomes ``AB BC C``, so that any part of it is found as a phrase; ``GLM-4.7``
becomes ``glm 4 7``; ``c++``, ``c#`` and each emoji are words of their own. Two numbers next to each
other, such as 4.7, are a word besides: apart each is frequent.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from operator import add
from sys import maxsize
from typing import NamedTuple

import regex

from bot.text.normalise import normalise

# Raise it when the same text gives other words: an index of another version is built anew.
VERSION = 3

_LONGEST_WORD = 64
# Stands for a border within a name, or for a run; it folds to a blank.
_MARK = "\0"
# Each character takes as much room.
_CODES = "utf-32-le"
# Scripts without spaces between words: these are found by any part.
_CJK = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff"  # Thai, Lao, Myanmar, Hangul, Khmer
    "\u3005-\u3007\u3040-\u30ff\u3100-\u318f\u31a0-\u31bf\u31f0-\u31ff"  # Kana, Bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_LETTER = rf"[^\W\d_{_CJK}]"
_SPECIAL = rf"(?<!{_LETTER})[a-z](?:\+\+|\#)"
_SYMBOL = r"[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff]"
_ATOM = re.compile(
    rf"(?P<CJK>[{_CJK}]+)|(?P<SPECIAL>{_SPECIAL})|(?P<WORD>{_LETTER}+)|(?P<DIGITS>\d+)"
    rf"|(?P<SYMBOL>{_SYMBOL})"
)
_WITHIN = re.compile(rf"(?<={_LETTER}){_LETTER}|(?<=\d)\d")
_RUN = re.compile(f"([{_CJK}][{_CJK}]*+)")
# Between two runs, which are told apart by _MARK: nothing there is CJK, and words are met whole.
_BETWEEN = re.compile(rf"{_MARK}|\n|[a-z](?:\+\+|\#)|[^\W\d_]{{1,{_LONGEST_WORD}}}|\d+|{_SYMBOL}")
# What may stand inside one name: GLM-4.7, o3_mini, llama.cpp, R&D.
_NAME = re.compile(rf"(?>(?:[^\W{_CJK}]++|[-./'’:+&@·#{_MARK}]++|\d)+)")
# In words of the index, of which none has both digits and others. The first digit stands apart:
# what begins with one character is looked for twice as fast.
_TWO_NUMBERS = re.compile(r"(\d\d*+)(?= +(\d+))")
_CAMEL = regex.compile(r"(?V1)(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll}{2})")
# A letter that folding makes another of, so that no query can hold it: it keeps two names apart.
_GAP = " ſ "


class Kind(Enum):
    """What an atom is made of."""

    CJK = auto()
    WORD = auto()
    DIGITS = auto()
    SPECIAL = auto()
    SYMBOL = auto()


class Atom(NamedTuple):
    """The smallest piece: a run of one kind, folded, and where it stands in the folded text."""

    kind: Kind
    text: str
    start: int
    end: int


def atoms(folded: str, start: int = 0, end: int = maxsize) -> Iterator[Atom]:
    """Split folded text into runs of one kind; what separates them is dropped."""
    for match in _ATOM.finditer(folded, start, end):
        text = match.group()[:_LONGEST_WORD] if match.lastgroup == "WORD" else match.group()
        yield Atom(Kind[match.lastgroup or ""], text, match.start(), match.end())


def begins_within(folded: str, at: int) -> bool:
    """Tell whether a place is within a word or a number."""
    return _WITHIN.match(folded, at) is not None


def tokens(text: str) -> str:
    """Give the words of *text* for the index, separated by blanks."""
    return _split(normalise(text))[0]


def words_of_each(folded: Sequence[str]) -> list[str]:
    """Give the words of each of many texts, which are normalised already; two numbers are one."""
    words, between = _split("\n".join(folded))
    lines = words.split("\n")[: len(folded)]
    for line, numbers in _two_numbers_by_line(between):
        lines[line] += f" {numbers}"
    return lines


def _split(folded: str) -> tuple[str, str]:
    """Give the words of a text, and those without the runs; line ends stay in both."""
    pieces = _RUN.split(folded)
    between = " ".join(_BETWEEN.findall(_MARK.join(pieces[::2])))
    pieces[1::2] = _in_pairs(pieces[1::2])
    pieces[::2] = between.split(_MARK)
    return " ".join(pieces), between


def _in_pairs(runs: Iterable[str]) -> list[str]:
    """Write each character of each run with the next one, and the last one alone.

    Three places are made of each character, for itself, the next one and a blank, all at once:
    so it takes a tenth of the time. What begins with the mark before a run is left out.
    """
    marked = "\n".join(("", *runs))
    codes = array("I", marked.encode(_CODES))
    places = array("I", " ".encode(_CODES)) * (3 * len(marked))
    places[::3] = codes
    places[1:-3:3] = codes[1:]
    return [words[2:] for words in places.tobytes().decode(_CODES).split("\n")[1::2]]


def pairs(run: str) -> list[str]:
    """Give each character of a run with the next one."""
    return list(map(add, run, run[1:]))


def _two_numbers_by_line(words: str) -> Iterator[tuple[int, str]]:
    """Find the numbers that stand next to each other, and in which line."""
    line = seen = 0
    for both in _TWO_NUMBERS.finditer(words):
        line += words.count("\n", seen, both.start())
        seen = both.start()
        yield line, two_numbers(*both.groups())


def two_numbers(first: str, second: str) -> str:
    """Name two numbers in the index as one word."""
    return f"{first}+{second}"


def camel_words_of_each(texts: Iterable[str]) -> list[str]:
    """Give the words of each text's names such as ChatGPT, split where the case changes."""
    lines = "\n".join(text.replace("\n", " ") for text in texts)
    names = map(_names_of, _CAMEL.sub(_MARK, lines).split("\n"))
    return _split("\n".join(names))[0].split("\n")


def _names_of(marked: str) -> str:
    if _MARK not in marked:
        return ""
    stretches = " ".join(stretch for stretch in marked.split() if _MARK in stretch)
    return _GAP.join(normalise(name) for name in _NAME.findall(stretches) if _MARK in name)


def camel_borders(text: str) -> list[int]:
    """Tell where a capital letter starts a new part of a word."""
    return [match.start() for match in _CAMEL.finditer(text)]


def split_camel(text: str) -> str:
    """Put a space wherever a capital letter starts a new part of a word."""
    split: str = _CAMEL.sub(" ", text)
    return split
