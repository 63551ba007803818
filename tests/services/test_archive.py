"""The archive against real files, a real index, and the system's file events."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.digests.library import ArchiveFile, Library
from bot.digests.topics import Topics
from bot.model import Report, Status
from bot.search.index import Index
from bot.services.archive import LOOK_SECONDS, Archive
from bot.services.indexing import BATCH, MANY, NEWEST, Indexing, Pass, StoppedError
from bot.services.naming import Naming, Posted, nothing_posted
from bot.services.presence import Presence
from bot.services.resting import Unrested
from bot.services.topics import LiveTopics
from bot.storage.errors import DatabaseUnavailable

TABLE = '[[topic]]\nname = "OpenAI"\naliases = ["ChatGPT"]\n'
DAY = date(2026, 1, 2)


class Shelf:
    """An archive in a folder, its index, and a day that the test sets."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "digests"
        self.root.mkdir()
        self.table = folder / "topics.toml"
        self.table.write_text(TABLE, "utf-8")
        self.topics = Topics.load(self.table)
        self.index_path = folder / "index.db"
        self.today = DAY
        self.changes = 0

    def write(self, path: str, title: str = "A day", day: str = "2026-01-02", **more: str) -> Path:
        """Write a digest whose file has rested."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(digest(title, day, **more), "utf-8")
        self.rest(file)
        return file

    def rest(self, file: Path, seconds: float = 60) -> None:
        """Let a file look as if it had been written some time ago."""
        status = file.stat()
        moment = status.st_mtime_ns - int(seconds * 1e9)
        os.utime(file, ns=(moment, moment))

    @asynccontextmanager
    async def opened(self, posted: Posted = nothing_posted) -> AsyncIterator[tuple[Archive, Index]]:
        """Have the archive and its index, but nobody who follows the files."""
        async with Index.open(self.index_path, self.topics) as index:
            library = Library(self.root, self.topics, lambda: self.today)
            live = LiveTopics(self.table, self.topics)
            yield Archive(self.root, library, index, self._changed, live.reload, posted), index

    @asynccontextmanager
    async def running(self) -> AsyncIterator[tuple[Archive, Index]]:
        """Follow the files."""
        async with self.opened() as (archive, index), asyncio.TaskGroup() as tasks:
            tasks.create_task(archive.run())
            await archive.loaded.wait()
            yield archive, index
            archive.stop()

    def _changed(self) -> None:
        self.changes += 1


def digest(title: str, day: str, word: str = "story", extra: str = "") -> str:
    return (
        f"---\ntitle: {title}\ndate: {day}\n{extra}---\n\n"
        f"## First\n\nThe first {word} of the day is told here in a line.\n\n"
        "## Second\n\nAnd the second one, about ChatGPT, in another.\n"
    )


async def reports(index: Index) -> dict[str, Report]:
    return {report.path: report for report in await index.reports()}


async def ids(index: Index) -> dict[str, str]:
    found = await reports(index)
    return {path: report.digest.id for path, report in found.items() if report.digest}


async def until(seen: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await seen():  # noqa: ASYNC110  # the index tells nobody of its changes
            await asyncio.sleep(0.02)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


async def test_a_new_file_can_be_found_while_the_bot_runs(shelf: Shelf) -> None:
    shelf.write("a.md")
    async with shelf.running() as (_, index):
        (shelf.root / "b.md").write_text(digest("B", "2026-01-03", word="zebra"), "utf-8")

        await until(lambda: finds(index, "zebra"))

    assert shelf.changes >= 2


async def finds(index: Index, word: str) -> bool:
    return bool((await index.search(word)).total)


async def test_a_file_being_written_is_read_when_it_is_whole(shelf: Shelf) -> None:
    whole = digest("Slow", "2026-01-03", word="zebra")
    async with shelf.running() as (_, index):
        with (shelf.root / "slow.md").open("w", encoding="utf-8") as file:
            for start in range(0, len(whole), 40):
                file.write(whole[start : start + 40])
                file.flush()
                await asyncio.sleep(0.05)
                assert "slow.md" not in await reports(index)

        await until(lambda: finds(index, "zebra"))
        assert (await reports(index))["slow.md"].status is Status.READY


async def test_a_changed_digest_keeps_its_id_and_loses_its_old_words(shelf: Shelf) -> None:
    shelf.write("daily/2026-01-02-a.md", word="zebra")
    async with shelf.opened() as (archive, index):
        await archive.sync()
        before = await ids(index)

        shelf.write("daily/2026-01-02-a.md", title="Corrected", word="giraffe")
        done = await archive.sync()

        assert done == Pass(changed=1, removed=0, waiting=0)
        assert await ids(index) == before == {"daily/2026-01-02-a.md": "daily-20260102-5mp4"}
        assert await finds(index, "giraffe")
        assert not await finds(index, "zebra")


async def test_a_moved_renamed_or_deleted_file_is_followed(shelf: Shelf) -> None:
    for name in ("moved", "renamed", "deleted"):
        shelf.write(f"{name}.md", day=f"2026-01-0{len(name) - 3}", word=name)
    async with shelf.running() as (_, index):
        (shelf.root / "daily").mkdir()
        (shelf.root / "moved.md").rename(shelf.root / "daily" / "moved.md")
        (shelf.root / "renamed.md").rename(shelf.root / "other.md")
        (shelf.root / "deleted.md").unlink()

        expected = {"daily/moved.md", "other.md"}
        await until(lambda: has_paths(index, expected))

        assert await finds(index, "renamed")
        assert not await finds(index, "deleted")


async def has_paths(index: Index, paths: set[str]) -> bool:
    return (await reports(index)).keys() == paths


async def test_two_of_a_day_keep_their_ids_when_a_third_comes_and_goes(shelf: Shelf) -> None:
    shelf.write("2026-01-02-b.md")
    shelf.write("2026-01-02-c.md")
    async with shelf.opened() as (archive, index):
        await archive.sync()
        two = await ids(index)

        third = shelf.write("2026-01-02-d.md")
        await archive.sync()
        three = await ids(index)
        third.unlink()
        await archive.sync()

        assert len(set(three.values())) == 3
        assert two.items() <= three.items()
        assert await ids(index) == two


async def test_nothing_changed_means_nothing_read(shelf: Shelf) -> None:
    shelf.write("a.md")
    async with shelf.opened() as (archive, _):
        await archive.sync()
    async with shelf.opened() as (archive, _):
        assert await archive.sync() == Pass(0, 0, 0)

    assert shelf.changes == 1


async def test_many_files_come_in_by_several_batches(shelf: Shelf) -> None:
    shelf.write("first.md")
    async with shelf.opened() as (archive, index):
        await archive.sync()
        for number in range(BATCH + 5):
            shelf.write(f"{number:03}.md", word=f"word{number}")
        done = await archive.sync()

        assert done.changed >= BATCH + 5  # also what the others make of the first
        assert len(set((await ids(index)).values())) == BATCH + 6


async def test_new_topics_are_found_in_old_digests(shelf: Shelf) -> None:
    shelf.write("a.md", word="Zebra")
    async with shelf.running() as (_, index):
        assert set(await index.topics_by_day()) == {"OpenAI"}

        shelf.table.write_text(TABLE + '[[topic]]\nname = "Zebra"\n', "utf-8")

        await until(lambda: has_topics(index, {"OpenAI", "Zebra"}))
        assert shelf.topics.resolve("zebra") == "Zebra"


async def has_topics(index: Index, expected: set[str]) -> bool:
    return set(await index.topics_by_day()) == expected


async def test_a_broken_table_of_topics_leaves_the_old_one(shelf: Shelf) -> None:
    live = LiveTopics(shelf.table, shelf.topics)
    assert not live.reload()

    shelf.table.write_text("[[topic]]\nname = ", "utf-8")
    assert not live.reload()
    shelf.table.unlink()
    assert not live.reload()
    shelf.table.write_text(TABLE, "utf-8")
    assert not live.reload()

    assert shelf.topics.names == ("OpenAI",)


async def test_a_changed_source_file_has_its_digests_read_again(shelf: Shelf) -> None:
    for day in (2, 3, 4):
        shelf.write(f"daily/{day}.md", day=f"2026-01-0{day}", extra="category: News\n")
    shelf.write("other/a.md")
    async with shelf.opened() as (archive, index):
        await archive.sync()
        table = shelf.root / "daily" / "source.toml"
        table.write_text('categories = ["Books"]', "utf-8")
        shelf.rest(table)
        done = await archive.sync()

        assert done.changed == 3
        assert (await reports(index))["daily/2.md"].status is Status.SKIPPED
        assert archive.source("daily") is not None


async def test_a_source_file_being_written_is_read_when_it_is_whole(shelf: Shelf) -> None:
    shelf.write("daily/a.md")
    table = shelf.root / "daily" / "source.toml"
    table.write_text('targets = ["@daily_news"]', "utf-8")
    shelf.rest(table)
    async with shelf.opened() as (archive, index):
        await archive.sync()
        table.write_text("targets = [", "utf-8")

        assert (await archive.sync()).waiting > 0
        assert archive.targets() == {"@daily_news"}
        assert (await reports(index))["daily/a.md"].status is Status.READY

        shelf.rest(table)
        await archive.sync()
        assert (await reports(index))["daily/a.md"].status is Status.HELD


async def test_a_digest_for_a_later_day_is_ready_when_the_day_is_near(shelf: Shelf) -> None:
    shelf.write("2026-01-05.md", day="2026-01-05")
    async with shelf.running() as (_, index):
        assert (await reports(index))["2026-01-05.md"].status is Status.HELD

        shelf.today = date(2026, 1, 4)

        await until(lambda: is_ready(index, "2026-01-05.md"))


async def is_ready(index: Index, path: str) -> bool:
    return (await reports(index))[path].status is Status.READY


async def test_a_stop_ends_the_reading_and_leaves_what_was_there(shelf: Shelf) -> None:
    for number in range(20):
        shelf.write(f"{number:02}.md")
    async with shelf.opened() as (archive, index):
        archive.stop()
        await archive.refresh()

        assert await index.reports() == []


async def test_a_stop_ends_what_follows_the_reading(shelf: Shelf) -> None:
    for number in range(3):
        shelf.write(f"{number}.md")
    asked = count(1)
    async with Index.open(shelf.index_path, shelf.topics) as index:
        library, naming = Library(shelf.root, shelf.topics), Naming(index, nothing_posted)
        presence, unrested = Presence(shelf.root), Unrested()
        indexing = Indexing(library, index, presence, naming, unrested, lambda: next(asked) > 3)
        with pytest.raises(StoppedError):
            await indexing.look()

        assert await index.reports() == []


async def test_the_loop_goes_on_while_an_archive_is_read(shelf: Shelf) -> None:
    for number in range(60):
        shelf.write(f"{number:02}.md")
    beats = 0
    async with shelf.opened() as (archive, _):
        reading = asyncio.create_task(archive.sync())
        while not reading.done():
            beats += 1
            await asyncio.sleep(0.001)

        assert (await reading).changed == 60
    assert beats > 5


class Watched(Unrested):
    """Remembers in which threads it was told something: whoever asks iterates on the loop."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: set[int] = set()

    def note(self, files: Iterable[ArchiveFile]) -> None:
        self.threads.add(threading.get_ident())
        super().note(files)


