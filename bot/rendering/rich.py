"""Text with its formatting as a value; only the last step makes Telegram's HTML of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import IntEnum
from html import escape
from itertools import pairwise

from msgspec import Struct


class Kind(IntEnum):
    """What a span does to its text, the outermost first."""

    QUOTE = 0
    FOLD = 1
    PRE = 2
    LINK = 3
    BOLD = 4
    ITALIC = 5
    STRIKE = 6
    CODE = 7


class Span(Struct, frozen=True):
    """A formatted stretch, in code points; *value* is a link's URL or the language of code."""

    start: int
    end: int
    kind: Kind
    value: str = ""


class Rich(Struct, frozen=True):
    """Plain text and the spans over it."""

    text: str
    spans: tuple[Span, ...] = ()


# A stretch of text without a border inside, and the marks that are on it, outermost first.
Mark = tuple[Kind, str]
Run = tuple[str, tuple[Mark, ...]]

QUOTES = (Kind.QUOTE, Kind.FOLD)
LITERAL = (Kind.PRE, Kind.CODE)
STYLES = (Kind.BOLD, Kind.ITALIC, Kind.STRIKE)
# What Telegram drops from inside a span of that kind, so that we never send it.
_DROPPED_INSIDE = {
    Kind.QUOTE: QUOTES,
    Kind.FOLD: QUOTES,
    Kind.LINK: (Kind.LINK, Kind.CODE),
}

# Telegram replaces control characters by blanks and removes the others; direction marks are
# set by us alone (bidi.py), lest an unclosed one turns the rest of a message.
_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f]")
_REMOVED = re.compile("[\r\u2028-\u202e\u2066-\u2069\u030a\u0333\u033f\ud800-\udfff]")
_UNCLEAN = re.compile(f"{_CONTROL.pattern}|{_REMOVED.pattern}")
_RING = re.compile("\\w\u030a")


def clean(text: str) -> str:
    """Give the text as Telegram will show it."""
    if not _UNCLEAN.search(text):
        return text
    # å must not lose its ring, which Telegram removes where it stands alone.
    composed = _RING.sub(lambda letter: unicodedata.normalize("NFC", letter[0]), text)
    return _REMOVED.sub("", _CONTROL.sub(" ", composed))


def plain(text: str) -> Rich:
    """Take words as they are."""
    return Rich(clean(text))


def line(text: str) -> Rich:
    """Take words as one line."""
    return Rich(" ".join(clean(text).split()))


def unbroken(text: str) -> Rich:
    """Take words as one line that is never broken: what belongs together stays together."""
    return Rich(line(text).text.replace(" ", "\u00a0"))


def joined(parts: Iterable[Rich], separator: str = "") -> Rich:
    """Put parts one after another, with *separator* between them; empty ones are left out."""
    texts: list[str] = []
    spans: list[Span] = []
    offset = 0
    for part in parts:
        if not part.text:
            continue
        if texts and separator:
            texts.append(separator)
            offset += len(separator)
        texts.append(part.text)
        spans.extend(moved(part.spans, offset))
        offset += len(part.text)
    return Rich("".join(texts), tuple(spans))


def moved(spans: Iterable[Span], offset: int) -> Iterator[Span]:
    """Shift spans by *offset*."""
    return (Span(s.start + offset, s.end + offset, s.kind, s.value) for s in spans)


def wrapped(rich: Rich, kind: Kind, value: str = "") -> Rich:
    """Format all of a text but the blanks around it."""
    start, end = _extent(rich.text)
    if start == end:
        return rich
    dropped = _DROPPED_INSIDE.get(kind, ())
    kept = tuple(span for span in rich.spans if span.kind not in dropped)
    return Rich(rich.text, (Span(start, end, kind, value), *kept))


def bold(text: str) -> Rich:
    """Set a line of words in bold."""
    return wrapped(line(text), Kind.BOLD)


