"""Where nothing is found, something else is offered that does find."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import Item, Section
from bot.search.index import Index
from tests.search.stories import FIRST_DAY, TableOfTopics, digest_of, report_of


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("taiji", "太极"),
        ("YuYin", "语音"),
        ("jiqiren", "机器人"),
        ("yuezhianmian", "月之暗面"),
        ("chatgtp", "chatgpt"),
        ("copilott", "copilot"),
        ("deepsek", "deepseek"),
        ("storrage", "storage"),
        ("claud codee", "claude code"),
        ("智谱 火星", "智谱"),
        ('"火星" 豆包', "豆包"),
        ("国家 标准 火星", "国家 标准"),
        ("tai ji", "太极"),
        ("智普", "智谱"),
        ("英伟大", "英伟达"),
        ("豆宝", "豆包"),
        ("豆寶", "豆包"),
        ("智普 GLM", "智谱 GLM"),
        ("deep seek v 9", "deep seek v"),
        ("co pilot", "copilot"),
        ("opensource", "open source"),
        ("机器衬衫", "机器 衬衫"),
        ("湿度番茄模型", "湿度 番茄 模型"),
        ("豆包 9", "豆包"),
        ("#谷歌 #OpenAI", "#谷歌"),
        ("#谷歌 #OpenAI", "#OpenAI"),
        ("太极、火星", "太极"),
        ("智谱GLM火星", "智谱 GLM"),
        ("最近关于智谱的新闻", "#智谱"),
        ("智谱和OpenAI和豆包的火星", "#智谱"),
        ("OpenAI发布火星手机", "OpenAI"),
        ("deepseekw3", "deepseek 3"),
        ("deepseekv3", "deepseek v3"),
        ("qwen3max", "qwen 3"),
        ("湿度怎样管理番茄", "湿度 番茄"),
        ("GLM-4.7在火星", "GLM-4.7"),
        ("火星湿度怎样管理番茄 GLM", "湿度 番茄"),
        ("火星打太極的機器人", "打太極的機器人"),
        ("甲乙 丙丁 戊己 庚辛 壬癸 番茄 湿度", "番茄 湿度"),
        ("智普 OR 豆宝", "智谱 OR 豆包"),
        ("deepsek 或 chatgtp 模型", "deepseek OR chatgpt 模型"),
        ("模型 火星 OR 木星", "模型"),
        ("火星 OR 湿度管理番茄", "湿度 番茄"),
        ('"豆包 机器人"', "豆包"),
        ('"source open"', "source open"),
        ('"source open" 模型', "source open 模型"),
    ],
)
async def test_another_query_is_offered(typed: str, offered: str, stocked: Index) -> None:
    results = await stocked.search(typed)

    assert offered in results.suggestions


@pytest.mark.parametrize(
    "typed",
    [
        *("zhipu", "chatgtp", "智谱 火星 豆包", "a" * 200, "龘", "yi ji shi zhi", "ang" * 8),
        *("since:2099", "source:nobody", "#OpenAI since:2099", "-模型 until:2000", "tag:opnai"),
        *("tag:opnai since:2099", "千问 tag:zipu until:2000"),
        *("湿度番茄" * 20, "湿度" * 60 + " 番茄" * 3, "大棚里的番茄怎样管理"),
        *("source:nobody 智谱 until:2000 #豆包", "since:2099 ???", "since:2099 -", "since:2099 OR"),
    ],
)
async def test_whatever_is_offered_finds_something(typed: str, stocked: Index) -> None:
    results = await stocked.search(typed)

    assert len(results.suggestions) <= 3
    for other in results.suggestions:
        assert other.strip()
        assert (await stocked.search(other)).total


async def test_what_is_read_alike_is_offered_once(stocked: Index) -> None:
    offered = (await stocked.search("OpenAI since:2099")).suggestions

    assert len({other.lower() for other in offered}) == len(offered) > 0


@pytest.mark.parametrize("typed", ["拟撰", "豆包" * 3, "龘龘"])
async def test_a_word_is_no_suggestion_for_itself(typed: str, stocked: Index) -> None:
    assert typed not in (await stocked.search(typed)).suggestions


async def test_nothing_is_offered_where_nothing_is_near(stocked: Index) -> None:
    assert (await stocked.search("龘")).suggestions == ()
    assert (await stocked.search("qqqqqqqq")).suggestions == ()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("智谱 since:2099", "智谱"),
        ("#智谱 since:2099 until:2100", "#智谱"),
        ("模型 tag:智谱 since:2099", "模型 tag:智谱"),
        ("智谱 source:nobody", "智谱"),
        ("#opnai since:2099", "#OpenAI"),
        ("tag:zipu 模型 -豆包", "#智谱 模型 -豆包"),
        ("#opnai", "#OpenAI"),
        ("tongyi qianwen", "通义千问"),
        ("其业", "企业"),
    ],
)
async def test_what_was_most_likely_meant_comes_first(
    typed: str, offered: str, topics: TableOfTopics, index: Index
) -> None:
    items = tuple(
        Item(name, f"{name} 的模型", topics=(name,)) for name in ("智谱", "OpenAI", "通义千问")
    )
    others = tuple(Item(word, word) for word in ("同一天", "千问一句", "统一战线", "企业"))
    digest = digest_of(FIRST_DAY, (Section("", items + others),))
    await index.apply([report_of(digest)], ())

    assert (await index.search(typed)).suggestions[0] == offered


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("千问 -#通义", "千问 -#通义千问"), ("NOT #通义 千问", "NOT #通义千问 千问")],
)
async def test_a_topic_that_is_not_wanted_stays_so(typed: str, offered: str, index: Index) -> None:
    items = (Item("a", "模型", topics=("通义千问",)), Item("b", "通义，也写作千问"))
    await index.apply([report_of(digest_of(FIRST_DAY, (Section("", items),)))], ())

    assert (await index.search(typed)).suggestions[0] == offered


@pytest.mark.parametrize("typed", ["火星 与", "火星 3", "火星3", "x 火星"])
async def test_a_character_alone_is_not_offered(typed: str, index: Index) -> None:
    items = (Item("a", "豆包 x 与可灵 3"),)
    await index.apply([report_of(digest_of(FIRST_DAY, (Section("", items),)))], ())

    assert (await index.search(typed)).suggestions == ()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("模型 昨天", "模型 since:昨天 until:昨天"),
        ('"last month" 模型', 'since:"last month" until:"last month" 模型'),
        ("last month 模型", 'since:"last month" until:"last month" 模型'),
        ("模型 1 day ago", '模型 since:"1 day ago" until:"1 day ago"'),
        (f"模型 {FIRST_DAY:%Y-%m}", f"模型 since:{FIRST_DAY:%Y-%m} until:{FIRST_DAY:%Y-%m}"),
        ("本月", "since:本月 until:本月"),
        ("模型昨天", "模型 since:昨天 until:昨天"),
        ("昨天模型", "模型 since:昨天 until:昨天"),
        ("新的 模型本月", "新的 模型 since:本月 until:本月"),
    ],
)
async def test_words_may_name_the_days_that_are_meant(
    typed: str, offered: str, index: Index
) -> None:
    items = (Item("a", "新的模型"),)
    days = [FIRST_DAY, FIRST_DAY + timedelta(days=40)]
    await index.apply([report_of(digest_of(day, (Section("", items),))) for day in days], ())

    results = await index.search(typed, today=days[1] + timedelta(days=1))

    assert results.suggestions[0] == offered


@pytest.mark.parametrize("typed", ["模型 -昨天", "模型 1.5", "模型 1 5", "模型 火星"])
async def test_other_words_name_no_days(typed: str, stocked: Index) -> None:
    results = await stocked.search(typed, today=FIRST_DAY)

    assert not any("since" in other for other in results.suggestions)


async def test_what_is_offered_is_found_within_what_was_narrowed_besides(stocked: Index) -> None:
    anywhere = await stocked.search("豆包 火星")
    within = await stocked.search("豆包 火星", tag="OpenAI")

    assert "豆包" in anywhere.suggestions
    assert within.suggestions == ()


@pytest.mark.parametrize("typed", ["模型 火星 OR 木星", "火星 OR 湿度管理番茄", "火星 OR 智普"])
async def test_no_or_is_offered_that_joins_nothing(typed: str, stocked: Index) -> None:
    suggestions = (await stocked.search(typed)).suggestions

    assert suggestions
    assert not any(other.startswith("OR ") or other.endswith(" OR") for other in suggestions)


async def test_nothing_is_offered_for_days_alone(stocked: Index) -> None:
    assert (await stocked.search("since:2099")).suggestions == ()


async def test_a_topic_with_a_blank_is_offered_in_quotes(tmp_path: Path) -> None:
    topics = TableOfTopics({"Hugging Face": ("HF",)})
    item = Item("a", "新的数据集", topics=("Hugging Face",))
    async with Index.open(tmp_path / "blank.db", topics) as index:
        await index.apply([report_of(digest_of(FIRST_DAY, (Section("", (item,)),)))], ())

        [offered] = (await index.search("tag:hugingface")).suggestions

        assert offered == 'tag:"Hugging Face"'
        assert (await index.search(offered)).total == 1