async def test_what_has_not_rested_is_noted_where_it_is_asked_for(shelf: Shelf) -> None:
    unrested = Watched()
    async with Index.open(shelf.index_path, shelf.topics) as index:
        library, naming = Library(shelf.root, shelf.topics), Naming(index, nothing_posted)
        presence = Presence(shelf.root)
        indexing = Indexing(library, index, presence, naming, unrested, lambda: False)
        for path in ("a.md", "b.md"):
            shelf.rest(shelf.write(path), seconds=-59)
            assert (await indexing.look()).changed == 1

    assert unrested.threads == {threading.get_ident()}


async def test_an_archive_that_is_away_keeps_its_last_state_and_comes_back(shelf: Shelf) -> None:
    shelf.write("a.md", word="zebra")
    with capture_logs() as said:
        await through_absence(shelf)

    events = [line["event"] for line in said]
    assert events.count("archive is away, the last state stays") == 1
    assert events.count("archive is back") == 1


async def through_absence(shelf: Shelf) -> None:
    away = shelf.root.with_name("away")
    async with shelf.running() as (_, index):
        shelf.root.rename(away)
        await asyncio.sleep(LOOK_SECONDS + 1)
        assert await finds(index, "zebra")

        away.rename(shelf.root)
        shelf.write("b.md", day="2026-01-03", word="giraffe")
        await until(lambda: finds(index, "giraffe"))
        assert await finds(index, "zebra")


