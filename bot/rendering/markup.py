"""From the tree that a publisher wrote to formatted text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import assert_never

from bot.model import (
    Block,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Image,
    Inline,
    Insight,
    Link,
    List,
    Paragraph,
    Quote,
    Rule,
    Strike,
    Strong,
    Table,
    Text,
)
from bot.rendering.bidi import has_right_to_left, isolated
from bot.rendering.rich import QUOTES, Kind, Rich, bold, joined, plain, wrapped
from bot.rendering.tables import table
from bot.rendering.urls import acceptable, host, mail_address

MARKS = "•◦▪"
RULE = "———"
PICTURE = "🖼"
INNER_QUOTE = "› "
INDENT = "   "

# A line break in the source is a blank, but between CJK characters it is nothing.
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_BETWEEN_CJK = re.compile(f"(?<=[{_CJK}])[ \t]*\n[ \t]*(?=[{_CJK}])")
_LINE_BREAK = re.compile(r"[ \t]*\n[ \t\n]*")
_STYLES = {Strong: Kind.BOLD, Emphasis: Kind.ITALIC, Strike: Kind.STRIKE}
_LANGUAGE = re.compile(r"[\w+#.\-]{1,32}", re.ASCII)


def inline(children: Iterable[Inline]) -> Rich:
    """Render words within a line."""
    parts = [(child, _inline(child)) for child in children]
    if any(has_right_to_left(rich.text) for _, rich in parts):
        apart = (Link, Code, Image)
        parts = [(c, isolated(rich) if isinstance(c, apart) else rich) for c, rich in parts]
    return joined(rich for _, rich in parts)


def blocks(children: Iterable[Block], depth: int = 0) -> Rich:
    """Render blocks, with a blank line between them."""
    return joined((block(child, depth) for child in children), "\n\n")


def insight(value: Insight) -> Rich:
    """Render an insight as a quote that unfolds."""
    return wrapped(joined([bold(value.label), blocks(value.body)], "\n"), Kind.FOLD)


def linked(rich: Rich, url: str | None) -> Rich:
    """Lead from a text to an address; without one that Telegram takes, the text stays."""
    target = acceptable(url)
    return wrapped(rich, Kind.LINK, target) if target else rich


def block(node: Block, depth: int = 0) -> Rich:
    """Render one block; *depth* counts the lists around it."""
    match node:
        case Paragraph(children):
            return inline(children)
        case Heading(_, children):
            return wrapped(inline(children), Kind.BOLD)
        case List():
            return _list(node, depth)
        case Quote(children):
            return _quote(children, depth)
        case CodeBlock(text, language):
            return _code_block(text, language)
        case Table():
            return _table(node)
        case Rule():
            return Rich(RULE)
        case _:
            assert_never(node)


def _inline(node: Inline) -> Rich:
    match node:
        case Text(text):
            return plain(_LINE_BREAK.sub(" ", _BETWEEN_CJK.sub("", text)))
        case Strong(children) | Emphasis(children) | Strike(children):
            return wrapped(inline(children), _STYLES[type(node)])
        case Code(text):
            return wrapped(plain(text), Kind.CODE)
        case Link(url, children):
            return _link(url, inline(children))
        case Image(url, alt):
            return linked(plain(f"{PICTURE} {alt}".rstrip()), url)
        case Break():
            return Rich("\n")
        case _:
            assert_never(node)


def _link(url: str, label: Rich) -> Rich:
    address = mail_address(url)
    if address:
        return label if address in label.text else joined([label, Rich(f"({address})")], " ")
    return linked(label if label.text.strip() else plain(host(url)), url)


def _list(node: List, depth: int) -> Rich:
    return joined((_entry(node, at, entry, depth) for at, entry in enumerate(node.entries)), "\n")


def _entry(node: List, at: int, entry: tuple[Block, ...], depth: int) -> Rich:
    bullet = MARKS[min(depth, len(MARKS) - 1)]
    mark = Rich(f"{INDENT * depth}{bullet if node.start is None else f'{node.start + at}.'} ")
    match entry:
        case (Paragraph() | Heading() as first, *rest):
            head = joined([mark, block(first)])
        case (List(), *_) if node.start is None:
            # The inner list's marks say it all.
            head, rest = Rich(""), list(entry)
        case _:
            head, rest = mark, list(entry)
    return joined([head, *(_further(child, depth + 1) for child in rest)], "\n")


def _further(node: Block, depth: int) -> Rich:
    """Render a block that stands under the first line of an entry."""
    rich = block(node, depth)
    indented = rich.text and isinstance(node, Paragraph | Heading)
    return joined([Rich(INDENT * depth), rich]) if indented else rich


def _quote(children: tuple[Block, ...], depth: int) -> Rich:
    inside = joined((_quoted(child, depth) for child in children), "\n\n")
    return wrapped(inside, Kind.QUOTE)


def _quoted(node: Block, depth: int) -> Rich:
    rich = block(node, depth)
    if any(span.kind in QUOTES for span in rich.spans):
        return joined([Rich(INNER_QUOTE), rich])
    return rich


def _code_block(text: str, language: str) -> Rich:
    known = language if _LANGUAGE.fullmatch(language) else ""
    return wrapped(plain(text.strip("\n").expandtabs(4)), Kind.PRE, known)


def _table(node: Table) -> Rich:
    header = [inline(cell) for cell in node.header]
    return table(header, [[inline(cell) for cell in row] for row in node.rows])
