"""Builds running text from opening, closing and plain pieces of Markdown and HTML alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from html.parser import HTMLParser
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote

from bot.digests.inlines import Inlines, absolute, joined, trim
from bot.model import Break, Code, Emphasis, Image, Inline, Link, Strike, Strong, Text

# Elements that start a new line of their own, those within a line, and those not shown.
_BLOCK = re.compile(
    r"address|article|aside|blockquote|center|dd|details|div|dl|dt|fieldset|figcaption|figure|"
    r"footer|form|h[1-6]|header|hr|iframe|li|main|nav|ol|p|pre|section|summary|table|tbody|td|th|"
    r"thead|tr|ul"
)
_INLINE = re.compile(
    r"a|abbr|audio|b|bd[io]|big|body|br|button|cite|code|data|del|dfn|em|font|head|html|i|img|"
    r"input|ins|kbd|label|link|mark|meta|noscript|path|picture|q|r[pt]|ruby|s|samp|small|source|"
    r"span|strike|strong|su[bp]|svg|time|tt|u|var|video|wbr"
)
_HIDDEN = frozenset({"script", "style", "template", "title"})


def _code(content: Inlines) -> Inline:
    texts = [inline.text for inline in content if isinstance(inline, Text | Code)]
    return Code("".join(texts))


_WRAPPERS: dict[str, Callable[[Inlines], Inline]] = {
    "strong": Strong,
    "b": Strong,
    "em": Emphasis,
    "i": Emphasis,
    "cite": Emphasis,
    "s": Strike,
    "del": Strike,
    "strike": Strike,
    "code": _code,
    "kbd": _code,
    "samp": _code,
    "tt": _code,
}
_MAX_DEPTH = 20
_PLACE = re.compile(r"#.")
_BLANKS = re.compile(r"\s+")


class _Level(NamedTuple):
    """An element that is open: its name, and what wraps its content."""

    name: str
    wrap: Callable[[Inlines], Inline] | None
    content: list[Inline]


class RunningText:
    """Running text under construction; elements that are never closed end with the text."""

    def __init__(self) -> None:
        self.lost: list[str] = []
        """Where links and pictures lead that work only beside their own file."""
        self._levels = [_Level("", None, [])]

    def add(self, inline: Inline) -> None:
        """Append a finished piece."""
        self._levels[-1].content.append(inline)

    def open(self, name: str, attributes: Mapping[str, str | None]) -> None:
        """Enter an element, or place one that has no content."""
        if name == "br":
            self.add(Break())
        elif name == "img":
            self._image(attributes)
        elif name == "a":
            self._link(attributes)
        elif wrap := _WRAPPERS.get(name):
            self._enter(name, wrap)

    def close(self, name: str) -> None:
        """Leave an element, and those that were left open within it."""
        if any(level.name == name for level in self._levels[1:]):
            while self._leave() != name:
                pass

    def finish(self) -> Inlines:
        """Give the whole."""
        while len(self._levels) > 1:
            self._leave()
        return joined(self._levels[0].content)

    def _enter(self, name: str, wrap: Callable[[Inlines], Inline]) -> None:
        if len(self._levels) < _MAX_DEPTH:
            self._levels.append(_Level(name, wrap, []))

    def _leave(self) -> str:
        level = self._levels.pop()
        content = joined(level.content)
        if content and level.wrap:
            self.add(level.wrap(content))
        return level.name

    def _image(self, attributes: Mapping[str, str | None]) -> None:
        alt = attributes.get("alt") or ""
        url = self._absolute(attributes.get("src"))
        self.add(Image(url, alt) if url else Text(alt))

    def _link(self, attributes: Mapping[str, str | None]) -> None:
        if url := self._absolute(attributes.get("href")):
            self._enter("a", lambda content: Link(url, content))

    def _absolute(self, address: str | None) -> str | None:
        """Accept an address that works anywhere; of others note all but places in the text."""
        url = absolute(address or "")
        if address is not None and not url and not _PLACE.match(address):
            self.lost.append(unquote(address))
        return url


class HtmlReader(HTMLParser):
    """Reads HTML into running text: its text, links, pictures and line breaks, nothing else."""

    def __init__(self, text: RunningText) -> None:
        super().__init__(convert_charrefs=True)
        self.marks: list[str] = []
        self._text = text
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        attributes = dict(attrs)
        self.marks += [attributes.get("class") or "", attributes.get("id") or ""]
        if tag in _HIDDEN:
            self._hidden += 1
        elif _BLOCK.fullmatch(tag):
            self._text.add(Break())
        elif _INLINE.fullmatch(tag):
            self._text.open(tag, attributes)
        else:
            self._text.add(Text(self.get_starttag_text() or ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif _BLOCK.fullmatch(tag):
            self._text.add(Break())
        elif _INLINE.fullmatch(tag):
            self._text.close(tag)
        else:
            self._text.add(Text(f"</{tag}>"))

    def handle_data(self, data: str) -> None:
        """Take words."""
        if not self._hidden:
            self._text.add(Text(data))

    def parse_marked_section(self, i: int, report: bool = True) -> int:  # noqa: FBT001, FBT002
        """Take a section as the comment that it is in HTML; the library raises for most."""
        return self.parse_bogus_comment(i, report)


class Html(NamedTuple):
    """A block of HTML: its text, its classes and ids, and where its lost links lead."""

    content: Inlines
    marks: tuple[str, ...]
    lost: tuple[str, ...]


@lru_cache(8)
def html_block(html: str) -> Html:
    """Read a block of HTML, such as the card that closes every file."""
    text = RunningText()
    marks = read_html(html, text)
    return Html(trim(_single_breaks(text.finish())), marks, tuple(text.lost))


def read_html(html: str, text: RunningText) -> tuple[str, ...]:
    """Add a piece of HTML to *text*; return its classes and ids."""
    reader = HtmlReader(text)
    reader.feed(_without_open_comment(html))
    reader.close()
    return tuple(mark for marks in reader.marks for mark in marks.split())


def _without_open_comment(html: str) -> str:
    """A comment that is never closed hides the rest, and costs the parser a search each time."""
    start = html.find("<!--", html.rfind("-->") + 1)
    return html if start < 0 else html[:start]


def _single_breaks(inlines: Inlines) -> Inlines:
    """Drop the blank lines that nested HTML elements leave, and the blanks around breaks."""
    lines: list[list[Inline]] = [[]]
    for inline in inlines:
        if isinstance(inline, Break):
            lines.append([])
        else:
            lines[-1].append(_one_line(inline))
    filled = [line for line in map(trim, map(tuple, lines)) if line]
    return joined(chain.from_iterable((Break(), *line) for line in filled))[1:]


def _one_line(inline: Inline) -> Inline:
    return Text(_BLANKS.sub(" ", inline.text)) if isinstance(inline, Text) else inline
