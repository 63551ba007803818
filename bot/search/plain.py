"""The words of a block tree without its form: what is indexed and cut into snippets. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
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

# Tests of types, most frequent first, and tuples: match statements and unions take far longer.
_RUNNING = (Paragraph, Heading)
_WRITTEN = (Text, Code)
_AROUND = (Strong, Emphasis, Strike, Link)


def item_text(item: Item) -> str:
    """Give all words below an item's title, a line for each paragraph."""
    insights = (insight.body for insight in item.insights)
    return "\n".join(_lines(chain(item.body, *insights)))


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, _RUNNING):
            yield _words(block.children)
        elif isinstance(block, List):
            yield from _lines(chain.from_iterable(block.entries))
        elif isinstance(block, Quote):
            yield from _lines(block.children)
        elif isinstance(block, CodeBlock):
            yield block.text
        elif isinstance(block, Table):
            yield from (" ".join(map(_words, row)) for row in (block.header, *block.rows))
        elif not isinstance(block, Rule):
            assert_never(block)


def _words(children: Iterable[Inline]) -> str:
    return "".join(map(_inline_words, children))


def _inline_words(inline: Inline) -> str:
    if isinstance(inline, _WRITTEN):
        return inline.text
    if isinstance(inline, _AROUND):
        return _words(inline.children)
    if isinstance(inline, Image):
        return inline.alt
    if isinstance(inline, Break):
        return "\n"
    assert_never(inline)
