"""Split text into the words that the index holds: CJK by pairs, letters and digits apart. Pure.

A CJK run ABC becomes ``AB BC C``, so that any part of it is found as a phrase; ``GLM-4.7``
becomes ``glm 4 7``; ``c++``, ``c#`` and each emoji are words of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache
from operator import add
from typing import NamedTuple

import regex

from bot.text.normalise import normalise

# Raise it when the same text gives other words: an index of another version is built anew.
VERSION = 1

_LONGEST_WORD = 64
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
# Looks at the next character of a CJK run besides, but goes on by one only.
_WORD = re.compile(
    rf"(?=([{_CJK}]{{1,2}}|{_SPECIAL}|{_LETTER}{{1,{_LONGEST_WORD}}}|\d+|{_SYMBOL}))"
    rf"(?:[{_CJK}]|{_SPECIAL}|{_LETTER}+|\d+|{_SYMBOL})"
)
# Stands for a border within a name; it folds to a blank.
_BORDER = "\0"
# What may stand inside one name: GLM-4.7, o3_mini, llama.cpp, R&D.
_NAME = re.compile(rf"(?:[^\W{_CJK}]++|[-./'’:+&@·#{_BORDER}]++|\d)++")
_CAMEL = regex.compile(r"(?V1)(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll}{2})")
# A word that no query can hold: it keeps the parts of two names apart.
_GAP = " # "


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


def atoms(folded: str) -> Iterator[Atom]:
    """Split folded text into runs of one kind; what separates them is dropped."""
    for match in _ATOM.finditer(folded):
        text = match.group()[:_LONGEST_WORD] if match.lastgroup == "WORD" else match.group()
        yield Atom(Kind[match.lastgroup or ""], text, match.start(), match.end())


@lru_cache(2048)
def tokens(text: str) -> str:
    """Give the words of *text* for the index, separated by spaces."""
    return folded_tokens(normalise(text))


def folded_tokens(folded: str) -> str:
    """Give the words of a text that is normalised already."""
    return " ".join(_WORD.findall(folded))


def pairs(run: str) -> list[str]:
    """Give each character of a run with the next one."""
    return list(map(add, run, run[1:]))


def camel_tokens(text: str) -> str:
    """Give the words of names such as ChatGPT or DeepSeek-V3 split where the case changes."""
    marked = _CAMEL.sub(_BORDER, text)
    if _BORDER not in marked:
        return ""
    return _GAP.join(tokens(name) for name in _NAME.findall(marked) if _BORDER in name)


def camel_borders(text: str) -> list[int]:
    """Tell where a capital letter starts a new part of a word."""
    return [match.start() for match in _CAMEL.finditer(text)]


def split_camel(text: str) -> str:
    """Put a space wherever a capital letter starts a new part of a word."""
    split: str = _CAMEL.sub(" ", text)
    return split
