"""What `make run` shows first: the sample digests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.digests.plain import item_text
from bot.model import (
    Block,
    Code,
    CodeBlock,
    Digest,
    Link,
    List,
    Paragraph,
    Quote,
    Report,
    Status,
    Strong,
    Table,
)
from bot.text.normalise import normalise

NEWEST = date(2026, 1, 14)
EMPTY_DAY = "reading-hub/2026-01-07.md"
CHARACTERS = 16
WORDS = 9


def test_only_the_empty_day_is_held_back(reports: list[Report]) -> None:
    others = {report.path: report.problems for report in reports if report.status != Status.READY}
    assert list(others) == [EMPTY_DAY]
    assert [problem.code for problem in others[EMPTY_DAY]] == ["empty-day"]


def test_no_sample_has_problems_beside_the_empty_day(reports: list[Report]) -> None:
    others = (report for report in reports if report.path != EMPTY_DAY)
    found = {problem.code for report in others for problem in report.problems}
    # As real ones do, some end in invitations and have links to nowhere.
    assert found <= {"left-out", "link-ignored"}


@pytest.mark.parametrize(("source", "count"), [("ai-daily", 14), ("reading-hub", 7)])
def test_chinese_sources_have_an_issue_each_day_up_to_the_newest(
    digests: list[Digest], source: str, count: int
) -> None:
    days = [digest.day for digest in digests if digest.source == source]
    assert days == [NEWEST - timedelta(days=ago) for ago in reversed(range(count))]


def test_the_english_source_ends_by_the_newest_day(digests: list[Digest]) -> None:
    weekly = [digest for digest in digests if digest.source == "weekly-en"]
    assert len(weekly) == 2
    assert weekly[-1].day <= NEWEST
    assert {digest.language for digest in weekly} == {"en"}


def test_the_newest_day_shows_the_product_at_its_best(digests: list[Digest]) -> None:
    newest = next(d for d in digests if (d.source, d.day) == ("ai-daily", NEWEST))
    assert newest.cover
    assert len(newest.sections) >= 4
    assert 6 <= len(newest.headlines) <= 10
    assert all(headline.item for headline in newest.headlines)
    assert any(item.insights for item in newest.items)


def test_nine_in_ten_headlines_lead_to_their_item(digests: list[Digest]) -> None:
    headlines = [headline for digest in digests for headline in digest.headlines]
    assert sum(headline.item is not None for headline in headlines) >= 0.9 * len(headlines)


def test_footer_cards_reach_no_item(digests: list[Digest]) -> None:
    for digest in digests:
        for item in digest.items:
            assert "ai_news_plus" not in f"{item_text(item)} {item.url} {item.links}", digest.id


def test_every_kind_of_markup_occurs(digests: list[Digest]) -> None:
    kinds = {type(node) for d in digests for item in d.items for node in _nodes(item.body)}
    assert kinds >= {Paragraph, List, Quote, Table, CodeBlock, Code, Link, Strong}


@pytest.mark.parametrize(
    "oddity", ["<think>", "a < b && c", "👨‍👩‍👧‍👦", "ＣＥＳ", "WithoutAnyBreakingOpportunity"]
)
def test_odd_text_comes_through_as_written(digests: list[Digest], oddity: str) -> None:
    texts = [f"{item.title}\n{item_text(item)}" for d in digests for item in d.items]
    assert any(oddity in text for text in texts)


def test_sentences_are_our_own(samples: Path, corpora: Path) -> None:
    real = {run for file in corpora.rglob("*") if file.is_file() for run in _runs(file)}
    assert real
    for file in sorted(samples.rglob("*.md")):
        assert not real.intersection(_runs(file)), file.name


def _nodes(blocks: tuple[Block, ...]) -> Iterator[object]:
    pending: list[object] = [*blocks]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(getattr(node, "children", ()))
        pending.extend(block for entry in getattr(node, "entries", ()) for block in entry)


def _runs(file: Path) -> Iterator[str]:
    """Yield what would betray a copy: runs of Chinese characters, and of words of other scripts."""
    text = normalise(_visible(file.read_text(encoding="utf-8", errors="replace")))
    joined = "".join(filter(str.isalnum, text))
    for start in range(len(joined) - CHARACTERS + 1):
        run = joined[start : start + CHARACTERS]
        if sum(char >= "\u4e00" for char in run) * 2 >= CHARACTERS:
            yield run
    for line in re.split(r"[^\x00-\x7f]|\n", text):
        words = re.findall(r"[a-z]+", line)
        yield from (" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1))


def _visible(text: str) -> str:
    """Leave out addresses and HTML, which say nothing about the sentences."""
    return re.sub(r"https?://[^\s)\"]+|<[a-z/][^>]*>", " ", text)
