"""The words of a block tree without its form: what is indexed and cut into snippets. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    Item,
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


def item_text(item: Item) -> str:
    """Give all words below an item's title, a line for each paragraph."""
    blocks = [*item.body, *(block for insight in item.insights for block in insight.body)]
    return "\n".join(_lines(blocks))


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield from _block_lines(block)


def _block_lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph() | Heading():
            yield _words(block.children)
        case CodeBlock():
            yield block.text
        case Quote():
            yield from _lines(block.children)
        case List():
            yield from _lines(inner for entry in block.entries for inner in entry)
        case Table():
            yield from (" ".join(map(_words, row)) for row in (block.header, *block.rows))
        case Rule():
            return
        case _:
            assert_never(block)


def _words(children: Iterable[Inline]) -> str:
    return "".join(_inline_words(child) for child in children)


def _inline_words(inline: Inline) -> str:
    match inline:
        case Text() | Code():
            return inline.text
        case Strong() | Emphasis() | Strike() | Link():
            return _words(inline.children)
        case Image():
            return inline.alt
        case Break():
            return "\n"
        case _:
            assert_never(inline)
