"""Digests of any number of items, by variation of those that are there."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bot.digests.library import Library
from bot.digests.topics import Topics
from bot.model import Digest, Item, Paragraph, Report, Section, Stamp, Status, Text
from bot.search.plain import item_text

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (ROOT / "data" / "digests", ROOT.parent / "shared" / "corpora" / "ai-daily")
ITEMS_A_DIGEST = 30
DIGESTS_A_DAY = 10
LAST_DAY = date(2026, 11, 20)


def topics() -> Topics:
    """Read the shipped topic table."""
    return Topics.load(ROOT / "data" / "topics.toml")


def varied(count: int) -> Iterator[tuple[Stamp, Report]]:
    """Make *count* items in digests, each from the title of one and the body of another."""
    base = [item for folder in FOLDERS if folder.is_dir() for item in _items(folder)]
    chance = random.Random(1)
    digests = -(-count // ITEMS_A_DIGEST)
    for number in range(digests):
        size = min(ITEMS_A_DIGEST, count - number * ITEMS_A_DIGEST)
        items = tuple(_item(at, base, chance) for at in range(size))
        day = LAST_DAY - timedelta(days=(digests - number) // DIGESTS_A_DAY)
        yield _report(number, day, items)


def _items(folder: Path) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for report in Library(folder, topics()).load():
        for item in report.digest.items if report.digest else ():
            yield item.title, item_text(item), item.topics


def _item(at: int, base: list[tuple[str, str, tuple[str, ...]]], chance: random.Random) -> Item:
    title, _, about = chance.choice(base)
    other, words, _ = chance.choice(base)
    title = title[: len(title) * 2 // 3] + other[len(other) // 2 :]
    cut = chance.randrange(len(words) // 2 + 1)
    text = f"{words[cut:]}{words[:cut]} {chance.randrange(10_000)}"
    return Item(f"i{at}", title, (Paragraph((Text(text),)),), topics=about)


def _report(number: int, day: date, items: tuple[Item, ...]) -> tuple[Stamp, Report]:
    digest = Digest(
        id=str(number),
        source=f"source-{number % DIGESTS_A_DAY}",
        language="zh-CN",
        day=day,
        title=f"{day}",
        headlines=(),
        sections=(Section("要闻", items),),
        content_hash="",
    )
    return Stamp(f"{number}.md", 1, 1), Report(f"{number}.md", Status.READY, digest)
