"""Fold text so that spellings of the same words compare equal, for the index, queries and names.

Character by character, because a part of a text must fold to the part of the folded text:
phrase converters break searching for substrings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from importlib import resources

# Raise it when the folding changes: an index of another version is built anew.
VERSION = 1

_WITHOUT_DECOMPOSITION = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"}
)
_BLANK = {"Cc", "Cs", "Zl", "Zp"}


def _simplified() -> dict[str, str]:
    pairs = resources.files(__package__).joinpath("simplified.txt").read_text(encoding="utf-8")
    return dict(line.split("\t") for line in pairs.splitlines())


_SIMPLIFIED = _simplified()
# All small letters but ASCII, kana, Hangul, simplified characters and their marks: these stay.
_OTHERS = re.compile(
    "[\0-\x1f\x7f-\u3000\u3012-\u3040\u3097-\u30a0\u30fb-\u4dff\ua000-\uabff\ud7a4-\U0010ffff"
    + "".join(char for char in _SIMPLIFIED if char <= "\uffff")
    + "]"
)
# Of more, each would be looked for in the whole text.
_FEW = 64
# Stands for no character, and stays.
_BORDER = "\uffff"


class _Folding(dict[int, int | str]):
    """What each character folds to, worked out when it is first met."""

    def __missing__(self, code: int) -> int | str:
        folded = _fold(chr(code))
        # A single character by its number: texts are translated a third faster.
        self[code] = ord(folded) if len(folded) == 1 else folded
        return self[code]


_FOLDING = _Folding()


def normalise(text: str) -> str:
    """Fold width, case, traditional characters and accents; drop what cannot be seen."""
    if unicodedata.is_normalized("NFC", text):
        return _folded(text)
    return "".join(cluster.translate(_FOLDING) for _, cluster in _composed(text))


def normalise_each(texts: Sequence[str]) -> list[str]:
    """Fold many texts at once, as most are too short to be worth a call."""
    folded = normalise(_BORDER.join(texts)).split(_BORDER)
    return folded if len(folded) == len(texts) else list(map(normalise, texts))


def _folded(text: str) -> str:
    """Fold each character: few differ from their small letters, and these are replaced at once."""
    small = text.lower()
    others = set(_OTHERS.findall(small))
    if len(others) > _FEW:
        return text.translate(_FOLDING)
    for char in others:
        small = small.replace(char, char.translate(_FOLDING))
    return small


def name_key(name: str) -> str:
    """Give what names have in common that differ in blanks, signs and spelling alone."""
    return "".join(filter(str.isalnum, normalise(name)))


def normalise_with_offsets(text: str) -> tuple[str, Sequence[int]]:
    """Fold *text*, and tell for each character of the result where in *text* it came from."""
    if unicodedata.is_normalized("NFC", text):
        return text.translate(_FOLDING), _offsets(text)
    pieces: list[str] = []
    offsets: list[int] = []
    for start, cluster in _composed(text):
        folded = cluster.translate(_FOLDING)
        pieces.append(folded)
        offsets.extend([start] * len(folded))
    return "".join(pieces), offsets


def _offsets(text: str) -> Sequence[int]:
    widths = {char: len(char.translate(_FOLDING)) for char in set(text)}
    if set(widths.values()) <= {1}:
        return range(len(text))
    return [at for at, char in enumerate(text) for _ in range(widths[char])]


def _composed(text: str) -> Iterator[tuple[int, str]]:
    """Yield each character together with what composes with it, composed, and where it starts."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _joins(text[end]):
            yield start, unicodedata.normalize("NFC", text[start:end])
            start = end


def _joins(char: str) -> bool:
    """Tell whether *char* may compose with the one before: a mark, or a later part of Hangul."""
    return unicodedata.combining(char) != 0 or "\u1160" <= char <= "\u11ff"


def _fold(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Cf" or "\ufe00" <= char <= "\ufe0f":
        return ""
    if category in _BLANK:
        return " "
    wide = unicodedata.normalize("NFKC", char).casefold()
    bare = (
        part for part in unicodedata.normalize("NFKD", wide) if not "\u0300" <= part <= "\u036f"
    )
    plain = unicodedata.normalize("NFC", "".join(bare)).translate(_WITHOUT_DECOMPOSITION)
    return "".join(_SIMPLIFIED.get(part, part) for part in plain)
