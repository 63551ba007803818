"""What was typed, taken apart into words, quoted phrases and filters. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from msgspec import Struct

LONGEST = 256

_QUOTES = str.maketrans(dict.fromkeys("“”„‟「」『』＂", '"') | {"：": ":", "＃": "#", "－": "-"})
_PIECE = re.compile(
    # A headline may begin with "Open source: ".
    r"(?P<minus>-*)(?:(?P<key>tag|since|until|(?:source|in)(?!:\s)):\s*)?"
    r'(?:"(?P<quoted>[^"]*)"|(?P<word>[^\s"]+))',
    re.IGNORECASE,
)
_CUT_WORD = re.compile(r"[A-Za-z0-9]+\Z")
_EITHER = {"or", "|", "||", "或"}


class Piece(Struct, frozen=True):
    """One word, quoted phrase or filter; *text* is all of it as typed."""

    text: str
    key: str
    value: str
    quoted: bool
    minus: bool

    @property
    def topic(self) -> str:
        """Give the topic that it names, if it is meant to name one."""
        is_meant = self.key == "tag" or (not self.key and self.value.startswith("#"))
        return self.value.removeprefix("#") if is_meant else ""

    @property
    def is_either(self) -> bool:
        """Tell whether one of the words around it is enough."""
        return self._joins and self._folded.lower() in _EITHER

    @property
    def is_both(self) -> bool:
        """Tell whether it says what goes without saying."""
        return self._joins and self._folded == "AND"

    @property
    def is_not(self) -> bool:
        """Tell whether what follows must not occur."""
        return self._joins and self._folded == "NOT"

    @property
    def _joins(self) -> bool:
        return not (self.key or self.quoted or self.minus)

    @property
    def _folded(self) -> str:
        return unicodedata.normalize("NFKC", self.value)


def pieces(text: str) -> Iterator[Piece]:
    """Take apart whatever was typed, up to a bound."""
    for match in _PIECE.finditer(_within_bounds(text.translate(_QUOTES))):
        quoted = match["quoted"] is not None
        yield Piece(
            text=match.group(),
            key=(match["key"] or "").lower(),
            value=match["quoted"] if quoted else match["word"],
            quoted=quoted,
            minus=bool(match["minus"]),
        )


def _within_bounds(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    kept = text[:LONGEST]
    return _CUT_WORD.sub("", kept) if text[LONGEST].isalnum() else kept
