"""Markdown to the tree of bot.model: from markdown-it's flat list of tokens, in one pass."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from markdown_it.token import Token
from msgspec import Struct

from bot.digests import markdown
from bot.digests.emphasis import mend_strong
from bot.digests.inlines import Inlines, line_join, trim
from bot.digests.markdown_blocks import SIMPLE
from bot.digests.running_text import RunningText, html_block, read_html
from bot.model import (
    Block,
    Break,
    Code,
    CodeBlock,
    Heading,
    Inline,
    List,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
)

_ELEMENTS = {"link": "a", "strong": "strong", "em": "em", "s": "s"}


class Lost(NamedTuple):
    """A link or picture that works only beside its own file."""

    line: int
    address: str


class Node(Struct, frozen=True):
    """A block at the top of a document.

    *line* is where it begins, and *entries* where those of a list do, counted from there. *marks*
    are the classes and ids of what was HTML; *lost* are its links that lead nowhere from here.
    """

    block: Block
    line: int
    entries: tuple[int, ...] = ()
    html: bool = False
    marks: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()


class Body(NamedTuple):
    """All blocks of a document; *cut_at* is the line from which nesting was too deep.

    *notes* are its footnotes, in the order of their numbers, and *lost* the links lost in them.
    """

    nodes: tuple[Node, ...]
    cut_at: int | None
    notes: tuple[tuple[Block, ...], ...] = ()
    lost: tuple[Lost, ...] = ()


def read(text: str, lines_before: int = 0) -> Body:
    """Read Markdown; *lines_before* is added to all line numbers."""
    return of_tokens(markdown.tokens(text), lines_before)


def of_tokens(tokens: Sequence[Token], lines_before: int = 0) -> Body:
    """Build the tree of a document's tokens."""
    reader = _Reader(tokens)
    nodes: list[Node] = []
    while (token := reader.here) and token.type != "footnote_block_open":
        nodes += _node(reader, token, lines_before + 1)
    notes = reader.notes() if reader.here else ()
    # What would stand a level deeper is left out by the parser.
    deep = (
        token for token in tokens if token.level >= markdown.MAX_DEPTH - 1 and token.nesting > 0
    )
    first = next((token.map[0] for token in deep if token.map), None)
    cut_at = None if first is None else first + 1 + lines_before
    return Body(tuple(nodes), cut_at, notes, reader.lost(lines_before + 1))


def _node(reader: _Reader, token: Token, first_line: int) -> list[Node]:
    if token.type == SIMPLE:
        reader.position += 1
        return [
            Node(simple.block, first_line + line, simple.entries)
            for line, simple in token.meta[SIMPLE]
        ]
    line = first_line + token.map[0] if token.map else 0
    if token.type != "html_block":
        start = reader.position
        blocks = reader.block()
        entries = _entries(reader.tokens[start : reader.position], token)
        lost = reader.lost(first_line)
        return [Node(block, line, entries, lost=lost) for block in blocks]
    marks = html_block(token.content).marks
    blocks, lost = reader.block(), reader.lost(first_line)
    return [Node(block, line, html=True, marks=marks, lost=lost) for block in blocks]


