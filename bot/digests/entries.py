"""Entries of lists as stories: each bullet of a misc section, each number of a list digest."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.digests.inlines import Inlines, cut, plain, raw, trim
from bot.digests.outline import Part, Story
from bot.digests.sources import take_source
from bot.digests.tree import Node
from bot.model import Block, Link, List, Paragraph, Rule, Strong, Text

MAX_TITLE = 120

_SEPARATORS = "：:，,—–-|·"
_NUMBERING = r"^[\W\d_]*(?:[一二三四五六七八九十]+、)?\s*"
_MISC = re.compile(
    rf"{_NUMBERING}(?:更多|其[他它]|另外|此外|(?:more|other|misc)\b)|"
    r"(?:动态|快讯|简讯|速览|短讯|一览)$"
)
_SENTENCE = re.compile(r"[。！？!?]+[”」』\"]?|[.](?=\s+\S)")


def is_misc(part: Part) -> bool:
    """Tell whether a heading announces bits and pieces, and a list of them follows."""
    is_named_so = bool(_MISC.search(part.name.lower()))
    return is_named_so and any(isinstance(block, List) for block in part.blocks)


def is_list_of(kind: type[Link] | type[Strong], part: Part, least: int = 3) -> bool:
    """Tell whether a part is nothing but a list whose every entry begins with a link, or bold."""
    entries: list[tuple[Block, ...]] = []
    for block in part.blocks:
        if not isinstance(block, List):
            return False
        entries += block.entries
    return len(entries) >= least and all(_starts_with(entry, kind) for entry in entries)


def entry_stories(part: Part) -> tuple[Story, ...]:
    """Make a story of each entry of a part's lists; what stands between them stays whole."""
    return tuple(_stories(part.nodes))


def entry_story(entry: tuple[Block, ...], line: int) -> Story:
    """Make a story of one entry: its first words are the title."""
    if not entry or not isinstance(first := entry[0], Paragraph):
        return Story((), entry, line)
    text, url = take_source(first.children)
    title, rest = _title(text) if text else ((), ())
    body = (Paragraph(rest), *entry[1:]) if rest else entry[1:]
    return Story(title, body, line, url=url)


def _stories(nodes: list[Node]) -> Iterator[Story]:
    between: list[Node] = []
    for node in nodes:
        if isinstance(node.block, List):
            yield from _whole(between)
            between = []
            places = node.entries or (0,) * len(node.block.entries)
            entries = zip(node.block.entries, places, strict=True)
            yield from (entry_story(entry, node.line + place) for entry, place in entries if entry)
        elif not isinstance(node.block, Rule):
            between.append(node)
    yield from _whole(between)


def _whole(nodes: list[Node]) -> Iterator[Story]:
    if nodes:
        yield Story((), tuple(node.block for node in nodes), nodes[0].line)


def _starts_with(entry: tuple[Block, ...], kind: type[Link] | type[Strong]) -> bool:
    match entry:
        case (Paragraph((first, *_)), *_):
            return isinstance(first, kind) or (
                isinstance(first, Strong) and isinstance(first.children[0], kind)
            )
        case _:
            return False


def _title(text: Inlines) -> tuple[Inlines, Inlines]:
    """Cut an entry after its lead link, its bold lead, its first sentence, or not at all."""
    lead, rest = text[:1], text[1:]
    if isinstance(lead[0], (Link, Strong)) and _ends_there(rest):
        return lead, trim(rest, _SEPARATORS)
    words = raw(text)
    if len(words) <= MAX_TITLE and "\n" not in words:
        return text, ()
    found = next((found for found in _SENTENCE.finditer(words) if found.end() > 8), None)
    if found and found.end() <= MAX_TITLE * 2 and "\n" not in words[: found.end()]:
        first, second = cut(text, found.end())
        return first, trim(second)
    return (), text


def _ends_there(rest: Inlines) -> bool:
    """A lead is a title if a separator, a new line or nothing follows, not the sentence itself."""
    if not plain(rest):
        return True
    if not isinstance(rest[0], Text):
        return raw(rest).startswith("\n")
    return rest[0].text.lstrip()[:1] in tuple(_SEPARATORS) or rest[0].text.startswith("  ")
