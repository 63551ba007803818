"""What the pages of a story must say, word for word: written anew, from the tree alone.

Blanks and direction marks are left out; a table may be set in either of its two forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias, assert_never

from bot.locale import Words
from bot.model import (
    Block,
    Break,
    Code,
    CodeBlock,
    Digest,
    Heading,
    Image,
    Inline,
    Item,
    Link,
    List,
    Paragraph,
    Quote,
    Rule,
    Table,
    Text,
)
from bot.rendering.callbacks import Callback
from bot.rendering.hashtags import hashtags
from bot.rendering.names import section_name
from bot.rendering.rich import clean
from bot.rendering.tables import MAX_COLUMNS
from bot.rendering.urls import acceptable, host, mail_address
from bot.text.units import shorten
from tests.rendering.walking import bare, said, shown_of

Choice: TypeAlias = tuple[str, ...]
"""What may stand at a place: one text nearly always."""


def says_exactly(shown: str, choices: Iterable[Choice]) -> bool:
    """Tell whether a text is one choice after the other, and nothing else."""
    reached = {0}
    for choice in choices:
        ways = [bare(one) for one in choice]
        reached = {at + len(one) for at in reached for one in ways if shown.startswith(one, at)}
    return len(shown) in reached


def assert_all_said(digest: Digest, texts: Mapping[Callback, str], w: Words) -> None:
    """Hold what the pages of all stories show against what their author wrote."""
    for number, section in enumerate(digest.sections):
        for item in section.items:
            shown = shown_of(texts, item.key)
            assert says_exactly(shown, pages_say(item, digest, number, w)), f"{item.key}: {shown}"


def pages_say(item: Item, digest: Digest, section: int, w: Words) -> Iterator[Choice]:
    """Give what the pages of a story say together."""
    place = said(" ".join(shorten(section_name(digest, section, w), 100).split()))
    yield (f"{place}·{w.short_day(digest.day)}" if place else w.short_day(digest.day),)
    yield (said(item.title),)
    yield from _blocks(item.body)
    for insight in item.insights:
        yield (said(insight.label),)
        yield from _blocks(insight.body)
    urls = [acceptable(url) for url in (item.url, *item.links) if url]
    sites = "·".join(host(url) for url in dict.fromkeys(filter(None, urls)))
    yield (w("Sources: ").strip() + sites if sites else "",)


def post_ends(digest: Digest) -> str:
    """Give what a post says below its heading."""
    headlines = (said(one.text) for one in digest.headlines)
    listed = "".join(f"•{text}" for text in headlines if text)
    return listed + bare(hashtags(digest.topics))


def _blocks(blocks: Iterable[Block], depth: int = 0) -> Iterator[Choice]:
    for block in blocks:
        yield from _block(block, depth)


def _block(block: Block, depth: int) -> Iterator[Choice]:
    match block:
        case Paragraph(children) | Heading(_, children):
            yield (_line(children),)
        case CodeBlock(text):
            yield (clean(text),)
        case Rule():
            yield ("———",)
        case Quote(children):
            for child in children:
                yield _inner_quote(child, depth)
                yield from _block(child, depth)
        case List():
            yield from _list(block, depth)
        case Table():
            yield _table(block)
        case _:
            assert_never(block)


def _list(block: List, depth: int) -> Iterator[Choice]:
    for at, entry in enumerate(block.entries):
        bullet = "•◦▪"[min(depth, 2)] if block.start is None else f"{block.start + at}."
        nested = block.start is None and entry and isinstance(entry[0], List)
        yield ("" if nested else bullet,)
        yield from _blocks(entry, depth + 1)


def _inner_quote(block: Block, depth: int) -> Choice:
    """Mark what holds a quote; of a table of blanks alone either may be thought."""
    quotes = [list(_blocks(quote.children, depth)) for quote in _quotes(block)]
    said_there = [choice for choices in quotes for choice in choices]
    if any(all(one.strip() for one in choice) for choice in said_there):
        return ("›",)
    return ("", "›") if any(one.strip() for choice in said_there for one in choice) else ("",)


def _quotes(block: Block) -> Iterator[Quote]:
    match block:
        case Quote():
            yield block
        case List(entries):
            for entry in entries:
                for inner in entry:
                    yield from _quotes(inner)
        case _:
            return


def _table(table: Table) -> Choice:
    lines = [[_line(cell) for cell in row] for row in (table.header, *table.rows)]
    filled = [lines[0], *(line for line in lines[1:] if any(line))]
    if not any(filled):
        return ("",)
    width = max(map(len, filled))
    padded = [line + [""] * (width - len(line)) for line in filled]
    head, body = "".join(padded[0]), "".join(map("".join, padded[1:]))
    # How long the rule is, is for the eye to judge.
    return _as_list(padded), *(f"{head}{'-' * length}{body}" for length in range(MAX_COLUMNS + 1))


def _as_list(lines: list[list[str]]) -> str:
    if len(lines) == 1:
        return "•" + "".join(lines[0])
    return "".join("•" + "".join(map(_named, lines[0], line)) for line in lines[1:])


def _named(name: str, cell: str) -> str:
    return f"{name}:{cell or '–'}" if name else cell


def _line(children: Sequence[Inline]) -> str:
    return "".join(map(_inline, children))


def _inline(inline: Inline) -> str:
    match inline:
        case Text(text) | Code(text):
            return clean(text)
        case Image(_, alt):
            return f"🖼{clean(alt)}"
        case Break():
            return "\n"
        case Link(url, children):
            return _link(url, _line(children))
        case _:
            return _line(inline.children)


def _link(url: str, words: str) -> str:
    address = mail_address(url)
    if address:
        return words if address in words else f"{words}({address})"
    return words if words.strip() else clean(host(url))
