"""The words of blocks, as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from bot.digests.inlines import Inlines, plain
from bot.model import Block, CodeBlock, Heading, Item, List, Paragraph, Quote, Table

# Tests of types, most frequent first, and tuples: match statements and unions take far longer.
_RUNNING = (Paragraph, Heading)


def block_text(block: Block) -> str:
    """Give a block's words in one line."""
    if isinstance(block, _RUNNING):
        return plain(block.children)
    if isinstance(block, List):
        return " ".join(filter(None, map(blocks_text, block.entries)))
    if isinstance(block, Quote):
        return blocks_text(block.children)
    if isinstance(block, CodeBlock):
        return block.text
    if isinstance(block, Table):
        return " ".join(filter(None, map(plain, chain(block.header, *block.rows))))
    return ""


def blocks_text(blocks: Iterable[Block]) -> str:
    """Give the words of several blocks in one line."""
    return " ".join(filter(None, map(block_text, blocks)))


def item_text(item: Item) -> str:
    """Give an item's words: its title, its body, its comments."""
    comments = (f"{insight.label} {blocks_text(insight.body)}" for insight in item.insights)
    return " ".join(part for part in (item.title, blocks_text(item.body), *comments) if part)


def running_texts(blocks: Iterable[Block]) -> Iterator[Inlines]:
    """Yield the running texts of blocks, in order."""
    for block in blocks:
        if isinstance(block, _RUNNING):
            yield block.children
        elif isinstance(block, Quote):
            yield from running_texts(block.children)
        elif isinstance(block, List):
            yield from running_texts(chain.from_iterable(block.entries))
        elif isinstance(block, Table):
            yield from chain(block.header, *block.rows)
