"""Saved stories while the database cannot be read: stories stay readable."""

from __future__ import annotations

from pathlib import Path

from bot.digests.topics import Topics
from bot.locale import words
from bot.rendering.callbacks import Save, SavedPage
from bot.rendering.links import Links
from bot.search.index import Index
from bot.services.saving import SavedStories, Saving
from bot.storage.database import Database
from tests.conftest import MORNING, ROOT

W = words("en")


async def test_without_its_table_no_star_is_shown_and_nothing_breaks(tmp_path: Path) -> None:
    topics = Topics.load(ROOT / "data" / "topics.toml")
    url = f"sqlite+aiosqlite:///{tmp_path / 'state.db'}"
    async with Database.open(url) as database, Index.open(tmp_path / "index.db", topics) as index:
        stories = SavedStories(database, index, dict, Links("bot"), lambda: MORNING)
        assert await stories.has(1, "digest", "key") is False
        assert await stories.save(1, Save("digest", "key"), W) is Saving.GONE
        assert "nothing yet" in (await stories.page(1, SavedPage(7), W)).text

        async with database.transaction() as db:
            await db.exec_driver_sql("DROP TABLE saved")
        assert await stories.has(1, "digest", "key") is None
