"""Where nothing is found, something else is offered that does find."""

import pytest

from bot.search.index import Index


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
    ],
)
async def test_another_query_is_offered(typed: str, offered: str, stocked: Index) -> None:
    results = await stocked.search(typed)

    assert offered in results.suggestions


@pytest.mark.parametrize("typed", ["zhipu", "chatgtp", "智谱 火星 豆包", "a" * 200, "龘"])
async def test_whatever_is_offered_finds_something(typed: str, stocked: Index) -> None:
    results = await stocked.search(typed)

    assert len(results.suggestions) <= 3
    for other in results.suggestions:
        assert (await stocked.search(other)).total


@pytest.mark.parametrize("typed", ["拟撰", "豆包" * 3, "龘龘"])
async def test_a_word_is_no_suggestion_for_itself(typed: str, stocked: Index) -> None:
    assert typed not in (await stocked.search(typed)).suggestions


async def test_nothing_is_offered_where_nothing_is_near(stocked: Index) -> None:
    assert (await stocked.search("龘")).suggestions == ()
    assert (await stocked.search("qqqqqqqq")).suggestions == ()


async def test_what_narrows_too_much_is_left_out_first(stocked: Index) -> None:
    results = await stocked.search("智谱 since:2099")

    assert results.suggestions[0] == "智谱"
