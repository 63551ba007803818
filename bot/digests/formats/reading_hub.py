"""AI Reading Hub and its kin: items of one paragraph that ends in a link 阅读原文."""

from __future__ import annotations

from msgspec.structs import replace

from bot.digests.outline import Chapter, Part, Story, chapters
from bot.digests.sources import take_source
from bot.model import Block, Paragraph


def matches(root: Part) -> bool:
    """Tell whether most items end in such a link."""
    urls = [_take(part.blocks)[1] for part in root.leaves()]
    return sum(url is not None for url in urls) * 2 > len(urls)


def read(root: Part) -> tuple[Chapter, ...]:
    """Read each heading without subheadings as an item."""
    return tuple(
        Chapter(chapter.title, tuple(_sourced(found) for found in chapter.stories))
        for chapter in chapters(root, lambda _: None)
    )


def _sourced(found: Story) -> Story:
    blocks, url = _take(found.blocks)
    return replace(found, blocks=blocks, url=url)


def _take(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], str | None]:
    if not blocks or not isinstance(last := blocks[-1], Paragraph):
        return blocks, None
    text, url = take_source(last.children)
    return (*blocks[:-1], *((Paragraph(text),) if text else ())), url
