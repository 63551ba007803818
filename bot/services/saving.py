"""What people keep: stories, found again by ``/saved``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from difflib import get_close_matches
from enum import Enum, auto

import structlog

from bot.locale import Words
from bot.model import Digest, Message
from bot.rendering.callbacks import Forget, Save, SavedPage, Unsave
from bot.rendering.links import Links
from bot.rendering.names import item_name
from bot.rendering.saved import STORIES_A_PAGE, Kept, SavedView, saved_page
from bot.search.index import Index
from bot.storage import saved
from bot.storage.database import Database
from bot.storage.errors import StorageError
from bot.storage.saved import SavedStory
from bot.text.units import shorten

log = structlog.get_logger()

MOST = 1000
MAX_TITLE = 200
ALIKE = 0.8
"""What a corrected title has at least in common with what it was, of 1."""


class Saving(Enum):
    """What came of the wish to keep a story."""

    SAVED = auto()
    FULL = auto()
    GONE = auto()


class SavedStories:
    """Keeps stories for people, each at most `MOST`."""

    def __init__(
        self,
        database: Database,
        index: Index,
        titles: Callable[[], Mapping[str, str]],
        links: Links,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._index = index
        self._titles = titles
        self._links = links
        self._now = now

    async def save(self, person: int, wish: Save, w: Words) -> Saving:
        """Keep a story for *person*, unless it is gone, or there are too many."""
        digest = await self._index.digest(wish.digest)
        item = digest.item(wish.key) if digest else None
        if item is None:
            return Saving.GONE
        story = SavedStory(wish.digest, wish.key, shorten(item_name(item, w), MAX_TITLE))
        async with self._database.transaction() as db:
            await saved.add(db, person, story, self._now())
            if await saved.count(db, person) > MOST:
                await saved.remove(db, person, wish.digest, wish.key)
                return Saving.FULL
        return Saving.SAVED

    async def remove(self, person: int, wish: Unsave | Forget) -> None:
        """Keep a story no longer."""
        async with self._database.transaction() as db:
            await saved.remove(db, person, wish.digest, wish.key)

    async def has(self, person: int, digest_id: str, item_key: str) -> bool | None:
        """Tell whether *person* keeps a story; None where that cannot be told just now."""
        try:
            async with self._database.reading() as db:
                return await saved.has(db, person, digest_id, item_key)
        except StorageError as error:
            # A story can be read all the same.
            log.warning("saved stories not read", error=str(error))
            return None

    async def page(self, person: int, asked: SavedPage, w: Words) -> Message:
        """Show a page of what *person* keeps; the last one where it has fewer pages by now."""
        async with self._database.reading() as db:
            total = await saved.count(db, person)
            page = min(asked.page, max(0, (total - 1) // STORIES_A_PAGE))
            offset = page * STORIES_A_PAGE
            found = await saved.newest(db, person, limit=STORIES_A_PAGE, offset=offset)
        kept = [await self._kept(person, story, w) for story in found]
        view = SavedView(tuple(kept), total, page, self._titles())
        return saved_page(view, w, self._links)

    async def _kept(self, person: int, story: SavedStory, w: Words) -> Kept:
        digest = await self._index.digest(story.digest_id)
        if digest and (corrected := _corrected(story, digest, w)):
            # What cannot be written down is found again the next time.
            with suppress(StorageError):
                async with self._database.transaction() as db:
                    await saved.follow(db, person, story, corrected)
            story = corrected
        return Kept(story.digest_id, story.item_key, story.title, digest)


def _corrected(story: SavedStory, digest: Digest, w: Words) -> SavedStory | None:
    """Find a story that is called nearly as it was, where its link or title was corrected."""
    if digest.item(story.item_key):
        return None
    keys = {shorten(item_name(item, w), MAX_TITLE): item.key for item in digest.items}
    near = get_close_matches(story.title, keys, n=1, cutoff=ALIKE)
    return SavedStory(story.digest_id, keys[near[0]], near[0]) if near else None