class _Reader:
    """A place in the flat list of tokens."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self._lost: list[Lost] = []

    @property
    def here(self) -> Token | None:
        """Give the token that is next, unless everything was read."""
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def block(self) -> tuple[Block, ...]:
        """Read one block; an empty one gives nothing."""
        token = self._next()
        match token.type:
            case "heading_open":
                return (Heading(int(token.tag[1]), self._inlines()),)
            case "paragraph_open":
                return _paragraph(self._inlines())
            case "bullet_list_open":
                return (List(self._entries("bullet_list_close")),)
            case "ordered_list_open":
                start = int(token.attrs.get("start", 1))
                return (List(self._entries("ordered_list_close"), start),)
            case "html_block":
                html = html_block(token.content)
                self._lose(token, html.lost)
                return _paragraph(html.content)
            case "blockquote_open":
                return (Quote(self._blocks("blockquote_close")),)
            case "table_open":
                return (self._table(),)
            case _:
                return _leaf(token)

    def notes(self) -> tuple[tuple[Block, ...], ...]:
        """Read the footnotes, which stand together at the end."""
        self.position += 1
        return self._entries("footnote_block_close")

    def lost(self, first_line: int) -> tuple[Lost, ...]:
        """Take the links that were lost since this was asked before."""
        taken = tuple(Lost(first_line + line, address) for line, address in self._lost)
        self._lost.clear()
        return taken

    def _lose(self, token: Token, addresses: Sequence[str]) -> None:
        """Note where a token's first one stands: the others need only be counted."""
        if addresses:
            place = re.search(rf"[(\"'=]{re.escape(addresses[0])}[)\"'\s>]", token.content)
            above = token.content.count("\n", 0, place.start()) if place else 0
            line = (token.map or [0])[0] + above
            self._lost += [Lost(line, address) for address in addresses]

    def _next(self) -> Token:
        token = self.tokens[self.position]
        self.position += 1
        return token

    def _blocks(self, end: str) -> tuple[Block, ...]:
        blocks: list[Block] = []
        while self.tokens[self.position].type != end:
            blocks += self.block()
        self.position += 1
        return tuple(blocks)

    def _entries(self, end: str) -> tuple[tuple[Block, ...], ...]:
        entries: list[tuple[Block, ...]] = []
        while (token := self._next()).type != end:
            entries.append(self._blocks(token.type.replace("_open", "_close")))
        return tuple(entries)

    def _table(self) -> Table:
        rows: list[tuple[Inlines, ...]] = []
        cells: list[Inlines] = []
        while (token := self._next()).type != "table_close":
            if token.type in {"th_open", "td_open"}:
                cells.append(self._inlines())
            elif token.type == "tr_close":
                rows.append(tuple(cells))
                cells = []
        return Table(rows[0], tuple(rows[1:]))

    def _inlines(self) -> Inlines:
        """Read the one token of running text, and past the end of its block."""
        token = self._next()
        self.position += 1
        if simple := token.meta.get(SIMPLE):
            return trim(simple)
        text = RunningText()
        _add(text, token.children or [])
        self._lose(token, text.lost)
        return mend_strong(trim(text.finish()))


def _entries(tokens: Sequence[Token], opening: Token) -> tuple[int, ...]:
    if not opening.type.endswith("list_open") or not opening.map:
        return ()
    level = opening.level + 1
    return tuple(
        token.map[0] - opening.map[0]
        for token in tokens
        if token.level == level and token.type == "list_item_open" and token.map
    )


def _leaf(token: Token) -> tuple[Block, ...]:
    match token.type:
        case "fence" | "code_block":
            language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
            return (CodeBlock(token.content.rstrip("\n"), language),)
        case "hr":
            return (Rule(),)
        case _:
            return ()


def _paragraph(content: Inlines) -> tuple[Block, ...]:
    return (Paragraph(content),) if content else ()


def _add(text: RunningText, tokens: Sequence[Token]) -> None:
    for index, token in enumerate(tokens):
        kind, _, edge = token.type.rpartition("_")
        if edge == "open" and kind in _ELEMENTS:
            text.open(_ELEMENTS[kind], {"href": str(token.attrs.get("href", ""))})
        elif edge == "close" and kind in _ELEMENTS:
            text.close(_ELEMENTS[kind])
        elif token.type == "html_inline":
            read_html(token.content, text)
        elif token.type == "image":
            text.open("img", {"src": str(token.attrs.get("src", "")), "alt": token.content})
        elif token.type == "softbreak":
            text.add(_soft_break(tokens, index))
        elif inline := _inline(token):
            text.add(inline)


def _inline(token: Token) -> Inline | None:
    match token.type:
        case "text" | "text_special":
            return Text(token.content)
        case "code_inline":
            return Code(token.content)
        case "hardbreak":
            return Break()
        case "footnote_ref":
            return Text(f"[{token.meta['id'] + 1}]")
        case _:
            return None


def _soft_break(tokens: Sequence[Token], index: int) -> Inline:
    before = tokens[index - 1].content[-1:] if index else ""
    after = tokens[index + 1].content[:1] if index + 1 < len(tokens) else ""
    return Text(line_join(before, after))
