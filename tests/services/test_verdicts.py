"""What admins are told of files that are not pushed by themselves, on a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date, datetime

import pytest

from bot.digests.identity import digest_id
from bot.digests.problems import Code, problem, status_of
from bot.model import Digest, Report, Stamp, Status
from bot.services import verdicts as module
from bot.services.publications import Publishing, Unknown
from bot.services.verdicts import Verdict, Verdicts
from bot.storage.database import Database
from bot.storage.errors import DatabaseUnavailable

DAY = date(2026, 1, 2)


class Desk:
    """An archive's reports, an admin who remembers what was told, and a press of the button."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self.files: dict[str, Report] = {}
        self.told: list[str] = []
        self.others: list[int] = []
        self.numbers: dict[str, int] = {}
        self.pushed: list[str] = []
        self.unusable = 0
        self.is_there = True
        self.database = database
        self.verdicts = Verdicts(database, self, self.publish, self, now)

    def put(self, path: str, *codes: Code, day: date = DAY, held_by: str | None = None) -> None:
        """Write a file; one that was renamed holds the id of *held_by*."""
        problems = tuple(map(problem, codes))
        own = Digest(digest_id(held_by or path, "", day), "", "en", day, "A day", (), (), "hash")
        status = status_of(problems)
        digest = None if status == "invalid" else own
        self.files[path] = Report(path, status, digest, problems)

    async def stamps(self) -> Mapping[str, Stamp]:
        return {path: Stamp(path, 1, 1) for path in self.files}

    async def reports(self, statuses: Set[Status]) -> Sequence[Report]:
        return [report for report in self.files.values() if report.status in statuses]

    async def publish(self, digest_id: str) -> Publishing:
        self.pushed.append(digest_id)
        return Unknown(digest_id)

    async def judged(self, found: Sequence[Verdict], others: int) -> bool:
        if self.unusable:
            self.unusable -= 1
            raise DatabaseUnavailable("database is locked")
        self.told += [verdict.report.path for verdict in found]
        self.others.append(others)
        self.numbers |= {verdict.report.path: verdict.number for verdict in found}
        return self.is_there


@pytest.fixture
def desk(database: Database, clock: Callable[[], datetime]) -> Desk:
    return Desk(database, clock)


async def test_each_held_or_invalid_file_is_told_of_once(desk: Desk) -> None:
    desk.put("held.md", Code.STUB)
    desk.put("broken.md", Code.NOT_UTF8)
    desk.put("fine.md")

    await desk.verdicts.tell()
    await desk.verdicts.tell()

    assert desk.told == ["broken.md", "held.md"]


async def test_what_nobody_could_hear_is_told_again(desk: Desk) -> None:
    desk.put("held.md", Code.STUB)

    desk.is_there = False
    await desk.verdicts.tell()
    desk.is_there = True
    await desk.verdicts.tell()
    await desk.verdicts.tell()

    assert desk.told == ["held.md", "held.md"]


async def test_digests_held_for_their_sources_file_are_not_told_of_beside_it(desk: Desk) -> None:
    desk.put("daily/source.toml", Code.BAD_SOURCE_FILE)
    desk.put("daily/a.md", Code.BAD_SOURCE_FILE)
    desk.put("daily/b.md", Code.BAD_SOURCE_FILE, Code.STUB)
    desk.put("other/c.md", Code.BAD_SOURCE_FILE)

    await desk.verdicts.tell()

    assert sorted(desk.told) == ["daily/b.md", "daily/source.toml", "other/c.md"]


async def test_another_fault_of_a_file_is_told(desk: Desk) -> None:
    desk.put("a.md", Code.STUB)
    await desk.verdicts.tell()
    desk.put("a.md", Code.GARBAGE)
    await desk.verdicts.tell()

    assert desk.told == ["a.md", "a.md"]


async def test_what_was_mended_and_is_broken_again_is_told_again(desk: Desk) -> None:
    for path in ("a.md", "source.toml"):
        desk.put(path, Code.STUB)
    await desk.verdicts.tell()
    numbers = dict(desk.numbers)
    desk.put("a.md")
    del desk.files["source.toml"]
    await desk.verdicts.tell()
    for path in ("a.md", "source.toml"):
        desk.put(path, Code.STUB)
    await desk.verdicts.tell()

    assert sorted(desk.told) == ["a.md", "a.md", "source.toml", "source.toml"]
    assert desk.numbers == numbers


