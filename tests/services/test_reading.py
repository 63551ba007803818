"""What readers are told while the archive is being read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.digests.library import Library
from bot.digests.topics import Topics
from bot.locale import words
from bot.model import Digest, Item, Report, Section, Stamp, Status
from bot.rendering.callback_data import decode
from bot.rendering.callbacks import Contents, Day, ItemPage, Search, Topic, Week
from bot.rendering.callbacks import Topics as Cloud
from bot.rendering.links import Links
from bot.search.index import Index
from bot.services.archive import Archive
from bot.services.reading import Page, Reader
from bot.services.saving import SavedStories
from bot.storage.database import Database
from tests.conftest import MORNING, ROOT

W = words("en")
EARLY = "just reading the archive"


@asynccontextmanager
async def reading(folder: Path, topics: Topics) -> AsyncIterator[tuple[Reader, Archive, Index]]:
    """Give a reader of an archive that nobody has looked at yet."""
    url = f"sqlite+aiosqlite:///{folder / 'state.db'}"
    async with Database.open(url) as database, Index.open(folder / "index.db", topics) as index:
        links = Links("bot")
        archive = Archive(folder / "digests", Library(folder, topics), index, lambda: None)
        saved = SavedStories(database, index, dict, links, lambda: MORNING)
        zone = ZoneInfo("Asia/Shanghai")
        reader = Reader(index, topics, dict, links, lambda: MORNING, zone, saved, archive.is_early)
        yield reader, archive, index


@pytest.mark.parametrize(
    "page",
    [
        Day(MORNING.date()),
        Week(MORNING.date()),
        Search("OpenAI"),
        Topic("OpenAI"),
        Cloud(),
        Contents("ai-daily-20260114"),
        ItemPage("ai-daily-20260114", "abcdef"),
    ],
)
async def test_a_bot_that_has_not_read_its_archive_says_so(page: Page, tmp_path: Path) -> None:
    topics = Topics.load(ROOT / "data" / "topics.toml")
    async with reading(tmp_path, topics) as (reader, archive, _):
        assert EARLY in (await reader.page(page, W, person=1)).text

        archive.loaded.set()

        assert EARLY not in (await reader.page(page, W, person=1)).text


async def test_a_page_that_cannot_be_shown_yet_is_asked_for_again(tmp_path: Path) -> None:
    topics = Topics.load(ROOT / "data" / "topics.toml")
    async with reading(tmp_path, topics) as (reader, *_):
        early = await reader.page(Contents("ai-daily-20260114", 1), W, person=1)

        [[again]] = early.buttons
        assert decode(again.data or "") == Contents("ai-daily-20260114", 1)


async def test_what_is_found_early_may_not_be_all(tmp_path: Path) -> None:
    topics = Topics.load(ROOT / "data" / "topics.toml")
    async with reading(tmp_path, topics) as (reader, archive, index):
        items = (Item("a", "OpenAI"),)
        digest = Digest("a", "", "en", MORNING.date(), "", (), (Section("", items),), "0")
        await index.apply([(Stamp("a.md", 1, 1), Report("a.md", Status.READY, digest))], ())

        assert EARLY in (await reader.page(Search("OpenAI"), W, person=1)).text
        archive.loaded.set()
        assert EARLY not in (await reader.page(Search("OpenAI"), W, person=1)).text


async def test_topics_of_late_are_those_before_the_newest_day(tmp_path: Path) -> None:
    topics = Topics.load(ROOT / "data" / "topics.toml")
    async with reading(tmp_path, topics) as (reader, _, index):
        for back in (90, 125):
            day = MORNING.date() - timedelta(days=back)
            items = (Item("a", "OpenAI", topics=("OpenAI",)),)
            digest = Digest(f"{day}", "", "en", day, "", (), (Section("", items),), "0")
            report = Report(f"{day}.md", Status.READY, digest)
            await index.apply([(Stamp(f"{day}.md", 1, 1), report)], ())

        cloud = await reader.page(Cloud(), W, person=1)

    assert "#OpenAI\u00a01" in cloud.text
