"""What can be asked of, and done to, running text: its words, its links, its first part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias
from urllib.parse import urlsplit

from bot.model import Break, Code, Emphasis, Image, Inline, Link, Strike, Strong, Text

Inlines: TypeAlias = tuple[Inline, ...]

_BARE_URL = re.compile(r"https?://[^\s<>\"'，。；、）」』】》]+")
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?:/[A-Za-z0-9/?#&=+_.,~%:;@!-]*)?")
# A tuple: a union is made anew for each test.
_WORDS = (Text, Code)
_CHILDLESS = (Code, Break, Image)
_PICTURES = frozenset({Image})
_MARKED = (Strong, Emphasis, Strike)
_LOOSE = (Text, Break)
_BLANKS = " \t\n\u3000"
_SCHEMES = frozenset({"http", "https", "tg", "mailto"})


def plain(inlines: Inlines) -> str:
    """Give the words as a reader sees them, in one line."""
    while len(inlines) == 1:
        if isinstance(only := inlines[0], Text):
            return " ".join(only.text.split())
        if isinstance(only, _CHILDLESS):
            break
        inlines = only.children
    return " ".join("".join(_words(inlines)).split())


def links(inlines: Iterable[Inline]) -> list[str]:
    """Give where the text leads to, in order; an address written out counts as well."""
    found: list[str] = []
    for inline in inlines:
        if isinstance(inline, Text):
            if "://" in inline.text:
                found += filter(absolute, _BARE_URL.findall(inline.text))
        elif isinstance(inline, Link):
            if not _PICTURES.issuperset(map(type, inline.children)):
                found.append(inline.url)
        elif isinstance(inline, _MARKED):
            found += links(inline.children)
    return found


def absolute(url: str) -> str | None:
    """Accept an address that works anywhere, mending one without its scheme."""
    url = url.strip()
    if _PLAIN_ADDRESS.fullmatch(url):
        return url
    if url.startswith("//"):
        url = f"https:{url}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or any(char.isspace() for char in url):
        return None
    return url if parts.netloc or parts.scheme in {"mailto", "tg"} else None


def trim(inlines: Inlines, marks: str = "") -> Inlines:
    """Remove blanks, breaks and *marks* from both ends."""
    return _trim_end(_trim_start(inlines, marks), marks)


def cut(inlines: Inlines, offset: int) -> tuple[Inlines, Inlines]:
    """Cut running text after *offset* characters of its raw words; nothing else is lost."""
    left: list[Inline] = []
    for index, inline in enumerate(inlines):
        size = sum(map(len, _words((inline,))))
        if size > offset:
            first, second = _cut_one(inline, offset)
            return (*left, *first), (*second, *inlines[index + 1 :])
        left.append(inline)
        offset -= size
    return tuple(left), ()


def raw(inlines: Iterable[Inline]) -> str:
    """Give the words with all their blanks, so that offsets fit *cut*."""
    return "".join(_words(inlines))


def joined(inlines: Iterable[Inline]) -> Inlines:
    """Join neighbouring texts into one."""
    result: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Text) and result and isinstance(last := result[-1], Text):
            result[-1] = Text(last.text + inline.text)
        else:
            result.append(inline)
    return tuple(inline for inline in result if inline != Text(""))


def line_join(before: str, after: str) -> str:
    """Give what joins two lines that end and begin so: between Chinese or Japanese, nothing."""
    return "" if _is_ideograph(before) and _is_ideograph(after) else " "


def _is_ideograph(char: str) -> bool:
    return "\u3001" <= char <= "\u9fff" or "\uff00" <= char <= "\uff60"


def _words(inlines: Iterable[Inline]) -> list[str]:
    pieces: list[str] = []
    _gather(inlines, pieces.append)
    return pieces


def _gather(inlines: Iterable[Inline], add: Callable[[str], None]) -> None:
    # Tests of types, most frequent first: a match statement takes three times as long.
    for inline in inlines:
        if isinstance(inline, _WORDS):
            add(inline.text)
        elif isinstance(inline, Break):
            add("\n")
        elif not isinstance(inline, Image):
            _gather(inline.children, add)


def _cut_one(inline: Inline, offset: int) -> tuple[Inlines, Inlines]:
    if offset == 0:
        return (), (inline,)
    match inline:
        case Text(text):
            return (Text(text[:offset]),), (Text(text[offset:]),)
        case Strong(children) | Emphasis(children) | Strike(children):
            first, second = cut(children, offset)
            return (type(inline)(first),), (type(inline)(second),)
        case _:
            return (inline,), ()


def _trim_start(inlines: Inlines, marks: str) -> Inlines:
    while inlines and isinstance(first := inlines[0], _LOOSE):
        text = first.text.lstrip(marks + _BLANKS) if isinstance(first, Text) else ""
        if text:
            is_same = isinstance(first, Text) and len(text) == len(first.text)
            return inlines if is_same else (Text(text), *inlines[1:])
        inlines = inlines[1:]
    return inlines


def _trim_end(inlines: Inlines, marks: str) -> Inlines:
    while inlines and isinstance(last := inlines[-1], _LOOSE):
        text = last.text.rstrip(marks + _BLANKS) if isinstance(last, Text) else ""
        if text:
            is_same = isinstance(last, Text) and len(text) == len(last.text)
            return inlines if is_same else (*inlines[:-1], Text(text))
        inlines = inlines[:-1]
    return inlines
