"""The words of blocks, as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from bot.digests.inlines import Inlines, plain
from bot.model import Block, CodeBlock, Heading, Item, List, Paragraph, Quote, Rule, Table

# A tuple: a union is made anew for each test.
_RUNNING = (Paragraph, Heading)


def block_text(block: Block) -> str:
    """Give a block's words in one line."""
    if isinstance(block, Paragraph):
        return plain(block.children)
    return " ".join(part for part in _parts(block) if part)


def blocks_text(blocks: Iterable[Block]) -> str:
    """Give the words of several blocks in one line."""
    return " ".join(text for block in blocks if (text := block_text(block)))


def item_text(item: Item) -> str:
    """Give an item's words: its title, its body, its comments."""
    comments = (f"{insight.label} {blocks_text(insight.body)}" for insight in item.insights)
    return " ".join(part for part in (item.title, blocks_text(item.body), *comments) if part)


def running_texts(blocks: Iterable[Block]) -> Iterator[Inlines]:
    """Yield the running texts of blocks, in order."""
    # Tests of types, most frequent first: a match statement takes three times as long.
    for block in blocks:
        if isinstance(block, _RUNNING):
            yield block.children
        elif isinstance(block, Quote):
            yield from running_texts(block.children)
        elif isinstance(block, List):
            yield from running_texts(chain.from_iterable(block.entries))
        elif isinstance(block, Table):
            yield from chain(block.header, *block.rows)


def _parts(block: CodeBlock | Heading | List | Quote | Rule | Table) -> Iterator[str]:
    match block:
        case Heading(_, children):
            yield plain(children)
        case Quote(children):
            yield from map(block_text, children)
        case List(entries):
            yield from (blocks_text(entry) for entry in entries)
        case CodeBlock(text):
            yield text
        case Table(header, rows):
            yield from (plain(cell) for row in (header, *rows) for cell in row)
        case Rule():
            return
