"""What comes first: where the words stand, then the day."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.model import Headline, Item, Origin, Section
from bot.search.index import Index
from bot.search.ranking import COUNTED
from tests.search.stories import FIRST_DAY, TableOfTopics, digest_of, paragraphs, report_of

LONG = "没有这个词的一句话。" * 60


def _item(title: str, body: str = "别的", key: str = "i") -> Item:
    return Item(key, title, paragraphs(body))


async def _put(index: Index, *items: Item, day: date = FIRST_DAY, section: str = "") -> None:
    headlines = tuple(
        Headline("萤火亮了", Origin.SUMMARY, one.key) for one in items if one.key == "h"
    )
    digest = digest_of(day, (Section(section, items),), headlines=headlines)
    await index.apply([report_of(digest)], ())


async def _found(index: Index, query: str) -> list[str]:
    results = await index.search(query, limit=100, fold=False)
    return [hit.title for hit in results.hits]


async def test_titles_come_before_headlines_sections_and_texts(index: Index) -> None:
    """Even the newest mention in a text stands below an old title."""
    days = [FIRST_DAY + timedelta(days=at) for at in range(4)]
    await _put(index, _item("萤火的题目", LONG), day=days[0])
    await _put(index, _item("在要点里", LONG, key="h"), day=days[1])
    await _put(index, _item("在栏目里", LONG), day=days[2], section="萤火")
    await _put(index, _item("在正文里", "萤火，萤火，萤火。"), day=days[3])

    assert await _found(index, "萤火") == ["萤火的题目", "在要点里", "在栏目里", "在正文里"]


async def test_of_titles_the_newest_comes_first_however_long(index: Index) -> None:
    for at, body in enumerate(["萤火，萤火。", "短", LONG]):
        await _put(index, _item(f"萤火 {at}", body), day=FIRST_DAY + timedelta(days=at))

    assert await _found(index, "萤火") == ["萤火 2", "萤火 1", "萤火 0"]


async def test_stories_of_one_day_keep_their_order(index: Index) -> None:
    await _put(index, *(_item(f"萤火 {at}", key=f"i{at}") for at in range(3)))

    assert await _found(index, "萤火") == ["萤火 0", "萤火 1", "萤火 2"]


async def test_in_a_place_what_was_typed_comes_before_its_translation(index: Index) -> None:
    day = timedelta(days=1)
    await _put(index, _item("提到一句", "智谱也来了"), day=FIRST_DAY)
    await _put(index, _item("Zhipu opens"), day=FIRST_DAY + day)
    await _put(index, _item("Zhipu closes"), day=FIRST_DAY + day * 2)
    await _put(index, _item("智谱（Zhipu）开源", LONG), day=FIRST_DAY + day * 3)
    await _put(index, _item("智谱开源", LONG), day=FIRST_DAY + day * 4)

    assert await _found(index, "智谱") == [
        "智谱开源",
        "智谱（Zhipu）开源",
        "Zhipu closes",
        "Zhipu opens",
        "提到一句",
    ]


async def test_words_that_stand_together_come_first(index: Index) -> None:
    await _put(index, _item("alpha beta"), day=FIRST_DAY)
    await _put(index, _item("beta alpha"), day=FIRST_DAY + timedelta(days=1))

    assert await _found(index, "alpha beta") == ["alpha beta", "beta alpha"]


async def test_titles_with_all_the_words_come_before_those_with_one(index: Index) -> None:
    day = timedelta(days=1)
    await _put(index, _item("gamma", "alpha beta"), day=FIRST_DAY + day * 2)
    await _put(index, _item("beta", "alpha"), day=FIRST_DAY + day)
    await _put(index, _item("beta gamma alpha"), day=FIRST_DAY)

    assert await _found(index, "alpha beta") == ["beta gamma alpha", "beta", "gamma"]


async def test_of_bodies_those_with_the_words_together_come_first(index: Index) -> None:
    await _put(index, _item("old", "alpha beta"), day=FIRST_DAY)
    await _put(index, _item("new", "alpha, then beta"), day=FIRST_DAY + timedelta(days=1))

    assert await _found(index, "alpha beta") == ["old", "new"]


async def test_of_single_characters_the_first_counts_in_the_title(index: Index) -> None:
    await _put(index, _item("萤 1", "火"), day=FIRST_DAY)
    await _put(index, _item("火 2", "萤"), day=FIRST_DAY + timedelta(days=1))

    assert await _found(index, "萤 火") == ["萤 1", "火 2"]


@pytest.mark.parametrize("fold", [True, False])
async def test_pages_are_pieces_of_one_list(index: Index, fold: bool) -> None:
    for at in range(4):
        day = FIRST_DAY + timedelta(days=at)
        await _put(index, _item(f"萤火 {at}", key="a"), _item("别的", f"萤火 {at}"), day=day)

    whole = await index.search("萤火", limit=100, fold=fold)
    pages = [await index.search("萤火", limit=3, offset=at, fold=fold) for at in range(0, 9, 3)]

    assert [hit for page in pages for hit in page.hits] == list(whole.hits)
    assert {page.total for page in pages} == {whole.total}


async def test_of_very_many_the_titles_come_first(index: Index) -> None:
    """Then the newest; those of a day keep their order here, too."""
    many = (_item(f"{at}", "萤火", key=f"i{at}") for at in range(COUNTED))
    await _put(index, *many, day=FIRST_DAY + timedelta(days=1))
    await _put(index, _item("萤火 1", key="a"), _item("萤火 2", key="b"), day=FIRST_DAY)

    results = await index.search("萤火", fold=False)

    assert [hit.title for hit in results.hits] == ["萤火 1", "萤火 2", "0", "1", "2"]
    assert results.more


async def test_a_name_of_one_character_is_ranked_with_its_translation(tmp_path: Path) -> None:
    """One character says little, so that nothing of what was typed is scored."""
    async with Index.open(tmp_path / "index.db", TableOfTopics({"芽": ("Bud",)})) as index:
        await _put(index, _item("一棵芽"), day=FIRST_DAY)
        await _put(index, _item("A bud"), day=FIRST_DAY + timedelta(days=1))

        assert set(await _found(index, "芽")) == {"一棵芽", "A bud"}
