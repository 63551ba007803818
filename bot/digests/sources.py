"""Where a story comes from: the link that only says "source", the link that stands alone."""

from __future__ import annotations

import re

from bot.digests.inlines import Inlines, links, plain, trim
from bot.digests.plain import running_texts
from bot.model import Block, Link, Paragraph, Text

_GENERIC = re.compile(
    r"\W*(?:阅读原文|查看原文|原文链接|原文|消息来源|信息来源|来源|出处|详情|查看详情|链接|"
    r"link|source|read more|more|via|原文を読む|続きを読む|出典)\W*",
    re.IGNORECASE,
)


def take_source(text: Inlines) -> tuple[Inlines, str | None]:
    """Take a closing link that only says "source" off a text."""
    if not text or not isinstance(last := text[-1], Link):
        return text, None
    if not _GENERIC.fullmatch(plain(last.children)):
        return text, None
    return trim(text[:-1]), last.url


def links_in(blocks: tuple[Block, ...]) -> list[str]:
    """Give where blocks lead to, in order."""
    return [link for text in running_texts(blocks) for link in links(text)]


def source_of(title: Inlines, blocks: tuple[Block, ...]) -> str | None:
    """Choose the link that a story is about: its title's, one that stands alone, the only one."""
    alone = (url for block in blocks for url in _alone(block))
    if chosen := next(iter(links(title)), None) or next(alone, None):
        return chosen
    every = set(links_in(blocks))
    return every.pop() if len(every) == 1 else None


def _alone(block: Block) -> list[str]:
    """Give the links of a paragraph that has nothing else."""
    is_alone = isinstance(block, Paragraph) and all(map(_is_link, block.children))
    return links_in((block,)) if is_alone else []


def _is_link(inline: object) -> bool:
    if isinstance(inline, Text):
        return all(word.startswith(("http://", "https://")) for word in inline.text.split())
    return isinstance(inline, Link)
