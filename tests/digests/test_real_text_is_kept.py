"""Every visible word of a real body is in exactly one item, footers and titles aside."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from bot.digests import footers, header, tree
from bot.digests.inlines import plain
from bot.digests.plain import block_text, item_text, running_texts
from bot.model import Emphasis, Heading, Inline, Item, Link, Report, Rule, Strike, Strong

_WORD = re.compile(r"[A-Za-z0-9]+")
# Elements of HTML that part words.
_APART = frozenset({"br", "div", "img", "li", "p", "summary", "td", "th", "tr"})
_SOURCE = r"阅读原文|消息来源|Link|Source|来源|原文"
_SOURCE_LINK = re.compile(rf"\W*(?:{_SOURCE})\W*")
# A title keeps it where it does not close it.
_IN_TITLE = re.compile(rf"(?<![A-Za-z])(?:{_SOURCE})(?![A-Za-z])")


class _Visible(HTMLParser):
    """What a browser shows of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.links: list[str] = []
        self._link_begins = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _APART:
            self.text.append(" ")
        elif tag == "a":
            self._link_begins = len(self.text)

    def handle_endtag(self, tag: str) -> None:
        if tag in _APART:
            self.text.append(" ")
        elif tag == "a":
            self.links.append("".join(self.text[self._link_begins :]))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _letters(text: str) -> Counter[str]:
    return Counter(char for char in text if char.isalnum())


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text))


def _run(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _shown(markdown: str) -> str:
    return "".join(_page(markdown).text)


def _page(markdown: str) -> _Visible:
    renderer = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    page = _Visible()
    page.feed(renderer.use(footnote_plugin, inline=False).render(markdown))
    return page


def _source_links(item: Item) -> Iterator[str]:
    """Yield the words of links that only say "source" and were left where they stand."""
    yield from _IN_TITLE.findall(item.title)
    for blocks in (item.body, *(insight.body for insight in item.insights)):
        waiting: list[Inline] = list(chain.from_iterable(running_texts(blocks)))
        while waiting:
            inline = waiting.pop()
            if isinstance(inline, Link):
                yield plain((inline,))
            elif isinstance(inline, Strong | Emphasis | Strike):
                waiting += inline.children


def _sources_of(links: Iterable[str]) -> Counter[str]:
    return _letters("".join(filter(_SOURCE_LINK.fullmatch, links)))


def _pieces(item: Item) -> Iterator[str]:
    """Give what stands together in a text."""
    yield item.title
    yield from map(block_text, item.body)
    for insight in item.insights:
        yield insight.label
        yield from map(block_text, insight.body)


def _left_out(body: tree.Body, lines: list[int]) -> Counter[str]:
    """Count what is no item's: labelled footers, and the first heading as the digest's title."""
    ends = [node.block for node in body.nodes if node.line in lines]
    first = next((node.block for node in body.nodes if isinstance(node.block, Heading)), Rule())
    return _letters("".join(map(block_text, [*ends, first])))


@pytest.fixture(scope="module")
def labelled() -> dict[str, list[int]]:
    """Give the lines where a person sees footers begin, by file."""
    path = Path(__file__).with_name("real_footers.toml")
    return tomllib.loads(path.read_text("utf-8"))


def test_all_words_of_real_digests_are_in_their_items(
    real_reports: dict[str, Report], corpora: Path, labelled: dict[str, list[int]]
) -> None:
    for name, report in real_reports.items():
        if report.digest is None:
            continue
        text = (corpora / name).read_text("utf-8-sig")
        head = header.split(text)
        page = _page(head.body)
        shown = _letters("".join(page.text))
        items = _letters("".join(map(item_text, report.digest.items)))
        titles = _letters("".join(section.title for section in report.digest.sections))
        left = chain.from_iterable(map(_source_links, report.digest.items))
        taken = _sources_of(page.links) - _sources_of(left)

        ends = _left_out(tree.read(head.body, head.lines), labelled.get(name, []))
        lost = shown - items - titles - ends
        doubled = items - shown

        assert lost == taken, (name, lost - taken, taken - lost)
        assert not doubled, (name, doubled)


def test_words_of_real_digests_are_whole_and_in_order(
    real_reports: dict[str, Report], corpora: Path
) -> None:
    for name, report in real_reports.items():
        if report.digest is None:
            continue
        shown = _shown(header.split((corpora / name).read_text("utf-8-sig")).body)
        run = _run(shown)
        pieces = [piece for item in report.digest.items for piece in _pieces(item)]

        glued = _words(" ".join(pieces)) - _words(shown)
        torn = [piece for piece in pieces if _run(piece) not in run]

        assert not glued, (name, glued)
        assert not torn, (name, torn)


def test_items_of_real_digests_stand_in_the_order_of_their_text(
    real_reports: dict[str, Report], corpora: Path
) -> None:
    for name, report in real_reports.items():
        if report.digest is None:
            continue
        run = _run(_shown(header.split((corpora / name).read_text("utf-8-sig")).body))
        place = 0
        for item in report.digest.items:
            beginning = _run(item.title or block_text(item.body[0]))
            place = run.find(beginning, place)
            assert place >= 0, (name, item.title)
            place += len(beginning)


def test_footers_of_real_digests_are_those_that_a_person_sees(
    real_reports: dict[str, Report], corpora: Path, labelled: dict[str, list[int]]
) -> None:
    found: dict[str, list[int]] = {}
    for name, report in real_reports.items():
        if report.digest is None:
            continue
        head = header.split((corpora / name).read_text("utf-8-sig"))
        nodes = tree.read(head.body, head.lines).nodes
        kept = set(map(id, footers.without_footers(nodes).nodes))
        lines = [node.line for node in nodes if id(node) not in kept and node.block != Rule()]
        if lines:
            found[name] = lines

    assert found == labelled
