"""The same story told twice is one hit."""

from datetime import timedelta

import pytest

from bot.model import Digest, Item, Section
from bot.search.index import Index
from tests.search.stories import FIRST_DAY, digest_of, paragraphs, report_of

BODY = "灯塔守望者说，雾最浓的夜里，他会多点一盏灯，直到最后一艘船进港。"


def told(
    title: str, *, days: int = 0, url: str | None = None, body: str = BODY, source: str = "morning"
) -> Digest:
    item = Item("a", title, paragraphs(body), url)
    return digest_of(FIRST_DAY + timedelta(days=days), (Section("", (item,)),), source=source)


async def test_a_story_on_two_days_is_one_hit(index: Index) -> None:
    later = told("守望者的灯塔与最后一艘船", days=1)
    await index.apply(map(report_of, (told("守望者的灯塔与最后一艘船"), later)), ())

    results = await index.search("灯塔")

    assert results.total == 1
    assert results.hits[0].day == later.day
    assert [(also.day, also.item_key) for also in results.hits[0].also_on] == [(FIRST_DAY, "a")]
    assert (await index.search("灯塔", fold=False)).total == 2


async def test_a_link_told_under_two_titles_is_one_story(index: Index) -> None:
    one = told("灯塔守望者的一夜", url="https://www.sea.example/light/?utm_source=x", body="甲")
    other = told("灯塔守望者", url="http://sea.example/light", body="乙", source="evening")
    await index.apply(map(report_of, (one, other)), ())

    assert (await index.search("灯塔")).total == 1


def retold(title: str, days: int = 1) -> Digest:
    return told(title, days=days, body="另一家报纸换了一种说法，从头讲起。", source="evening")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbor 开源 lamp-keeper", "Harbor 开源 Lamp Keeper"),
        ("Harbor发布灯塔模型LM-1，又一家入局", "Harbor发布灯塔模型LM-1"),
        ("Harbor 完成 2.5 亿克朗融资", "Harbor 融资 2.5 亿克朗"),
    ],
)
async def test_what_says_the_same_of_several_names_is_one_story(
    one: str, other: str, index: Index
) -> None:
    await index.apply(map(report_of, (told(one), retold(other))), ())

    assert (await index.search("harbor")).total == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("Harbor 完成 2 亿克朗 C 轮融资"), retold("Beacon 完成 2 亿克朗 C 轮融资")),
        (told("Harbor 完成 2 亿克朗 C 轮融资"), retold("Harbor 完成 9 亿克朗 C 轮融资")),
        (told("Harbor 发布 LM 2"), retold("Harbor 下架 LM 2")),
        (told("Harbor 将发布 LM 2"), retold("Harbor 推迟发布 LM 2")),
        (told("Harbor LM 2"), retold("Harbor LM 2")),
        (told("Harbor 开源灯塔"), retold("Harbor 开源灯塔")),
        (told("Harbor 开源 LM 2"), retold("Harbor 开源 LM 2", days=4)),
        (told("灯塔模型 4.6 发布"), told("灯塔模型 4.7 发布", days=1)),
        (told("今日天气"), told("今日天气", days=1, body="完全不同的一天，风从北边来。")),
        (
            told("灯塔甲", url="https://sea.example/"),
            told("港口乙", url="https://sea.example", days=1),
        ),
        (told("灯塔守望者的一夜"), told("灯塔守望者的一夜", days=15)),
    ],
)
async def test_what_only_looks_alike_stays_apart(one: Digest, other: Digest, index: Index) -> None:
    await index.apply(map(report_of, (one, other)), ())

    assert (await index.search("since:2026-01-01")).total == 2


async def test_a_third_telling_joins_the_story(index: Index) -> None:
    tellings = [told("守望者的灯塔与最后一艘船", days=days) for days in range(3)]
    for telling in tellings:
        await index.apply([report_of(telling)], ())

    results = await index.search("灯塔")

    assert len(results.hits[0].also_on) == 2
    await index.apply((), [report_of(tellings[0])[0].path])
    assert len((await index.search("灯塔")).hits[0].also_on) == 1


async def test_items_of_one_digest_are_never_folded(index: Index) -> None:
    items = tuple(Item(key, "守望者的灯塔", paragraphs(BODY)) for key in "ab")
    await index.apply([report_of(digest_of(FIRST_DAY, (Section("", items),)))], ())

    assert (await index.search("灯塔")).total == 2
