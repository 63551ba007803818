"""Titles of digests where their headlines stand below: what they add, in brief."""

from __future__ import annotations

import re

from bot.model import Digest
from bot.rendering.rich import line
from bot.text.normalise import normalise
from bot.text.units import shorten

MAX_SHORT = 100
# Of a title's piece that holds a headline: how much may be something else.
_MOSTLY = 0.5

_PIECES = re.compile(r"[;；|｜]")
_LABEL = re.compile(r"^([^:：]*)[:：](.*)$", re.DOTALL)
_DAY = re.compile(r"^\W*(?:\d{4}年\d{1,2}月\d{1,2}日|\d{4}([-/.]?)\d{1,2}\1\d{1,2})\W*")
_NO_LETTER = re.compile(r"[\W_]+")


def short_title(digest: Digest, source_title: str) -> str:
    """Give what the title adds to its source, its day and its headlines; empty for nothing."""
    headlines = [bare for bare in (_bare(one.text) for one in digest.headlines) if bare]
    title = _without_told(line(digest.title).text, headlines, labelled=not source_title)
    return "" if _bare(title) in ("", _bare(source_title)) else shorten(title, MAX_SHORT)


def _without_told(title: str, headlines: list[str], *, labelled: bool) -> str:
    """Leave out of a list of headlines those that stand below; the others stay, and its label.

    The label of one or none stays only if it is wanted: if nothing else names the source.
    """
    label, rest = _split(title, headlines)
    pieces = [piece.strip() for piece in _PIECES.split(rest)]
    untold = [piece for piece in pieces if not _is_told(piece, headlines)]
    if untold == pieces:
        return title
    kept = _DAY.sub("", label) if labelled or len(untold) > 1 else ""
    return "：".join(filter(None, [kept, "；".join(untold)]))


def _split(title: str, headlines: list[str]) -> tuple[str, str]:
    """Split a label off, unless it is the beginning of a headline."""
    match = _LABEL.match(title)
    if match is None or any(one.startswith(_bare(match[1])) for one in headlines):
        return "", title
    return match[1], match[2]


def _is_told(piece: str, headlines: list[str]) -> bool:
    bare = _bare(piece)
    return not bare or any(_tells(one, bare) for one in headlines)


def _tells(headline: str, piece: str) -> bool:
    return piece in headline or (headline in piece and len(headline) >= _MOSTLY * len(piece))


def _bare(text: str) -> str:
    return _NO_LETTER.sub("", normalise(text))
