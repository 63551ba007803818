"""A digest keeps its id, and so is posted once, whatever happens to its file."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.digests.library import Library
from bot.digests.topics import Topics
from bot.model import Digest, Message
from bot.search.index import Index
from bot.services.archive import Archive
from bot.services.publishing import Publisher, posted_texts
from bot.services.schedule import Schedule
from bot.storage import chats, targets
from bot.storage.database import Database
from bot.storage.errors import DatabaseUnavailable
from bot.storage.records import ChatSeen, Rendered, Target

NOON = datetime(2026, 1, 3, 4, tzinfo=UTC)
SCHEDULE = Schedule(ZoneInfo("Asia/Shanghai"), time(8), catch_up_days=1)


class Press:
    """A folder of digests, and all that posts them."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.root = folder / "digests"
        self.root.mkdir()
        self.index_path = folder / "index.db"
        self._database = database

    def write(self, path: str, day: str, words: str, *more: str) -> None:
        """Write a digest whose file has rested."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        told = f"The {words} is told here at some length, so that it is no stub. " * 5
        told = "\n\n".join([told, *(f"## {story}\n\nIt happened." for story in more)])
        file.write_text(f"---\ntitle: {words}\ndate: {day}\n---\n\n{told}\n", "utf-8")
        os.utime(file, ns=(1, len(words) + int(day[-2:])))

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[Press]:
        """Run as one process does from its start to its end."""
        async with Index.open(self.index_path, Topics(())) as index:
            library = Library(self.root, Topics(()))
            posted = lambda: posted_texts(self._database)  # noqa: E731
            self._archive = Archive(self.root, library, index, lambda: None, posted=posted)
            self._index = index
            yield self

    async def ids(self) -> dict[str, str]:
        """Look at the files, and give their ids."""
        await self._archive.sync()
        return await self._index.ids()

    async def ready(self) -> list[str]:
        """Give the ids of the digests that may be pushed."""
        found = await self._archive.between(date(2026, 1, 1), date(2026, 1, 31))
        return [digest.id for digest in found]

    def make_stale(self) -> None:
        """Have all files read again."""
        self._index.stale.set()

    async def posted(self) -> list[str]:
        """Look at the files, post what is due, and give what is new."""
        await self._archive.sync()
        publisher = Publisher(
            self._database,
            self._archive,
            _render,
            schedule=SCHEDULE,
            target_names=["@group"],
            now=lambda: NOON,
        )
        published = await publisher.publish_due()
        await publisher.amend_corrected()
        return [one.digest_id for one in published]


def _render(digest: Digest) -> Rendered:
    return Rendered((Message(digest.title),), (Message(digest.title),))


@pytest.fixture
async def press(tmp_path: Path, database: Database) -> Press:
    async with database.transaction() as db:
        await chats.note(db, ChatSeen(-100, "group", "Group", None), NOON)
        await targets.remember(db, Target("@group", -100, 0, date(2026, 1, 1)))
    return Press(tmp_path, database)


async def test_a_new_file_never_takes_the_id_of_another(press: Press) -> None:
    press.write("b/2026-01-03.md", "2026-01-03", "first")
    async with press.at_work():
        [first] = await press.posted()

        press.write("b/2026/01/03.md", "2026-01-03", "second")
        [second] = await press.posted()

        assert await press.ids() == {"b/2026-01-03.md": first, "b/2026/01/03.md": second}
        assert await press.posted() == []


async def test_a_corrected_day_is_posted_once(press: Press) -> None:
    press.write("2026-01-03.md", "2026-01-02", "first")
    async with press.at_work():
        [first] = await press.posted()
        press.write("2026-01-03.md", "2026-01-03", "first")

        assert await press.posted() == []
        assert await press.ids() == {"2026-01-03.md": first}

    async with press.at_work():
        assert await press.posted() == []

    press.index_path.unlink()
    async with press.at_work():
        assert await press.posted() == []
        assert await press.ids() == {"2026-01-03.md": first}


async def test_a_day_may_be_corrected_in_name_and_text_at_once(press: Press) -> None:
    press.write("2026-01-02.md", "2026-01-02", "first")
    async with press.at_work():
        [first] = await press.posted()

        (press.root / "2026-01-02.md").unlink()
        press.write("2026-01-03.md", "2026-01-03", "first")

        assert await press.posted() == []
        assert await press.ids() == {"2026-01-03.md": first}


async def test_a_file_that_was_broken_for_a_while_keeps_its_id(press: Press) -> None:
    press.write("2026-01-03.md", "2026-01-02", "first")
    async with press.at_work():
        [first] = await press.posted()
        (press.root / "2026-01-03.md").write_text("---\ntitle: [\n---\n", "utf-8")
        os.utime(press.root / "2026-01-03.md", ns=(1, 1))
        assert await press.posted() == []
        press.write("2026-01-03.md", "2026-01-03", "first")

        assert await press.posted() == []
        assert await press.ids() == {"2026-01-03.md": first}


async def test_a_file_that_is_written_anew_each_day_is_a_digest_each_day(press: Press) -> None:
    press.write("latest.md", "2026-01-02", "first")
    async with press.at_work():
        first = await press.posted()
        press.write("latest.md", "2026-01-02", "first corrected")
        assert await press.posted() == []

        press.write("latest.md", "2026-01-03", "second")
        second = await press.posted()

    assert first
    assert second
    assert first != second


async def test_a_wrong_day_of_such_a_file_is_corrected(press: Press) -> None:
    press.write("latest.md", "2026-01-02", "first")
    async with press.at_work():
        first = await press.posted()
        press.write("latest.md", "2026-01-03", "first")

        assert await press.posted() == []
        assert list((await press.ids()).values()) == first


@pytest.mark.parametrize("is_lost", [False, True])
async def test_a_renamed_file_is_posted_once(press: Press, is_lost: bool) -> None:
    press.write("2026-01-03-draft.md", "2026-01-03", "first")
    async with press.at_work():
        [first] = await press.posted()
    (press.root / "2026-01-03-draft.md").rename(press.root / "2026-01-03-final.md")
    if is_lost:
        press.index_path.unlink()

    async with press.at_work():
        assert await press.posted() == []
        assert await press.ids() == {"2026-01-03-final.md": first}


async def test_a_file_that_is_renamed_and_edited_at_once_is_posted_once(press: Press) -> None:
    press.write("2026-01-03.md", "2026-01-03", "first", "One", "Two", "Three")
    async with press.at_work():
        [first] = await press.posted()
        (press.root / "2026-01-03.md").unlink()
        press.write("2026-01-03-final.md", "2026-01-03", "first", "One", "Two", "Four")

        assert await press.posted() == []
        assert await press.ids() == {"2026-01-03-final.md": first}


async def test_another_issue_in_the_place_of_one_that_is_gone_is_posted(press: Press) -> None:
    press.write("2026-01-03-am.md", "2026-01-03", "first", "One", "Two", "Three")
    async with press.at_work():
        [first] = await press.posted()
        (press.root / "2026-01-03-am.md").unlink()
        press.write("2026-01-03-pm.md", "2026-01-03", "second", "Four", "Five", "Three")

        assert await press.posted() != [first]


@pytest.mark.parametrize("name", ["2026-01-03 copy.md", "2026-01-03-copy.md", "new/2026-01-03.md"])
@pytest.mark.parametrize("is_lost", [False, True])
async def test_a_copy_beside_the_original_is_posted_once(
    press: Press, name: str, is_lost: bool
) -> None:
    press.write("a/2026-01-03.md", "2026-01-03", "first")
    async with press.at_work():
        [first] = await press.posted()
        press.write(f"a/{name}", "2026-01-03", "first")
        assert await press.posted() == []
        press.make_stale()
        assert await press.posted() == []
    if is_lost:
        press.index_path.unlink()

    async with press.at_work():
        assert await press.posted() == []
        (press.root / "a" / "2026-01-03.md").unlink()
        assert await press.posted() == []
        [left] = await press.ready()

    assert left == first


async def test_of_a_file_and_its_copy_one_is_posted_at_first(press: Press) -> None:
    press.write("2026-01-03.md", "2026-01-03", "first")
    press.write("2026-01-03 copy.md", "2026-01-03", "first")

    async with press.at_work():
        assert len(await press.posted()) == 1


async def test_without_the_index_the_one_that_was_posted_keeps_its_id(press: Press) -> None:
    press.write("b/2026-01-03.md", "2026-01-03", "first")
    async with press.at_work():
        await press.posted()
        press.write("b/2026/01/03.md", "2026-01-03", "second")
        # Later in the archive, but its name is read first.
        press.write("b/01/2026-01-03.md", "2026-01-03", "third")
        await press.posted()
        before = await press.ids()
    press.index_path.unlink()

    async with press.at_work():
        assert await press.posted() == []
        assert await press.ids() == before


async def test_ids_hold_when_everything_is_indexed_anew(press: Press) -> None:
    press.write("b/2026-01-03.md", "2026-01-02", "first")
    press.write("b/latest.md", "2026-01-03", "latest")
    async with press.at_work():
        before = await press.ids()
        press.write("b/2026-01-03.md", "2026-01-03", "first")
        assert await press.ids() == before
        press.make_stale()

        assert await press.ids() == before


async def test_a_copy_is_another_digest(press: Press) -> None:
    press.write("a/2026-01-03.md", "2026-01-03", "first")
    async with press.at_work():
        [first] = await press.posted()
        press.write("b/2026-01-03.md", "2026-01-03", "first")

        assert await press.posted() != [first]
        assert len(set((await press.ids()).values())) == 2


async def test_an_archive_waits_for_a_database_that_cannot_be_used(press: Press) -> None:
    asked = 0

    async def posted() -> Mapping[str, str]:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise DatabaseUnavailable("locked")
        return {}

    press.write("2026-01-03.md", "2026-01-03", "first")
    async with Index.open(press.index_path, Topics(())) as index:
        library = Library(press.root, Topics(()))
        await Archive(press.root, library, index, lambda: None, posted=posted).refresh()

        assert len(await index.ids()) == 1


async def test_an_archive_that_moves_as_a_whole_is_read_anew(press: Press) -> None:
    press.write("a/2026-01-03.md", "2026-01-03", "first")
    async with press.at_work():
        known: Mapping[str, str] = await press.ids()
        (press.root / "a").rename(press.root / "b")

        assert await press.ids() == {"b/2026-01-03.md": "b-20260103"} != known