async def test_of_several_faults_one_less_is_no_news(desk: Desk) -> None:
    desk.put("a.md", Code.STUB, Code.BAD_SOURCE_FILE)
    await desk.verdicts.tell()
    desk.put("a.md", Code.STUB)
    await desk.verdicts.tell()
    desk.put("a.md", Code.STUB, Code.BAD_SOURCE_FILE)
    await desk.verdicts.tell()

    assert desk.told == ["a.md", "a.md"]


async def test_what_could_not_be_told_is_told_when_the_database_is_free(desk: Desk) -> None:
    desk.put("a.md", Code.STUB)
    desk.unusable = 1

    with pytest.raises(DatabaseUnavailable):
        await desk.verdicts.tell()
    await desk.verdicts.tell()

    assert desk.told == ["a.md"]


async def test_an_archive_in_which_nothing_is_new_writes_nothing(desk: Desk) -> None:
    for number in range(100):
        desk.put(f"{number}.md", Code.STUB)
    await desk.verdicts.tell()

    async with desk.database.transaction():
        # A further writer would have to wait for this one.
        await desk.verdicts.tell()


async def test_of_many_files_the_newest_are_told(desk: Desk) -> None:
    for day in range(1, 9):
        desk.put(f"{day}.md", Code.STUB, day=date(2026, 1, day))

    await desk.verdicts.tell()

    assert desk.told == ["8.md", "7.md", "6.md", "5.md", "4.md"]
    assert desk.others == [3]


async def test_all_that_is_not_pushed_is_listed(desk: Desk) -> None:
    for day in range(1, 9):
        desk.put(f"{day}.md", Code.STUB, day=date(2026, 1, day))
    desk.put("broken.md", Code.NOT_UTF8)
    desk.put("fine.md")
    assert await desk.verdicts.undecided() == []

    await desk.verdicts.tell()

    paths = [verdict.report.path for verdict in await desk.verdicts.undecided()]
    assert paths == ["broken.md", *(f"{day}.md" for day in range(8, 0, -1))]


async def test_a_renamed_file_is_pushed_by_the_button_of_its_old_name(desk: Desk) -> None:
    desk.put("2026-01-02-old.md", Code.STUB)
    await desk.verdicts.tell()
    del desk.files["2026-01-02-old.md"]
    desk.put("2026-01-02-new.md", Code.STUB, held_by="2026-01-02-old.md")
    await desk.verdicts.tell()

    await desk.verdicts.push(desk.numbers["2026-01-02-old.md"])

    assert desk.told == ["2026-01-02-old.md"]
    assert desk.pushed == [digest_id("2026-01-02-old.md", "", DAY)]


async def test_another_file_of_the_day_is_not_taken_for_a_renamed_one(desk: Desk) -> None:
    desk.put("2026-01-02-one.md", Code.STUB)
    await desk.verdicts.tell()
    desk.put("2026-01-02-two.md", Code.STUB)
    await desk.verdicts.tell()
    del desk.files["2026-01-02-one.md"]
    await desk.verdicts.tell()

    assert desk.told == ["2026-01-02-one.md", "2026-01-02-two.md"]


async def test_what_cannot_be_read_is_not_pushed(desk: Desk) -> None:
    desk.put("broken.md", Code.NOT_UTF8)
    await desk.verdicts.tell()

    assert await desk.verdicts.push(desk.numbers["broken.md"]) is None
    assert await desk.verdicts.push(99) is None
    assert desk.pushed == []


async def test_a_changed_archive_is_looked_at_until_stopped(desk: Desk) -> None:
    desk.put("a.md", Code.STUB)
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        tasks.create_task(desk.verdicts.run())
        desk.verdicts.wake()
        while not desk.told:  # noqa: ASYNC110  # it tells nobody else
            await asyncio.sleep(0.01)
        desk.verdicts.stop()

    assert module.MOST_AT_ONCE >= len(desk.told) == 1