def sliced(rich: Rich, start: int, end: int) -> Rich:
    """Cut a stretch out, without the blanks around it; spans over its ends are continued."""
    left, right = _extent(rich.text[start:end])
    return clipped(rich, start + left, start + right)


def clipped(rich: Rich, start: int, end: int) -> Rich:
    """Cut a stretch out, blanks and all; spans over its ends are continued."""
    spans = (
        Span(max(s.start, start) - start, min(s.end, end) - start, s.kind, s.value)
        for s in rich.spans
        if s.start < end and s.end > start
    )
    return Rich(rich.text[start:end], tuple(spans))


def trimmed(rich: Rich) -> Rich:
    """Drop the blanks around a text, which Telegram does not keep."""
    return sliced(rich, 0, len(rich.text))


def runs(rich: Rich) -> Iterator[Run]:
    """Walk over the stretches between the borders of spans."""
    starting: dict[int, list[Span]] = {}
    for span in rich.spans:
        starting.setdefault(span.start, []).append(span)
    borders = {0, len(rich.text), *starting, *(span.end for span in rich.spans)}
    current: list[Span] = []
    for start, end in pairwise(sorted(borders)):
        current = [span for span in current if span.end > start] + starting.get(start, [])
        yield rich.text[start:end], _marks(current)


def entity_counts(rich: Rich) -> Iterator[tuple[int, int]]:
    """Give (position, entities that begin before the end of the run that starts there).

    Telegram splits bold and italics at every border of another entity, so each run counts anew.
    """
    position, count = 0, 0
    before: tuple[Mark, ...] = ()
    for text, marks in runs(rich):
        count += sum(mark[0] in STYLES or mark not in before for mark in marks)
        yield position, count
        position, before = position + len(text), marks


def html(rich: Rich) -> str:
    """Write Telegram's HTML. Everything is escaped here, and nowhere else."""
    pieces: list[str] = []
    opened: tuple[Mark, ...] = ()
    for text, marks in (*runs(rich), ("", ())):
        common = _common(opened, marks)
        pieces.extend(_closing(mark) for mark in reversed(opened[common:]))
        pieces.extend(_opening(mark) for mark in marks[common:])
        pieces.append(escape(text, quote=False))
        opened = marks
    return "".join(pieces)


def _extent(text: str) -> tuple[int, int]:
    start = len(text) - len(text.lstrip())
    return start, max(start, len(text.rstrip()))


def _marks(spans: list[Span]) -> tuple[Mark, ...]:
    marks = {span.kind: span.value for span in spans}
    if any(kind in marks for kind in LITERAL):
        marks = {kind: marks[kind] for kind in marks if kind in QUOTES or kind in LITERAL}
        marks = {kind: marks[kind] for kind in marks if kind != Kind.CODE or Kind.PRE not in marks}
    return tuple(sorted(marks.items()))


def _common(left: tuple[Mark, ...], right: tuple[Mark, ...]) -> int:
    pairs = zip(left, right, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


_TAGS = {
    Kind.QUOTE: "blockquote",
    Kind.PRE: "pre",
    Kind.BOLD: "b",
    Kind.ITALIC: "i",
    Kind.STRIKE: "s",
    Kind.CODE: "code",
}


def _opening(mark: Mark) -> str:
    match mark:
        case (Kind.FOLD, _):
            return "<blockquote expandable>"
        case (Kind.LINK, url):
            return f'<a href="{_attribute(url)}">'
        case (Kind.PRE, language) if language:
            return f'<pre><code class="language-{_attribute(language)}">'
        case (kind, _):
            return f"<{_TAGS[kind]}>"


def _closing(mark: Mark) -> str:
    match mark:
        case (Kind.FOLD, _):
            return "</blockquote>"
        case (Kind.LINK, _):
            return "</a>"
        case (Kind.PRE, language) if language:
            return "</code></pre>"
        case (kind, _):
            return f"</{_TAGS[kind]}>"


def _attribute(value: str) -> str:
    # Telegram knows no numeric name for the apostrophe that html.escape would write.
    return escape(value, quote=False).replace('"', "&quot;")
