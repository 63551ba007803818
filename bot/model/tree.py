"""The tree: what a publisher wrote, free of Markdown and HTML."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct


class Text(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """Plain words; never markup."""

    text: str


class Strong(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """Words set in bold."""

    children: tuple[Inline, ...]


class Emphasis(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """Words set in italics."""

    children: tuple[Inline, ...]


class Strike(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """Words struck through."""

    children: tuple[Inline, ...]


class Code(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """Code within a line."""

    text: str


class Link(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """Words that lead somewhere; *url* is absolute (http, https, tg or mailto)."""

    url: str
    children: tuple[Inline, ...]


class Image(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """A picture; *url* is absolute."""

    url: str
    alt: str


class Break(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """An intended line break."""


Inline: TypeAlias = Text | Strong | Emphasis | Strike | Code | Link | Image | Break


class Paragraph(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """Running text."""

    children: tuple[Inline, ...]


class Heading(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """A heading inside an item's body; *level* is 1 to 6."""

    level: int
    children: tuple[Inline, ...]


class List(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """A list; *start* is the first number of an ordered one, None for bullets."""

    entries: tuple[tuple[Block, ...], ...]
    start: int | None = None


class Quote(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """A block quotation."""

    children: tuple[Block, ...]


class CodeBlock(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """Code as a block; *language* is empty where the author named none."""

    text: str
    language: str = ""


class Table(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """A table: the header's cells and the rows' cells."""

    header: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


class Rule(Struct, frozen=True, gc=False, tag=True, array_like=True):
    """A thematic break."""


Block: TypeAlias = Paragraph | Heading | List | Quote | CodeBlock | Table | Rule
