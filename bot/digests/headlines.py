"""A digest's headlines: the author's summary, else highlights, else items, else sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice, zip_longest

from bot.digests import tree
from bot.digests.dates import is_dateline
from bot.digests.inlines import plain
from bot.digests.items import Contents
from bot.digests.matching import matches
from bot.digests.outline import Part
from bot.digests.plain import block_text, blocks_text
from bot.digests.problems import Code, problem
from bot.digests.told import Told
from bot.model import (
    Block,
    Headline,
    Item,
    List,
    Origin,
    Paragraph,
    Problem,
    Quote,
    Section,
    Strong,
)

MOST = 10
MOST_AUTHORED = 40
SHORTEST = 12
LONGEST = 300

# What stands right before a number or a sum is its sign.
_GLYPH = re.compile(
    r"^(?:(?:[*•·‣▪◦—►▶]|[-–+](?![.,$€£¥￥]?\d))\s*|\(?\d{1,2}(?:[.)](?=\s)|、|）)\s*)+"
)
# Behind these a sentence goes on: Dr. Smith, U.S. banks, Nvidia Corp. and others.
_SHORT = (
    "Dr Dra Mr Mrs Ms MM Sr Sra Prof St Gen Gov Rep Sen Corp Inc Ltd Ltda Co vs Nr bzw ca inkl EE"
)
_GOES_ON = "".join(rf"(?<!\b{word}[.])" for word in (*_SHORT.split(), r"[^\W\d_]"))
_FULL_STOP = re.compile(rf"(?<=[。！？!?])|(?<=[.]){_GOES_ON}\s+(?=[^\Wa-z\d_])")
# What stands in brackets or quotes stays together.
_ENCLOSED = "|".join(
    rf"\{opens}[^{opens}{closes}]*\{closes}"
    for opens, closes in ("()", "（）", "【】", "《》", "「」", "『』", "“”", '""')
)
_CLAUSE, _ENUMERATED = (
    re.compile(rf"(?>(?:{_ENCLOSED}|[^{marks}])+)") for marks in ("；;", "、；;")
)
_MARKS = re.compile(r"`([^`]*)`|\*\*|__|`|(?<!\w)\*(?=\w)|(?<=[\w.!?])\*(?!\w)")
_MARKUP = re.compile(r"\]\(|</?[A-Za-z]|&#?\w")
_HANDLE = re.compile(r"(?:@[\w.-]+|https?://\S+)[:：]?")
_HIGHLIGHTS = (
    r"ハイライト|要点|看点|亮点|摘要|提要|导读|速览|头条|"
    r"highlights?|tl ?dr|key (?:points|takeaways)|in short|at a glance|in this issue|summary|"
    r"lo (?:esencial|más destacado)|en bref|à retenir|à la une|(?:l )?essentiel|points clés|"
    r"das wichtigste|kurz gesagt|öne çıkan\w*|главное|коротко|하이라이트|주요 뉴스|"
    r"أبرز العناوين|أهم الأخبار|עיקרי הדברים|תקציר"
)
_AT_AN_END = re.compile(rf"^(?:{_HIGHLIGHTS})|(?:{_HIGHLIGHTS})$", re.IGNORECASE)
_NO_WORDS = re.compile(r"(?:[\W_]|\d+[年月日]?)+")


def headlines(
    values: Mapping[str, object], root: Part, contents: Contents, problems: list[Problem]
) -> tuple[Headline, ...]:
    """Choose the headlines by the first origin that gives any, and match each to its item."""
    if texts := _summary(values.get("summary")):
        return _authored(Origin.SUMMARY, texts, contents.told, problems)
    if texts := _highlights(root) or _description(values.get("description")):
        return _authored(Origin.HIGHLIGHTS, texts, contents.told, problems)
    found = _from_items(contents.sections)
    return found if len(found) > 1 else found + _from_sentences(contents.told)


def _authored(
    origin: Origin, texts: list[str], told: tuple[Told, ...], problems: list[Problem]
) -> tuple[Headline, ...]:
    kept = [_cut(text) for text in texts[:MOST_AUTHORED]]
    if kept != texts:
        problems.append(problem(Code.LONG_SUMMARY, limit=f"{MOST_AUTHORED} lines of {LONGEST}"))
    keys = matches(kept, told)
    return tuple(Headline(text, origin, key) for text, key in zip(kept, keys, strict=True))


def _summary(value: object) -> list[str]:
    if isinstance(value, list):
        return _tidy(_rendered(line) for line in value if isinstance(line, str))
    if not isinstance(value, str):
        return []
    lines = [line for line in value.splitlines() if line.strip()]
    return _tidy(map(_rendered, lines)) if len(lines) > 1 else _tidy(_prose(value))


def _prose(text: str) -> list[str]:
    """Split one line of prose into what it enumerates."""
    text = _rendered(_GLYPH.sub("", " ".join(text.split())))
    parts = [part for part in _CLAUSE.findall(text) if part.strip()]
    return parts if len(parts) > 1 else [part for part in _FULL_STOP.split(text) if part]


def _description(value: object) -> list[str]:
    """Read a description only where it is a list; else it is an advertisement for the page."""
    if not isinstance(value, str):
        return []
    parts = _tidy(_ENUMERATED.findall(_rendered(" ".join(value.split()))))
    listed = len(parts) >= 3 and all(6 <= len(part) <= 60 for part in parts)
    return parts if listed and not _FULL_STOP.search(value.rstrip("。.")) else []


def _highlights(root: Part) -> list[str]:
    parts = [part for part in _every(root) if part.title and _names_highlights(part.name)]
    # What heads several parts is a label within stories.
    times = Counter(part.name for part in parts)
    found = (_tidy(_points(part)) for part in parts if times[part.name] == 1)
    return next(filter(None, found), [])


def _names_highlights(title: str) -> bool:
    """Tell a heading such as 今日要点 from one of a story: it says little else."""
    words = _NO_WORDS.sub(" ", title).strip()
    found = _AT_AN_END.search(words)
    return found is not None and 4 * len(found[0]) >= len(words)


def _every(part: Part) -> Iterator[Part]:
    for child in part.children:
        yield child
        yield from _every(child)


def _points(part: Part) -> Iterator[str]:
    """Yield the points of a highlights section: its entries, or what is bold in its paragraphs."""
    lists = [block for block in part.blocks if isinstance(block, List)]
    yield from (_lead(entry) for found in lists for entry in found.entries)
    if not lists:
        for block in part.blocks:
            if isinstance(block, Paragraph) and block.children:
                yield _bold(block)
            elif isinstance(block, Quote):
                yield from map(block_text, block.children)


def _lead(entry: tuple[Block, ...]) -> str:
    first = entry[0] if entry else None
    text = blocks_text(entry)
    return _bold(first) or text if isinstance(first, Paragraph) and len(text) > 80 else text


def _bold(paragraph: Paragraph) -> str:
    first = paragraph.children[0]
    return plain(first.children) if isinstance(first, Strong) else ""


def _from_items(sections: tuple[Section, ...]) -> tuple[Headline, ...]:
    """Take item titles, one from each section in turn."""
    shelves = [[item for item in section.items if _tells(item)] for section in sections]
    rounds = chain.from_iterable(zip_longest(*shelves))
    told: dict[str, str] = {}
    for item in rounds:
        for title in _tidy([item.title] if item else []):
            told.setdefault(_cut(title), item.key)
    return tuple(Headline(title, Origin.ITEMS, key) for title, key in islice(told.items(), MOST))


def _tells(item: Item) -> bool:
    """A title over nothing but a date tells nothing."""
    text = blocks_text(item.body)
    return bool(item.title) and not (text and is_dateline(text))


def _from_sentences(every: tuple[Told, ...]) -> tuple[Headline, ...]:
    """Take the first sentence of each paragraph, or of a single one each sentence."""
    items = [one.item for one in every]
    told = [(item.key, sentences) for item in items for sentences in _sentences(item.body)]
    if len(told) == 1:
        told = [(told[0][0], [sentence]) for sentence in told[0][1]]
    found = (Headline(_cut(sentences[0]), Origin.SENTENCES, key) for key, sentences in told)
    return tuple(islice(found, MOST // 2))


def _sentences(blocks: tuple[Block, ...]) -> Iterator[list[str]]:
    for block in blocks:
        text = block_text(block) if isinstance(block, Paragraph | Quote) else ""
        sentences = _tidy(_FULL_STOP.split(text))
        if sentences and len(sentences[0]) >= SHORTEST and not sentences[0].startswith("#"):
            yield sentences


def _tidy(lines: Iterable[str]) -> list[str]:
    """Strip list glyphs and blanks; drop what is nothing or said twice."""
    bare = (" ".join(_GLYPH.sub("", line.strip()).split()) for line in lines)
    return [line for line in dict.fromkeys(bare) if _says_something(line)]


def _rendered(line: str) -> str:
    """Give the words of a line by the author, which may hold marks, links, entities or HTML."""
    if not _MARKUP.search(line):
        return _MARKS.sub(r"\1", line)
    glyph = _GLYPH.match(line := line.strip())
    return blocks_text(node.block for node in tree.read(line[glyph.end() if glyph else 0 :]).nodes)


def _says_something(line: str) -> bool:
    """Tell a headline from a number, somebody's handle or a bare address."""
    return any(map(str.isalpha, line)) and not _HANDLE.fullmatch(line)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
