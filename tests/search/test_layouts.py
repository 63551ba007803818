"""An index of a former layout answers until it is made anew, and nobody waits for that."""

import asyncio
import gzip
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from bot.model import Item, Report, Section, Stamp, Status
from bot.search import schema
from bot.search.index import Index
from bot.search.writing import Writer
from tests.search.stories import (
    FIRST_DAY,
    TableOfTopics,
    digest_of,
    own_digests,
    paragraphs,
    report_of,
)

FORMER = sorted(Path(__file__).with_name("layouts").glob("*.db.gz"))


def layout_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as index:
        return int(index.execute("PRAGMA user_version").fetchone()[0])


@pytest.fixture(params=FORMER, ids=lambda file: file.name.split(".")[0])
def former(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Give a file that the bot of that layout wrote, of the first six of our own digests."""
    path = tmp_path / "index.db"
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    return path


async def assert_answers(index: Index) -> None:
    assert len(await index.stamps()) == 6
    assert await index.latest_day() == date(2026, 1, 16)
    assert (await index.search("智谱")).total == 2
    hit, *_ = (await index.search("tag:智谱")).hits
    digest = await index.digest(hit.digest_id)
    assert digest
    assert hit.item_key in [item.key for item in digest.items]
    assert len(await index.reports({Status.READY})) == 6
    assert await index.topic_days("智谱", date.min, date.max)


def test_each_layout_that_is_read_has_a_file_here() -> None:
    assert [int(file.name.split(".")[0]) for file in FORMER] == list(schema.READABLE)[:-1]


def reports_until(answered: Event) -> Iterator[tuple[Stamp, Report]]:
    yield from map(report_of, own_digests())
    assert answered.wait(20)


async def test_an_index_of_a_former_layout_answers_until_the_new_one_is_there(
    former: Path, topics: TableOfTopics
) -> None:
    answered = Event()

    async with Index.open(former, topics) as index:
        assert index.is_stale
        making = asyncio.create_task(index.rebuild(reports_until(answered)))
        await assert_answers(index)
        answered.set()
        await making

        assert not index.is_stale
        assert len(await index.stamps()) == len(own_digests())
        assert (await index.search("智谱")).total == 2
    assert layout_of(former) == schema.READABLE[-1]


@pytest.fixture
def of_another_layout(kept: Path) -> Path:
    old = sqlite3.connect(kept)
    old.execute("PRAGMA user_version = 99")
    old.close()
    return kept


async def test_an_index_of_another_layout_is_made_anew(
    of_another_layout: Path, topics: TableOfTopics
) -> None:
    async with Index.open(of_another_layout, topics) as index:
        assert await index.stamps() == {}
        assert index.is_stale


async def test_an_index_of_another_layout_answers_while_it_is_made(
    of_another_layout: Path, topics: TableOfTopics
) -> None:
    answered = Event()

    async with Index.open(of_another_layout, topics) as index:
        making = asyncio.create_task(index.rebuild(reports_until(answered)))
        assert (await index.search("智谱")).total == 0
        assert await index.latest_day() is None
        answered.set()
        await making
        assert (await index.search("智谱")).total == 2


async def test_what_is_known_of_hidden_files_goes_over_to_the_new_layout(
    former: Path, topics: TableOfTopics
) -> None:
    async with Index.open(former, topics) as index:
        known = await index.stamps()
        await index.rebuild((), hidden=known.keys())

        await assert_answers(index)
        assert not any(stamp == known[path] for path, stamp in (await index.stamps()).items())


async def test_what_could_not_be_made_leaves_the_old_one_and_nothing_beside_it(
    kept: Path, topics: TableOfTopics
) -> None:
    def cut_off() -> Iterator[tuple[Stamp, Report]]:
        yield report_of(own_digests()[0])
        raise EOFError

    async with Index.open(kept, topics) as index:
        with pytest.raises(EOFError):
            await index.rebuild(cut_off())

        assert (await index.search("智谱")).total == 2
        assert len(await index.stamps()) == len(own_digests())
    assert [file.name for file in kept.parent.iterdir()] == [kept.name]


async def test_a_new_file_has_no_pages_to_spare(tmp_path: Path, topics: TableOfTopics) -> None:
    path = tmp_path / "index.db"
    # More than is gathered before it is written, so that lists are written in pieces and joined.
    words = [
        " ".join(f"w{word}" for word in range(at, at + 8000)) for at in range(0, 160_000, 8000)
    ]
    items = tuple(Item(f"i{at}", "灯", paragraphs(text)) for at, text in enumerate(words))

    async with Index.open(path, topics) as index:
        await index.rebuild([report_of(digest_of(FIRST_DAY, (Section("", items),)))])

    with closing(sqlite3.connect(path)) as found:
        assert found.execute("PRAGMA freelist_count").fetchone() == (0,)


async def test_an_index_that_is_a_link_stays_one(
    kept: Path, topics: TableOfTopics, tmp_path_factory: pytest.TempPathFactory
) -> None:
    link = tmp_path_factory.mktemp("elsewhere") / "link.db"
    link.symlink_to(kept)

    async with Index.open(link, topics) as index:
        await index.rebuild([report_of(own_digests()[0])])

    assert [file.name for file in link.parent.iterdir()] == [link.name]
    assert [file.name for file in kept.parent.iterdir()] == [kept.name]
    async with Index.open(kept, topics) as index:
        assert len(await index.stamps()) == 1


async def test_who_copies_a_new_file_at_once_keeps_nobody_from_it(
    tmp_path: Path, topics: TableOfTopics
) -> None:
    path = tmp_path / "index.db"
    with closing(schema.connect_new(path)) as connection:
        Writer(connection, topics).fill(map(report_of, own_digests()))

    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as copying:
        copying.execute("BEGIN")
        assert copying.execute("SELECT count(*) FROM files").fetchone() == (len(own_digests()),)
        async with Index.open(path, topics) as index:
            assert (await index.search("智谱")).total == 2


KILLED = """
import asyncio, os, sys
from pathlib import Path
from bot.search.index import Index
from tests.search.stories import TOPICS, TableOfTopics, own_digests, report_of

def killed():
    yield from map(report_of, own_digests())
    os.kill(os.getpid(), 9)

async def main():
    async with Index.open(Path(sys.argv[1]), TableOfTopics(TOPICS)) as index:
        await index.rebuild(killed())

asyncio.run(main())
"""


async def test_a_kill_while_it_is_made_leaves_the_old_one(
    former: Path, topics: TableOfTopics
) -> None:
    before = layout_of(former)
    killed = subprocess.run([sys.executable, "-c", KILLED, former], check=False)  # noqa: ASYNC221
    assert killed.returncode == -signal.SIGKILL
    assert layout_of(former) == before

    async with Index.open(former, topics) as index:
        await assert_answers(index)
    assert [file.name for file in former.parent.iterdir()] == [former.name]
