"""Random digests, as nasty as publishers can make them.

Drawn by a plain generator from a seed and a size, which is a hundred times as fast as drawing each
part by itself; a failure shrinks to a small size.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from bot.model import (
    Block,
    Break,
    Code,
    CodeBlock,
    Digest,
    Emphasis,
    Heading,
    Headline,
    Image,
    Inline,
    Insight,
    Item,
    Link,
    List,
    Origin,
    Paragraph,
    Quote,
    Rule,
    Section,
    Strike,
    Strong,
    Table,
    Text,
)

NASTY = (
    "<b>not bold</b>",
    "a < b && c > d",
    "&lt;&amp;&nbsp;&#39;",
    "\"quoted\" and 'single'",
    "javascript:alert(1)",
    "<think>literal</think>",
    "**stars** __lines__ `ticks` [x](#)",
    "{name} %s {0} {",
    "مرحبا بالعالم",
    "שלום GPT-5 עולם",
    "👩‍👩‍👧‍👦🏳️‍🌈👍🏽",
    "e\u0301a\u030az\u0336",
    "\u202eright to left override",
    "\u2067open isolate",
    "控制\x00字\x07符\x1b",
    "一行\r\n两行",
    "全角ＡＢＣ，。！",
    "zero\u200bwidth\u200d\ufeff",
    "#tag @name /command https://example.com/?a=1&b=2",
    "\u3000 \u00a0 ",
    "",
    "-",
)
TOPICS = ("OpenAI", "智谱", "3D打印", "C++", "GPT-5", "Claude Code", "...", "5", "²", "مرحبا")
URLS = (
    'https://example.com/a?b=1&c="2"',
    "https://例子.中国/路径",
    "http://EXAMPLE.com",
    "https://example.com/with blank",
    "tg://resolve?domain=example",
    "mailto:someone@example.com",
    "javascript:alert(1)",
    "#",
    "",
    "../relative",
    "https://nohost",
    "http://1.2.3.4:99999/",
    "https://user@example.com/",
    "https://example.com/" + "x" * 3000,
)
LONG_WORDS = ("x" * 10_000, "超长" * 3_000, "👩‍👩‍👧‍👦" * 900, "z" + "\u0301" * 5_000)

LETTERS = (
    "abcXYZ 0189 人工智能模型发布，。；（）《》 <>&\"'*_[]`{}|~#@/\\-\n\t\u0301\u200dمرحبא😀👍🏽é"
)

Drawn = TypeVar("Drawn")


class Publisher:
    """Writes whatever comes to a random mind; *size* bounds how much of it."""

    def __init__(self, random: Random, size: int) -> None:
        self.random = random
        self.size = size

    def several(self, draw: Callable[[], Drawn], most: int) -> tuple[Drawn, ...]:
        """Draw a handful."""
        return tuple(draw() for _ in range(self.random.randint(0, min(most, self.size))))

    def text(self) -> str:
        """Draw some words."""
        choice = self.random.random()
        if choice < 0.4:
            return "".join(self.random.choices(LETTERS, k=self.random.randint(0, 40)))
        if choice < 0.5:
            code = self.random.randrange(1, 0x11000)
            return chr(code + 0x800 if code >= 0xD800 else code)
        return " ".join(self.random.choices(NASTY, k=self.random.randint(1, 4)))

    def long_text(self) -> str:
        """Draw words, once in a while one that no message can hold."""
        long = self.size > 5 and self.random.random() < 0.02
        return self.random.choice(LONG_WORDS) if long else self.text()

    def url(self) -> str:
        """Draw an address, usable or not."""
        return self.random.choice(URLS)

    def inline(self, depth: int = 0) -> Inline:
        """Draw words with their formatting."""
        kind = self.random.randrange(5 if depth > 2 else 10)
        around = (Strong, Emphasis, Strike)
        match kind:
            case 0 | 1:
                return Text(self.text())
            case 2:
                return Code(self.text())
            case 3:
                return Image(self.url(), self.text())
            case 4:
                return Break()
            case 5 | 6:
                return Link(self.url(), self.line(depth + 1))
            case _:
                return around[kind - 7](self.line(depth + 1))

    def line(self, depth: int = 0) -> tuple[Inline, ...]:
        """Draw what stands in a line."""
        if depth == 0 and self.random.random() < 0.1:
            return (Text(self.long_text()),)
        return self.several(lambda: self.inline(depth), 4)

    def block(self, depth: int = 0) -> Block:
        """Draw a block."""
        match self.random.randrange(6 if depth > 2 else 10):
            case 0 | 1:
                return Paragraph(self.line())
            case 2:
                return Heading(self.random.randint(1, 6), self.line())
            case 3:
                languages = ("", "python", "c++", "a b", '"<')
                return CodeBlock(self.long_text(), self.random.choice(languages))
            case 4:
                row = partial(self.several, self.line, 4)
                return Table(row(), self.several(row, 3))
            case 5:
                return Rule()
            case 6 | 7:
                return Quote(self.body(depth + 1))
            case _:
                entries = self.several(lambda: self.body(depth + 1), 4)
                return List(entries, self.random.choice((None, 0, 1, 199)))

    def body(self, depth: int = 0) -> tuple[Block, ...]:
        """Draw some blocks."""
        return self.several(lambda: self.block(depth), 3 if depth else 4)

    def item(self, key: str) -> Item:
        """Draw a story."""
        return Item(
            key=key,
            title=self.long_text(),
            body=self.body(),
            url=self.random.choice((None, self.url())),
            links=self.several(self.url, 4),
            insights=self.several(lambda: Insight(self.text(), self.body()), 2),
            topics=self.several(lambda: self.random.choice(TOPICS), 4),
        )

    def headline(self, keys: list[str]) -> Headline:
        """Draw a headline of one of the items, of none, or of one that is not there."""
        item = self.random.choice([None, "gone", *keys])
        return Headline(self.long_text(), self.random.choice(list(Origin)), item)

    def digest(self) -> Digest:
        """Draw a digest."""
        keys = [f"k{number}" for number in range(self.random.randint(0, self.size))]
        items = [self.item(key) for key in keys]
        inner = self.several(lambda: self.random.randint(0, len(items)), 12)
        return Digest(
            id=f"{self.random.randrange(10**9)}-_",
            source="source",
            language=self.random.choice(("zh-CN", "en", "ar")),
            day=date(2000, 1, 1) + timedelta(self.random.randrange(30_000)),
            title=self.long_text(),
            headlines=self.several(lambda: self.headline(keys), 150 if self.size > 13 else 14),
            sections=tuple(
                Section(self.long_text(), tuple(items[start:end]))
                for start, end in pairwise((0, *sorted(inner), len(items)))
            ),
            content_hash="hash",
            cover=self.random.choice((None, self.url())),
        )


def draw_digest(seed: int, size: int = 14) -> Digest:
    """Draw the digest of a seed."""
    return Publisher(Random(seed), size).digest()


def digests() -> st.SearchStrategy[Digest]:
    """Draw digests of all sizes."""
    return st.builds(draw_digest, st.integers(0, 2**32), st.integers(1, 14))


def _texts(seed: int) -> str:
    return Publisher(Random(seed), 8).long_text()


texts = st.builds(_texts, st.integers(0, 2**32))
urls = st.integers(0, len(URLS) - 1).map(URLS.__getitem__)
