"""Random digests, as nasty as publishers can make them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

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

words = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(codec="utf-8"), max_size=40),
    st.text("人工智能模型发布，。", max_size=120),
)
texts = st.one_of(words, st.lists(words, min_size=2, max_size=4).map(" ".join))
long_texts = st.one_of(
    texts, texts, texts, texts, st.integers(0, len(LONG_WORDS) - 1).map(LONG_WORDS.__getitem__)
)
urls = st.integers(0, len(URLS) - 1).map(URLS.__getitem__)


def _inline_around(children: st.SearchStrategy[Inline]) -> st.SearchStrategy[Inline]:
    several = st.lists(children, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Strong, several),
        st.builds(Emphasis, several),
        st.builds(Strike, several),
        st.builds(Link, urls, several),
    )


inlines: st.SearchStrategy[Inline] = st.recursive(
    st.one_of(
        st.builds(Text, texts),
        st.builds(Text, texts),
        st.builds(Code, texts),
        st.builds(Image, urls, texts),
        st.just(Break()),
    ),
    _inline_around,
    max_leaves=6,
)
lines = st.lists(inlines, max_size=4).map(tuple)
long_lines = st.one_of(lines, lines, lines, long_texts.map(lambda text: (Text(text),)))


def _blocks_around(children: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    several = st.lists(children, max_size=3).map(tuple)
    entries = st.lists(several, max_size=4).map(tuple)
    return st.one_of(
        st.builds(List, entries, st.one_of(st.none(), st.integers(0, 200))),
        st.builds(Quote, several),
    )


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Draw a table, its rows as long as its header or not."""
    cells = st.lists(lines, max_size=4).map(tuple)
    return Table(draw(cells), tuple(draw(st.lists(cells, max_size=3))))


blocks: st.SearchStrategy[Block] = st.recursive(
    st.one_of(
        st.builds(Paragraph, long_lines),
        st.builds(Paragraph, lines),
        st.builds(Heading, st.integers(1, 6), lines),
        st.builds(CodeBlock, long_texts, st.sampled_from(("", "python", "c++", "a b", '"<'))),
        tables(),
        st.just(Rule()),
    ),
    _blocks_around,
    max_leaves=6,
)
bodies = st.lists(blocks, max_size=4).map(tuple)
topics = st.lists(
    st.sampled_from(("OpenAI", "智谱", "3D打印", "C++", "GPT-5", "Claude Code", "...", "5", "²")),
    max_size=4,
    unique=True,
).map(tuple)


@st.composite
def digests(draw: st.DrawFn) -> Digest:
    """Draw a digest whose headlines point at its items, at none, or at what is not there."""
    keys = [f"k{number}" for number in range(draw(st.integers(0, 14)))]
    items = [draw(_items(key)) for key in keys]
    ends = sorted(draw(st.lists(st.integers(0, len(items)), max_size=4)))
    borders = [0, *ends, len(items)]
    return Digest(
        id=draw(st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True)),
        source="source",
        language=draw(st.sampled_from(("zh-CN", "en", "ar"))),
        day=draw(st.dates(date(2000, 1, 1), date(2099, 12, 31))),
        title=draw(long_texts),
        headlines=tuple(draw(st.lists(_headlines(keys), max_size=14))),
        sections=tuple(
            Section(draw(long_texts), tuple(items[start:end])) for start, end in pairwise(borders)
        ),
        content_hash="hash",
        cover=draw(st.one_of(st.none(), urls)),
    )


@st.composite
def _items(draw: st.DrawFn, key: str) -> Item:
    insights = st.lists(st.builds(Insight, texts, bodies), max_size=2).map(tuple)
    return Item(
        key=key,
        title=draw(long_texts),
        body=draw(bodies),
        url=draw(st.one_of(st.none(), urls)),
        links=draw(st.lists(urls, max_size=4).map(tuple)),
        insights=draw(insights),
        topics=draw(topics),
    )


def _headlines(keys: list[str]) -> st.SearchStrategy[Headline]:
    return st.builds(
        Headline,
        long_texts,
        st.sampled_from(Origin),
        st.one_of(st.none(), st.just("gone"), *([st.sampled_from(keys)] if keys else [])),
    )
