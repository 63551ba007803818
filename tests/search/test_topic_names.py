"""Topics that are nearly called as somebody typed."""

from pathlib import Path

import pytest

from bot.model import Item, Section
from bot.search.index import Index
from tests.search.stories import FIRST_DAY, TOPICS, TableOfTopics, digest_of, report_of

FAMILY = {"Sora": (), "Codex": ()}
PARENTS = {"Sora": "OpenAI", "Codex": "OpenAI"}


@pytest.mark.parametrize(
    ("typed", "topic"),
    [
        ("opnai", "OpenAI"),
        ("Open", "OpenAI"),
        ("chat gtp", "OpenAI"),
        ("doub", "豆包"),
        ("dou bao", "豆包"),
        ("zhipu", "智谱"),
        ("通义", "通义千问"),
        ("Nvidea", "NVIDIA"),
        ("智谱AI", "智谱"),
        ("tongyi", "通义千问"),
        ("智普", "智谱"),
        ("英伟大", "NVIDIA"),
        ("千文", "通义千问"),
    ],
)
async def test_a_near_miss_offers_the_topic(stocked: Index, typed: str, topic: str) -> None:
    results = await stocked.topic_items(typed)

    names = {hit_topic for hit in results.hits for hit_topic in hit.topics}
    assert topic in (results.suggestions or names)


@pytest.mark.parametrize("typed", ["", "x", "qqqqzzzz", "！", "\ud800", "a" * 4096, "量子"])
async def test_what_is_like_no_topic_offers_none(stocked: Index, typed: str) -> None:
    assert (await stocked.topic_items(typed)).suggestions == ()


async def test_a_beginning_as_written_comes_before_one_as_spoken(tmp_path: Path) -> None:
    topics = TableOfTopics({"Meta": ("杨立昆",), "英伟达": ()})
    items = (Item("a", "甲", topics=("Meta",)), Item("b", "乙", topics=("英伟达",)))
    async with Index.open(tmp_path / "sounds.db", topics) as index:
        await index.apply([report_of(digest_of(FIRST_DAY, (Section("", items),)))], ())

        assert (await index.topic_items("英伟")).suggestions == ("英伟达", "Meta")


async def test_a_topic_of_which_nothing_is_told_is_not_offered(index: Index) -> None:
    assert (await index.topic_items("opnai")).suggestions == ()


async def test_a_topic_has_the_stories_of_those_below_it(tmp_path: Path) -> None:
    topics = TableOfTopics(TOPICS | {"OpenAI": ()} | FAMILY, parents=PARENTS)
    items = (
        Item("a", "甲", topics=("OpenAI",)),
        Item("b", "乙", topics=("Sora",)),
        Item("c", "丙", topics=("Kimi",)),
    )
    digest = digest_of(FIRST_DAY, (Section("要闻", items),))

    async with Index.open(tmp_path / "family.db", topics) as index:
        await index.apply([report_of(digest)], ())

        async def found(query: str, tag: str | None = None) -> set[str]:
            return {hit.title for hit in (await index.search(query, tag=tag)).hits}

        assert {hit.title for hit in (await index.topic_items("openai")).hits} == {"甲", "乙"}
        assert await found("#OpenAI") == await found("", "OpenAI") == {"甲", "乙"}
        assert await found("tag:sora") == {"乙"}
        assert await found("-tag:OpenAI") == {"丙"}
