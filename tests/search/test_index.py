"""The index as the layers above use it."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.digests.parallel import Helpers
from bot.model import Digest, Headline, Item, Origin, Problem, Report, Section, Status
from bot.search.index import Index, Stamp
from bot.search.schema import ForeignFileError, begin_anew
from tests.search.stories import (
    FIRST_DAY,
    TOPICS,
    TableOfTopics,
    digest_of,
    own_digests,
    paragraphs,
    report_of,
)


def one_item(title: str, day: date = FIRST_DAY, body: str = "", key: str = "a") -> Section:
    return Section("要闻", (Item(key, title, paragraphs(body)),))


async def titles(index: Index, query: str, limit: int = 5, offset: int = 0) -> list[str]:
    results = await index.search(query, limit=limit, offset=offset)
    return [hit.title for hit in results.hits]


async def test_what_is_put_in_is_found_and_can_be_read(index: Index) -> None:
    digest = digest_of(FIRST_DAY, (one_item("桥上的灯"),))

    await index.apply([report_of(digest)], ())

    assert await titles(index, "灯") == ["桥上的灯"]
    assert await index.digest(digest.id) == digest
    assert await index.digest("unknown") is None


async def test_a_corrected_digest_is_found_by_its_new_words_alone(index: Index) -> None:
    stamp, report = report_of(digest_of(FIRST_DAY, (one_item("桥上的灯"),)))
    await index.apply([(stamp, report)], ())

    corrected = report_of(digest_of(FIRST_DAY, (one_item("河边的塔"),)))[1]
    await index.apply([(replace(stamp, mtime_ns=2), corrected)], ())

    assert await titles(index, "灯") == []
    assert await titles(index, "塔") == ["河边的塔"]
    assert (await index.stamps())[stamp.path].mtime_ns == 2


async def test_a_removed_digest_is_gone(index: Index) -> None:
    stamp, report = report_of(digest_of(FIRST_DAY, (one_item("桥上的灯"),)))
    await index.apply([(stamp, report)], ())

    await index.apply((), [stamp.path, "never/there.md"])

    assert (await index.search("灯")).total == 0
    assert await index.stamps() == {}
    assert await index.latest_day() is None


async def test_stories_whose_words_another_process_makes_are_found(index: Index) -> None:
    digests = list(own_digests())
    with closing(Helpers(1)) as helpers:
        await index.rebuild(map(report_of, digests), each=helpers.each)

    for item in (item for digest in digests for item in digest.items):
        assert item.title in await titles(index, item.title, limit=50)


async def test_a_failed_change_leaves_everything_as_it_was(index: Index) -> None:
    stamp, report = report_of(digest_of(FIRST_DAY, (one_item("桥上的灯"),)))
    await index.apply([(stamp, report)], ())

    with pytest.raises(TypeError):
        await index.apply([(stamp, report), None], ())  # type: ignore[list-item]

    assert await titles(index, "灯") == ["桥上的灯"]


async def test_files_that_are_no_digests_are_remembered_but_not_found(index: Index) -> None:
    broken = Report("x.md", Status.INVALID, None, (Problem("date", "no date", 3),))
    held = digest_of(FIRST_DAY, (one_item("草稿里的鸟"),))

    await index.apply([(Stamp("x.md", 9, 9), broken), report_of(held, Status.HELD)], ())

    assert await titles(index, "鸟") == ["草稿里的鸟"]
    reports = {report.path: report for report in await index.reports()}
    assert reports["x.md"] == broken
    kept = reports[f"{held.id}.md"]
    assert kept.status is Status.HELD
    assert kept.digest == replace(held, headlines=(), sections=())


async def test_days_are_listed_with_their_digests(stocked: Index) -> None:
    last = FIRST_DAY + timedelta(days=16 * 3)

    days = await stocked.days(FIRST_DAY, FIRST_DAY + timedelta(days=6))

    assert list(days) == [FIRST_DAY + timedelta(days=at) for at in (0, 3, 6)]
    assert [head.source for head in await stocked.on(FIRST_DAY)] == ["evening"]
    assert await stocked.latest_day() == last
    assert await stocked.latest_day(before=last) == last - timedelta(days=3)
    assert await stocked.first_day() == FIRST_DAY
    assert await stocked.first_day(after=FIRST_DAY) == FIRST_DAY + timedelta(days=3)
    assert await stocked.nearest_day(FIRST_DAY + timedelta(days=1)) == FIRST_DAY
    assert await stocked.nearest_day(FIRST_DAY - timedelta(days=9)) == FIRST_DAY
    assert await stocked.nearest_day(date.max) == await stocked.latest_day()


async def test_the_newest_day_is_one_on_which_something_may_be_offered(index: Index) -> None:
    ready, held = (digest_of(FIRST_DAY + timedelta(days=at), (one_item("甲"),)) for at in (0, 1))
    await index.apply([report_of(ready), report_of(held, Status.HELD)], ())

    assert await index.latest_day() == FIRST_DAY + timedelta(days=1)
    assert await index.newest_day() == FIRST_DAY


async def test_each_file_has_an_id(index: Index) -> None:
    morning = digest_of(FIRST_DAY, (one_item("甲"),))
    evening = digest_of(FIRST_DAY, (one_item("乙"),), source="evening")
    await index.apply(map(report_of, (morning, evening)), ())

    assert await index.ids() == {f"{one.id}.md": one.id for one in (morning, evening)}


async def test_pages_follow_each_other(stocked: Index) -> None:
    whole = await titles(stocked, "模型", limit=100)

    assert len(whole) > 10
    assert await titles(stocked, "模型") == whole[:5]
    assert await titles(stocked, "模型", offset=5) == whole[5:10]
    assert await titles(stocked, "模型", offset=500) == []


async def test_a_search_is_narrowed_by_topic_and_days(stocked: Index) -> None:
    narrowed = await stocked.search("模型", tag="通义千问", limit=50)
    assert narrowed.total == 0

    first = await stocked.search("模型", until=FIRST_DAY)
    assert {hit.day for hit in first.hits} == {FIRST_DAY}

    later = await stocked.search("until:2026-01-01 模型", since=FIRST_DAY + timedelta(days=1))
    assert later.total == 0


async def test_a_title_counts_for_more_than_a_headline_section_or_body(index: Index) -> None:
    sections = (
        Section("要闻", (Item("a", "远山", paragraphs("昨夜有萤火。")),)),
        Section("萤火", (Item("b", "近水"),)),
        Section("要闻", (Item("c", "小桥"), Item("d", "萤火"))),
    )
    headlines = (Headline("小桥边的萤火", Origin.SUMMARY, "c"),)
    await index.apply([report_of(digest_of(FIRST_DAY, sections, headlines=headlines))], ())

    assert await titles(index, "萤火") == ["萤火", "小桥", "近水", "远山"]


async def test_the_newer_of_equals_comes_first(index: Index) -> None:
    days = [FIRST_DAY + timedelta(days=30 * at) for at in range(3)]
    await index.apply([report_of(digest_of(day, (one_item("萤火"),))) for day in days], ())

    results = await index.search("萤火", fold=False)

    assert [hit.day for hit in results.hits] == days[::-1]


async def test_a_headline_without_an_item_is_found(index: Index) -> None:
    headlines = (Headline("渡口重开", Origin.SUMMARY), Headline("甲", Origin.SUMMARY, "lost"))
    await index.apply([report_of(digest_of(FIRST_DAY, (), headlines=headlines))], ())

    hit = (await index.search("渡口")).hits[0]

    assert (hit.title, hit.item_key, hit.url) == ("渡口重开", "", None)


async def test_an_item_without_a_title_is_named_by_its_beginning(index: Index) -> None:
    body = "没有标题的一段话，" * 12
    await index.apply([report_of(digest_of(FIRST_DAY, (one_item("", body=body),)))], ())

    hit = (await index.search("一段话")).hits[0]

    assert hit.title == body[:79] + "…"


async def test_more_matches_than_can_be_ranked_come_newest_first(index: Index) -> None:
    days = [FIRST_DAY + timedelta(days=at) for at in range(23)]
    many = [
        digest_of(
            day,
            (
                Section(
                    "",
                    tuple(Item(f"i{n}", f"{n} 号 {day}", paragraphs("潮水")) for n in range(100)),
                ),
            ),
        )
        for day in days
    ]
    named = digest_of(FIRST_DAY, (one_item("潮水"),), source="evening")
    await index.apply(map(report_of, [*many, named]), ())

    results = await index.search("潮水")
    listed = await index.search("since:2026-01-01", offset=10)

    assert results.more
    assert results.total == 2000
    assert results.hits[0].title == "潮水"
    assert results.newest == days[-1]
    assert {hit.day for hit in results.hits[1:]} == {days[-1]}
    assert {hit.day for hit in listed.hits} == {days[-1]}
    everything = await index.search("潮水", limit=5000, fold=False)
    assert len(everything.hits) == everything.total == 2301
    assert not everything.more


async def test_a_topic_counts_what_is_below_it_once(tmp_path: Path) -> None:
    table = TableOfTopics(dict.fromkeys(["Wide", "Part", "Other"], ()), parents={"Part": "Wide"})
    named = (("Part",), ("Wide", "Part"), ("Wide",), ("Part", "Other"))
    items = tuple(Item(f"i{at}", f"甲{at}", topics=names) for at, names in enumerate(named))
    async with Index.open(tmp_path / "families.db", table) as index:
        await index.apply([report_of(digest_of(FIRST_DAY, (Section("", items),)))], ())

        counts = await index.topics_by_day()

        assert counts == {"Wide": {FIRST_DAY: 4}, "Part": {FIRST_DAY: 3}, "Other": {FIRST_DAY: 1}}
        assert (await index.topic_items("Wide")).total == 4


async def test_topics_are_counted_and_listed_newest_first(stocked: Index) -> None:
    counts = await stocked.topics_by_day()
    recent = await stocked.topics_by_day(FIRST_DAY + timedelta(days=40))
    results = await stocked.topic_items("英伟达")

    assert sum(counts["OpenAI"].values()) == 6
    assert sum(recent["通义千问"].values()) == 2
    assert "NVIDIA" not in recent
    assert [hit.title for hit in results.hits] == [
        "英伟达推出低功耗推理卡",
        "NVIDIA 与工厂共建数字产线",
    ]
    assert (await stocked.topic_items("no such topic")).total == 0


async def test_searches_do_not_hold_up_the_loop(stocked: Index) -> None:
    searches = asyncio.gather(*(stocked.search("模型") for _ in range(50)))
    ticks = 0
    while not searches.done():
        await asyncio.sleep(0)
        ticks += 1

    assert len(await searches) == 50
    assert ticks > 50


async def test_an_index_is_kept_between_runs(tmp_path: Path, topics: TableOfTopics) -> None:
    path = tmp_path / "deep" / "index.db"
    async with Index.open(path, topics) as index:
        await index.apply(map(report_of, own_digests()), ())

    async with Index.open(path, topics) as index:
        assert not index.is_stale
        assert len(await index.stamps()) == len(own_digests())
        assert (await index.search("智谱")).total == 2


async def test_other_topics_make_the_index_stale_until_it_is_rebuilt(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    async with Index.open(path, TableOfTopics(TOPICS)) as index:
        await index.apply(map(report_of, own_digests()), ())

    async with Index.open(path, TableOfTopics(TOPICS, digest="2")) as index:
        assert index.is_stale
        assert (await index.search("智谱")).total == 2

        await index.rebuild(map(report_of, own_digests()[:2]))

        assert not index.is_stale
        assert (await index.search("通义千问")).total == 0
        assert len(await index.stamps()) == 2


async def test_topics_that_change_while_it_runs_need_one_rebuild(tmp_path: Path) -> None:
    path, topics = tmp_path / "index.db", TableOfTopics(TOPICS)
    async with Index.open(path, topics) as index:
        await index.rebuild(map(report_of, own_digests()))
        topics.digest = "2"
        index.stale.set()

        await index.rebuild(map(report_of, own_digests()))

        assert not index.is_stale
    async with Index.open(path, topics) as index:
        assert not index.is_stale


async def test_topics_that_change_during_a_rebuild_need_another(
    index: Index, topics: TableOfTopics
) -> None:
    def changing() -> Iterator[tuple[Stamp, Report]]:
        yield from map(report_of, own_digests())
        topics.digest = "2"

    await index.rebuild(changing())

    assert index.is_stale
    await index.rebuild(map(report_of, own_digests()))
    assert not index.is_stale


async def test_a_day_without_room_for_its_items_gets_more(index: Index) -> None:
    def crowded(source: str) -> Digest:
        items = tuple(Item(f"i{at}", f"第 {at} 盏灯") for at in range(600))
        return digest_of(FIRST_DAY, (Section("", items),), source=source)

    for number in range(4):
        await index.apply([report_of(crowded(f"source {number}"))], ())

    assert (await index.search("599", fold=False)).total == 4
    assert (await index.search("灯", fold=False, limit=9999)).total == 2400


async def test_a_digest_without_items_hides_no_other(index: Index) -> None:
    digests = [
        digest_of(FIRST_DAY, (), source="empty"),
        digest_of(FIRST_DAY, (one_item("桥上的灯"),)),
        digest_of(FIRST_DAY, (), source="void"),
    ]

    await index.rebuild(map(report_of, digests))

    assert (await index.search("灯")).hits[0].source == "morning"


async def test_digests_corrected_again_and_again_find_room(index: Index) -> None:
    items = tuple(Item(f"i{at}", f"第 {at} 盏灯") for at in range(100))
    report = report_of(digest_of(FIRST_DAY, (Section("", items),)))
    await index.rebuild([report])

    for _ in range(5):
        await index.apply([report], ())

    assert not index.is_stale
    assert (await index.search("灯")).total == 100


async def test_the_old_rows_answer_while_new_ones_are_made(stocked: Index) -> None:
    seen = []

    def slowly() -> object:
        for digest in own_digests():
            time.sleep(0.002)
            yield report_of(digest)

    rebuilding = asyncio.create_task(stocked.rebuild(slowly()))  # type: ignore[arg-type]
    while not rebuilding.done():
        seen.append((await stocked.search("智谱")).total)
    await rebuilding

    assert set(seen) == {2}


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 99, b"SQLite format 3\0" + b"\1" * 5000]
)
async def test_a_file_that_is_no_database_is_replaced(
    content: bytes, tmp_path: Path, topics: TableOfTopics
) -> None:
    path = tmp_path / "index.db"
    path.write_bytes(content)

    async with Index.open(path, topics) as index:
        await index.apply(map(report_of, own_digests()), ())

        assert (await index.search("智谱")).total == 2


async def test_a_file_damaged_while_in_use_is_replaced_and_asks_to_be_rebuilt(
    kept: Path, topics: TableOfTopics
) -> None:
    async with Index.open(kept, topics) as index:
        await asyncio.to_thread(_spoil, kept)

        results = await asyncio.gather(*(index.search("智谱") for _ in range(3)))

        assert index.is_stale
        assert [found.total for found in results] == [0, 0, 0]
        await index.rebuild(map(report_of, own_digests()))
        assert not index.is_stale
        assert (await index.search("智谱")).total == 2


async def test_what_is_written_to_a_damaged_file_is_not_lost_silently(
    kept: Path, topics: TableOfTopics
) -> None:
    async with Index.open(kept, topics) as index:
        await index.search("智谱")
        async with index._writing.resting():
            await asyncio.to_thread(begin_anew, kept)
            await asyncio.to_thread(kept.write_bytes, b"\xff" * 9000)

        await index.apply(map(report_of, own_digests()), ())

        assert index.is_stale
        assert (await index.stamps()) == {}


def _spoil(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for page in range(1, len(data) // 4096):
        data[page * 4096 : page * 4096 + 4000] = b"\xff" * 4000
    path.write_bytes(data)


async def test_somebody_elses_database_is_left_alone(tmp_path: Path, topics: TableOfTopics) -> None:
    path = tmp_path / "state.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE precious (value)")
    other.close()

    with pytest.raises(ForeignFileError, match="INDEX_PATH"):
        async with Index.open(path, topics):
            pass

    assert b"precious" in path.read_bytes()


async def test_related_topics_are_those_that_go_with_little_else(index: Index) -> None:
    together = [("智谱", "开源", "MiniMax")] * 2 + [("智谱", "开源", "Kimi"), ("智谱",)]
    named = [*together, *[("开源",)] * 9, ("Kimi",)]
    items = tuple(Item(f"i{at}", f"甲{at}", topics=names) for at, names in enumerate(named))
    await index.apply([report_of(digest_of(FIRST_DAY, (Section("", items),)))], ())

    assert (await index.topic_items("智谱")).topics == ("MiniMax", "开源", "Kimi")


async def test_topics_are_those_of_the_first_stories_on_whichever_page(index: Index) -> None:
    items = [
        Item(f"i{at}", f"模型 {at}", topics=("AI", *["Robot"] * (at == 11))) for at in range(12)
    ]
    items.append(Item("last", "别的", topics=("Robot", "AI")))
    await index.apply([report_of(digest_of(FIRST_DAY, (Section("", tuple(items)),)))], ())

    pages = [await index.search("模型", offset=offset) for offset in (0, 5, 10)]
    about = [await index.topic_items("AI", offset=offset) for offset in (0, 5, 10)]

    assert [page.topics for page in pages] == [()] * 3
    assert [page.topics for page in about] == [("Robot",)] * 3


async def test_stories_are_folded_alike_however_they_were_put_in(index: Index) -> None:
    days = [FIRST_DAY + timedelta(days=at) for at in range(3)]
    linked = (Item("a", "桥上的灯修好了", url="https://news.example/bridge"),)
    alone = (Item("a", "桥上的灯修好了"),)
    digests = [
        digest_of(day, (Section("要闻", items),))
        for day, items in zip(days, (linked, linked, alone), strict=True)
    ]

    await index.apply(map(report_of, digests), ())
    applied = await index.search("灯")
    await index.rebuild(map(report_of, digests))

    assert (await index.search("灯")).hits == applied.hits
    assert len(applied.hits) == 1
    assert len(applied.hits[0].also_on) == 2


async def test_stories_without_titles_are_folded_wherever_they_stand(index: Index) -> None:
    told = ("桥上的灯修好了", "老街今晚挂满红灯", "灯市开到清晨")
    items = tuple(Item(text, "", body=paragraphs(text)) for text in told)
    days = [FIRST_DAY + timedelta(days=at) for at in range(2)]
    digests = [digest_of(day, (Section("要闻", items),)) for day in days]

    await index.rebuild(map(report_of, digests))

    assert [len(hit.also_on) for hit in (await index.search("灯")).hits] == [1, 1, 1]


async def test_what_is_told_again_is_folded_at_once(index: Index) -> None:
    first, second = (
        digest_of(FIRST_DAY + timedelta(days=at), (one_item("桥上的灯修好了"),)) for at in (0, 1)
    )
    await index.apply([report_of(first)], ())
    assert (await index.search("灯")).hits[0].also_on == ()

    await index.apply([report_of(second)], ())

    assert len((await index.search("灯")).hits[0].also_on) == 1
