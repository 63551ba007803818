"""An index that is not as it was written is replaced by an empty one, which asks to be rebuilt."""

import asyncio
import sqlite3
import time
from pathlib import Path

import pytest

from bot.model import Item, Section
from bot.search.index import Index
from tests.search.stories import FIRST_DAY, TableOfTopics, digest_of, own_digests, report_of

TAKEN = (
    "DELETE FROM digests WHERE number = 1",
    "DELETE FROM bodies",
    "DELETE FROM facts WHERE name = 'dictionary'",
)
CHANGED = (
    "UPDATE bodies SET body = CAST(substr(body, 1, 9) || x'ff' || substr(body, 11) AS BLOB)",
    "UPDATE digests SET day = '2026-13-01'",
    "UPDATE digests SET title = CAST(x'ff' AS TEXT)",
    "UPDATE digests SET status = 'unheard of'",
    "UPDATE files SET problems = x'c1'",
    "UPDATE facts SET value = 'x' WHERE name = 'bits'",
    "UPDATE facts SET value = 'x' WHERE name = 'dictionary'",
)
OF_WRITING = ("UPDATE digests SET keys = x'00'", "UPDATE digests SET keys = NULL")


async def read_everything(index: Index) -> None:
    for digest in own_digests():
        await index.search(digest.items[0].title)
        await index.digest(digest.id)
        await index.on(digest.day)
    await index.latest_day()
    await index.reports()


def change(path: Path, *statements: str) -> None:
    other = sqlite3.connect(path)
    for statement in statements:
        other.execute(statement)
    other.commit()
    other.close()


@pytest.mark.parametrize("damage", TAKEN + CHANGED)
async def test_rows_that_cannot_be_read_make_the_index_begin_anew(
    damage: str, kept: Path, topics: TableOfTopics
) -> None:
    change(kept, damage)

    async with Index.open(kept, topics) as index:
        await read_everything(index)

        assert index.is_stale
        assert await index.stamps() == {}
        await index.rebuild(map(report_of, own_digests()))
        assert (await index.search("智谱")).total == 2


@pytest.mark.parametrize("damage", ["DELETE FROM bodies", CHANGED[0], *OF_WRITING])
async def test_what_cannot_be_read_where_a_digest_is_corrected_makes_it_begin_anew(
    damage: str, kept: Path, topics: TableOfTopics
) -> None:
    change(kept, damage)

    async with Index.open(kept, topics) as index:
        await index.apply([report_of(own_digests()[0])], ())

        assert index.is_stale
        assert await index.stamps() == {}


async def test_a_day_that_cannot_be_read_where_a_day_is_full_makes_it_begin_anew(
    kept: Path, topics: TableOfTopics
) -> None:
    change(kept, "UPDATE digests SET day = '2026-13-01'")
    items = tuple(Item(f"i{at}", f"第 {at} 盏灯") for at in range(200))

    async with Index.open(kept, topics) as index:
        await index.apply([report_of(digest_of(FIRST_DAY, (Section("", items),)))], ())

        assert index.is_stale
        assert await index.stamps() == {}


async def search_until(done: asyncio.Future[None], index: Index) -> None:
    while not done.done():
        await index.search("智谱")


async def test_searches_while_a_file_is_replaced_see_what_is_written_later(
    kept: Path, topics: TableOfTopics
) -> None:
    async with Index.open(kept, topics) as index:
        change(kept, "DROP TABLE files")
        written = asyncio.create_task(index._writing.run(lambda writer: time.sleep(0.2)))
        searches = [asyncio.create_task(search_until(written, index)) for _ in range(3)]

        await asyncio.gather(index.stamps(), *searches)
        await index.rebuild(())

        assert not index.is_stale
        assert (await index.search("智谱")).total == 0
        assert await index.ids() == {}
