"""Every visible word of a real body is in exactly one item, footers and titles aside."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from bot.digests import footers, header, tree
from bot.digests.plain import block_text, item_text
from bot.model import Heading, Report, Rule

_SOURCE_LINKS = re.compile(r"&gt;阅读原文|阅读原文|消息来源|>\W*(?:Link|Source|来源|原文)\W*</a>")


class _Visible(HTMLParser):
    """What a browser shows of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _letters(text: str) -> Counter[str]:
    return Counter(char for char in text if char.isalnum())


def _shown(markdown: str) -> Counter[str]:
    renderer = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    page = _Visible()
    page.feed(renderer.use(footnote_plugin, inline=False).render(markdown))
    return _letters("".join(page.text))


def _left_out(body: tree.Body) -> Counter[str]:
    """Count what is no item's: footers, and the first heading as the digest's title."""
    kept = set(map(id, footers.without_footers(body.nodes)))
    dropped = [node.block for node in body.nodes if id(node) not in kept]
    first = next((node.block for node in body.nodes if isinstance(node.block, Heading)), Rule())
    return _letters("".join(map(block_text, [*dropped, first])))


def test_all_words_of_real_digests_are_in_their_items(
    real_reports: dict[str, Report], corpora: Path
) -> None:
    for name, report in real_reports.items():
        if report.digest is None:
            continue
        text = (corpora / name).read_text("utf-8-sig")
        head = header.split(text)
        shown = _shown(head.body)
        items = _letters("".join(map(item_text, report.digest.items)))
        titles = _letters("".join(section.title for section in report.digest.sections))
        generic = _letters("".join(_SOURCE_LINKS.findall(head.body)) * 400)

        lost = shown - items - titles - _left_out(tree.read(head.body))
        doubled = items - shown

        assert not lost - generic, (name, lost - generic)
        assert not doubled, (name, doubled)


def test_little_of_a_real_digest_is_a_footer(
    real_reports: dict[str, Report], corpora: Path
) -> None:
    for name, report in real_reports.items():
        if report.digest is None or len(report.digest.items) < 2:
            continue
        body = tree.read(header.split((corpora / name).read_text("utf-8-sig")).body)
        kept = footers.without_footers(body.nodes)
        assert len(body.nodes) - len(kept) <= 6, name