async def test_another_folder_in_place_of_the_archive_is_followed(shelf: Shelf) -> None:
    shelf.write("a.md", word="zebra")
    async with shelf.running() as (_, index):
        shelf.root.rename(shelf.root.with_name("old"))
        shelf.root.mkdir()
        shelf.write("b.md", day="2026-01-03", word="giraffe")
        await until(lambda: finds(index, "giraffe"))
        await until(lambda: lacks(index, "zebra"))

        shelf.write("c.md", day="2026-01-04", word="lion")
        await until(lambda: finds(index, "lion"))


async def lacks(index: Index, word: str) -> bool:
    return not await finds(index, word)


async def test_a_link_that_leads_to_another_archive_is_followed(shelf: Shelf) -> None:
    real = shelf.root.rename(shelf.root.with_name("first"))
    shelf.root.symlink_to(real)
    shelf.write("a.md", word="zebra")
    async with shelf.running() as (_, index):
        second = shelf.root.with_name("second")
        second.mkdir()
        (second / "b.md").write_text(digest("B", "2026-01-03", word="giraffe"), "utf-8")
        link = shelf.root.with_name("link")
        link.symlink_to(second)
        link.rename(shelf.root)

        await until(lambda: finds(index, "giraffe"))
        await until(lambda: lacks(index, "zebra"))


@contextmanager
def leased(file: Path) -> Iterator[None]:
    """Let nobody open a file, not even root, although nothing about it seems to change."""
    with file.open("r+b") as stream:
        # The signal that says somebody wants it, where the usual one ends the process.
        fcntl.fcntl(stream, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(stream, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        yield


@pytest.mark.skipif(not hasattr(fcntl, "F_SETLEASE"), reason="files are not leased here")
async def test_a_file_that_could_not_be_read_is_read_when_it_can_be(shelf: Shelf) -> None:
    first = shelf.write("a.md", word="zebra")
    async with shelf.opened() as (archive, index):
        with leased(first):
            await archive.sync()
            second = shelf.write("b.md", day="2026-01-03", word="giraffe")
            with leased(second):
                await archive.sync()
                found = await reports(index)
                assert [one.problems[0].code for one in found.values()] == ["unreadable"] * 2
                assert await archive.sync() == Pass(0, 0, 0)

    async with shelf.opened() as (archive, index):
        assert await archive.sync() == Pass(changed=2, removed=0, waiting=0)
        assert await finds(index, "zebra")
        assert await finds(index, "giraffe")
        assert await archive.sync() == Pass(0, 0, 0)


async def test_an_empty_folder_in_place_of_the_archive_empties_nothing(shelf: Shelf) -> None:
    shelf.write("a.md", word="zebra")
    async with shelf.opened() as (archive, index):
        await archive.sync()
        # As where a disk is no longer mounted.
        shelf.root.rename(shelf.root.with_name("unmounted"))
        shelf.root.mkdir()

        assert await archive.sync() == Pass(0, 0, 0)
        assert await finds(index, "zebra")


async def test_what_was_deleted_while_the_bot_was_down_is_gone(shelf: Shelf) -> None:
    shelf.write("daily/a.md")
    deleted = shelf.write("weekly/b.md", day="2026-01-03", word="zebra")
    async with shelf.opened() as (archive, _):
        await archive.sync()
    deleted.with_name("cover.png").write_bytes(b"")
    deleted.unlink()

    async with shelf.opened() as (archive, index):
        assert await archive.sync() == Pass(changed=0, removed=1, waiting=0)
        assert not await finds(index, "zebra")


async def test_an_empty_folder_in_place_of_a_source_empties_nothing(shelf: Shelf) -> None:
    shelf.write("daily/a.md")
    mounted = shelf.write("weekly/b.md", day="2026-01-03", word="zebra").parent
    rules = mounted / "source.toml"
    rules.write_text('targets = ["@weekly"]')
    shelf.rest(rules)
    async with shelf.opened() as (archive, index):
        await archive.sync()
        away = mounted.rename(shelf.root.with_name("unmounted"))
        mounted.mkdir()

        assert await archive.sync() == Pass(0, 0, 0)
        assert archive.targets() == {"@weekly"}

    async with shelf.opened() as (archive, index):
        assert await archive.sync() == Pass(0, 0, 0)
        mounted.rmdir()
        # As a folder of a network that does not answer.
        mounted.symlink_to(mounted)
        assert await archive.sync() == Pass(0, 0, 0)
        assert await finds(index, "zebra")
        mounted.unlink()
        away.rename(mounted)
        assert await archive.sync() == Pass(0, 0, 0)
        (mounted / "b.md").unlink()
        rules.unlink()
        assert await archive.sync() == Pass(changed=0, removed=1, waiting=0)


async def test_an_archive_without_digests_is_no_news(shelf: Shelf) -> None:
    async with shelf.opened() as (archive, _):
        with capture_logs() as logs:
            await archive.refresh()
            await archive.refresh()
    assert logs == []


async def test_an_index_that_is_made_anew_can_be_read_meanwhile(shelf: Shelf) -> None:
    shelf.write("a/2026-01-02.md")
    asked, answered = asyncio.Event(), asyncio.Event()

    async def posted() -> Mapping[str, str]:
        asked.set()
        await answered.wait()
        return {}

    for is_readable in (False, True):
        shelf.topics = Topics.load(shelf.table)
        async with shelf.opened(posted) as (archive, _), asyncio.TaskGroup() as tasks:
            with capture_logs() as logs:
                tasks.create_task(archive.run())
                await asked.wait()
            assert archive.readable.is_set() is is_readable
            assert {"event": "reading the whole archive", "files": 1, "log_level": "info"} in logs
            answered.set()
            await archive.loaded.wait()
            await archive.readable.wait()
            archive.stop()
        shelf.table.write_text(TABLE.replace("ChatGPT", "Sora"), "utf-8")
        asked.clear()
        answered.clear()


async def test_new_rules_do_not_empty_a_source_that_is_away(shelf: Shelf) -> None:
    shelf.write("daily/a.md")
    mounted = shelf.write("weekly/2026-01-03.md", day="2026-01-03", word="zebra").parent
    async with shelf.opened() as (archive, index):
        await archive.sync()
        before = await ids(index)
        away = mounted.rename(shelf.root.with_name("unmounted"))
        mounted.mkdir()
    shelf.table.write_text(TABLE + '[[topic]]\nname = "Zebra"\n', "utf-8")
    shelf.topics.become(Topics.load(shelf.table))

    async with shelf.opened() as (archive, index):
        assert index.is_stale
        assert await archive.sync() == Pass(1, 0, 0)
        assert not index.is_stale
        assert await finds(index, "zebra")
        assert await ids(index) == before
        assert await archive.sync() == Pass(0, 0, 0)

        mounted.rmdir()
        away.rename(mounted)
        assert await archive.sync() == Pass(1, 0, 0)
        assert (await index.topic_items("Zebra")).total == 1
        assert await ids(index) == before


def asked_at(meeting: asyncio.Barrier) -> Callable[[], Awaitable[Mapping[str, str]]]:
    """Meet the test whenever the archive asks what was posted, and go on once it met again."""

    async def posted() -> Mapping[str, str]:
        await meeting.wait()
        await meeting.wait()
        return {}

    return posted


async def test_of_a_large_archive_the_newest_days_can_be_read_first(shelf: Shelf) -> None:
    for number in range(MANY):
        day = f"{date.fromordinal(DAY.toordinal() - number)}"
        shelf.write(f"daily/{day}.md", f"Number {number}", day)
    meeting = asyncio.Barrier(2)

    async with shelf.opened(asked_at(meeting)) as (archive, index):
        # The folder was empty when the bot started.
        archive.loaded.set()
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            loading = tasks.create_task(archive.sync())
            await meeting.wait()
            assert await ids(index) == {}
            await meeting.wait()
            await meeting.wait()

            begun = await ids(index)
            assert len(begun) == NEWEST
            assert await index.newest_day() == DAY
            assert archive.is_early()
            assert await archive.between(DAY, DAY) == []
            await meeting.wait()

        assert loading.result() == Pass(MANY, 0, 0)
        assert not archive.is_early()
        assert len(await archive.between(DAY, DAY)) == 1
        assert begun.items() < (await ids(index)).items()


async def test_no_file_whose_name_tells_no_day_is_taken_for_one_of_the_newest(
    shelf: Shelf,
) -> None:
    for number in range(MANY):
        shelf.write(f"{number}.md", f"Number {number}", f"{1990 + number % 36}-01-02")
    begun: list[dict[str, str]] = []

    async def posted() -> Mapping[str, str]:
        begun.append(await ids(index))
        return {}

    async with shelf.opened(posted) as (archive, index):
        assert await archive.sync() == Pass(MANY, 0, 0)

    assert begun[-1] == {}


async def cut_off(shelf: Shelf) -> None:
    """Leave a large archive of which only the beginning was read."""
    for number in range(NEWEST):
        shelf.write(f"{number}.md", f"Number {number}")
    async with shelf.opened() as (archive, _):
        await archive.sync()
    for number in range(NEWEST, MANY):
        shelf.write(f"{number}.md", f"Number {number}")


async def test_a_large_load_that_was_cut_off_begins_again(shelf: Shelf) -> None:
    await cut_off(shelf)

    async with shelf.opened() as (archive, index):
        assert await archive.sync() == Pass(MANY, 0, 0)
        assert len(await ids(index)) == MANY


async def test_nothing_is_pushed_while_a_large_load_that_was_cut_off_goes_on(shelf: Shelf) -> None:
    await cut_off(shelf)
    meeting = asyncio.Barrier(2)

    async with shelf.opened(asked_at(meeting)) as (archive, _):
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            tasks.create_task(archive.sync())
            await meeting.wait()
            meanwhile = await archive.between(DAY, DAY)
            await meeting.wait()

        assert meanwhile == []
        assert len(await archive.between(DAY, DAY)) == MANY


async def test_a_day_that_comes_near_while_the_state_cannot_be_read_is_seen_later(
    shelf: Shelf,
) -> None:
    shelf.write("2026-01-05.md", day="2026-01-05")
    is_usable = True

    async def posted() -> Mapping[str, str]:
        if not is_usable:
            raise DatabaseUnavailable
        return {}

    async with shelf.opened(posted) as (archive, index):
        await archive.sync()
        shelf.today, is_usable = date(2026, 1, 4), False
        with pytest.raises(DatabaseUnavailable):
            await archive.sync()
        is_usable = True
        await archive.sync()

        assert await is_ready(index, "2026-01-05.md")


async def test_a_day_that_comes_near_while_its_source_is_away_is_seen_later(shelf: Shelf) -> None:
    shelf.write("daily/a.md")
    mounted = shelf.write("weekly/b.md", day="2026-01-05").parent
    async with shelf.opened() as (archive, index):
        await archive.sync()
        away = mounted.rename(shelf.root.with_name("unmounted"))
        mounted.mkdir()
        shelf.today = date(2026, 1, 4)
        await archive.sync()
        assert (await reports(index))["weekly/b.md"].status is Status.HELD

        mounted.rmdir()
        away.rename(mounted)
        await archive.sync()
        assert (await reports(index))["weekly/b.md"].status is Status.READY


async def test_nothing_is_pushed_of_a_source_that_was_not_seen_yet(shelf: Shelf) -> None:
    shelf.write("a.md")
    async with shelf.opened() as (archive, _):
        await archive.sync()
        assert len(await archive.between(DAY, DAY)) == 1
    away = shelf.root.rename(shelf.root.with_name("unmounted"))

    async with shelf.opened() as (archive, _):
        await archive.sync()
        assert await archive.between(DAY, DAY) == []
        away.rename(shelf.root)
        await archive.sync()
        assert len(await archive.between(DAY, DAY)) == 1


async def test_a_held_digest_is_given_where_all_that_holds_it_is_excused(shelf: Shelf) -> None:
    shelf.write("a.md", extra="draft: true\n")
    async with shelf.opened() as (archive, index):
        await archive.sync()
        [own] = (await ids(index)).values()

        assert await archive.between(DAY, DAY, {own: {"stub"}, "other": {"draft"}}) == []
        assert len(await archive.between(DAY, DAY, {own: {"draft", "stub"}})) == 1


async def test_the_last_file_of_an_archive_can_be_deleted(shelf: Shelf) -> None:
    file = shelf.write("a.md", word="zebra")
    async with shelf.opened() as (archive, index):
        await archive.sync()
        file.unlink()
        await archive.sync()

        assert await lacks(index, "zebra")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_a_folder_that_cannot_be_read_keeps_its_last_state(shelf: Shelf) -> None:
    folder = shelf.write("daily/a.md", word="zebra").parent
    async with shelf.opened() as (archive, index):
        await archive.sync()
        folder.chmod(0)
        await archive.sync()
        kept = await finds(index, "zebra")
        reported = (await reports(index))["daily"].status
        folder.chmod(0o700)

    assert kept
    assert reported is Status.INVALID


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_an_archive_that_may_not_be_read_is_looked_at_now_and_then(shelf: Shelf) -> None:
    shelf.write("a.md", word="zebra")
    shelf.root.chmod(0)
    with capture_logs() as said:
        async with shelf.running() as (_, index):
            await asyncio.sleep(LOOK_SECONDS / 2)
            looks = [line["event"] for line in said].count("archive not watched")
            shelf.root.chmod(0o700)
            await until(lambda: finds(index, "zebra"))

    assert looks == 1


async def test_a_source_that_is_removed_has_no_targets_any_more(shelf: Shelf) -> None:
    shelf.write("kept/a.md")
    file = shelf.write("left/b.md")
    for source in ("kept", "left"):
        (shelf.root / source / "source.toml").write_text(f'targets = ["@{source}"]')
    async with shelf.opened() as (archive, _):
        await archive.sync()
        before = archive.targets()
        file.unlink()
        await archive.sync()

        assert before == {"@kept", "@left"}
        assert archive.targets() == {"@kept"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_a_source_that_cannot_be_seen_keeps_its_targets(shelf: Shelf) -> None:
    folder = shelf.write("daily/a.md").parent
    (folder / "source.toml").write_text('targets = ["@daily"]')
    async with shelf.opened() as (archive, _):
        await archive.sync()
        folder.chmod(0)
        await archive.sync()
        folder.chmod(0o700)

        assert archive.targets() == {"@daily"}


async def test_a_folder_in_place_of_a_file_and_a_file_in_place_of_a_folder(shelf: Shelf) -> None:
    file = shelf.write("a.md", word="zebra")
    inner = shelf.write("daily.md/b.md", day="2026-01-03", word="giraffe")
    async with shelf.opened() as (archive, index):
        await archive.sync()
        file.unlink()
        shelf.write("a.md/c.md", day="2026-01-04", word="lion")
        inner.unlink()
        inner.parent.rmdir()
        shelf.write("daily.md", day="2026-01-05", word="tiger")
        await archive.sync()

        assert set(await reports(index)) == {"a.md/c.md", "daily.md"}
        assert await finds(index, "lion")
        assert await finds(index, "tiger")


async def test_many_files_that_change_at_once_are_all_followed(shelf: Shelf) -> None:
    names = [f"2025-{month:02}-{day:02}.md" for month in range(1, 7) for day in range(1, 29)]
    for name in names:
        shelf.write(name, day=name[:10], word="zebra")
    async with shelf.opened() as (archive, index):
        await archive.sync()
        for name in names:
            shelf.write(name, day=name[:10], word="giraffe")
        done = await archive.sync()

        assert done == Pass(changed=len(names), removed=0, waiting=0)
        assert await lacks(index, "zebra")
        assert len(await reports(index)) == len(names)
