"""Whatever is typed gives an answer."""

import itertools
import sqlite3
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Item, Results, Section
from bot.search.index import Index
from bot.search.query import Query
from bot.search.schema import connect_new
from bot.search.searching import Searcher
from bot.search.writing import Writer
from tests.search.stories import (
    TOPICS,
    TableOfTopics,
    digest_of,
    own_digests,
    paragraphs,
    report_of,
)

NASTY = [
    *('"', '""', '"a', "NEAR(a b)", "a NEAR b", "a*", "*", "col:a", "title:智谱", "^a", "{a b}: c"),
    *("a AND", "NOT", "NOT a", "a NOT b", "(", "())", "a + b", "'; DROP TABLE items; --", "%", "_"),
    *("x" * 4096, "智" * 4096, "a " * 500, "-a " * 500, "a OR " * 500, '"a b" ' * 300, "#" * 300),
    *(
        "!?…，。、",
        "-",
        "--",
        "- -",
        "🔥" * 300,
        "👨\u200d👩\u200d👧",
        "\ud800",
        "a\udfffb",
        "\u200d",
    ),
    *("\u200b" * 9, "\x00", "a\x00b", "\x1b[0m", "tag:", "since:", "in:", "source:", 'tag:"', "#"),
    *("-#", "-tag:OpenAI", "since:9999-99-99", "since:0000", "until:0001", "since:9999"),
    *("e\u0301" * 200, "c++ c# c+ +c #c"),
]
# Found all over a long story, or sounding like very much.
DEAR = [
    *("的 一 是 在 大 用 成 发 与", "a b c d e f g h i j k l", "智 谱 大 模 型", "glm-4.7 a-b c-d"),
    *("yi ji shi zhi", "yijishizhi", "lililili shishishi yiyiyiyi jijijiji qiqiqiqi xixixixi"),
    *("智普青颜 文心一眼 通意千问 豆宝大摸型", "internationalisationx " * 6, "ang" * 8),
]
LONG = ("智谱大模型的", "a b c d e f ", "GLM-4.7 ", "e\u0301a智…", "ChatGPT的OpenAI ")
LENGTH = 20_000
MOST_CALLS = 250_000
MOST_INSTRUCTIONS = 150_000
A_LOT = 100
PIECES = st.sampled_from(
    [
        *(
            '"',
            "-",
            " ",
            "OR",
            "tag:",
            "#",
            "since:",
            "2026",
            "in:title",
            "智谱",
            "G",
            "LM",
            "*",
            "(",
        ),
        *("^", "NEAR", ":", "🔥", "\ud800", "\u200d", "\x00", "AND ", "NOT ", "+", "source:", "é"),
    ]
)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
async def test_nasty_text_gives_an_answer(text: str, stocked: Index) -> None:
    results = await stocked.search(text)

    assert results.total >= len(results.hits)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    texts = (text * (LENGTH // len(text)) for text in LONG)
    items = [Item(f"i{at}", f"长文 {at}", paragraphs(text)) for at, text in enumerate(texts)]
    long = digest_of(date(2027, 1, 1), (Section("", tuple(items)),))
    connection = connect_new(tmp_path_factory.mktemp("anything") / "index.db")
    digests = [*own_digests(), long]
    Writer(connection, TableOfTopics(TOPICS)).fill(map(report_of, digests))
    return connection


@pytest.fixture(scope="module")
def searcher(connection: sqlite3.Connection) -> Searcher:
    return Searcher(connection, TableOfTopics(TOPICS))


def answer(searcher: Searcher, text: str) -> Results:
    return searcher.search(text, Query(), limit=5, offset=0, fold=True)


@pytest.mark.parametrize("text", NASTY + DEAR, ids=range(len(NASTY + DEAR)))
def test_no_text_asks_for_much_work(
    text: str,
    searcher: Searcher,
    connection: sqlite3.Connection,
    steps: Callable[[Callable[[], object]], int],
) -> None:
    instructions = itertools.count(step=A_LOT)
    connection.set_progress_handler(lambda: next(instructions) and None, A_LOT)

    calls = steps(lambda: answer(searcher, text))

    assert calls <= MOST_CALLS
    assert next(instructions) <= MOST_INSTRUCTIONS


@settings(max_examples=200)
@given(text=st.text(max_size=80))
def test_any_text_gives_an_answer(text: str, searcher: Searcher) -> None:
    assert len(answer(searcher, text).hits) <= 5


@settings(max_examples=300)
@given(pieces=st.lists(PIECES, max_size=12))
def test_any_syntax_gives_an_answer(pieces: list[str], searcher: Searcher) -> None:
    results = answer(searcher, "".join(pieces))

    assert len(results.hits) <= 5
    assert len(results.suggestions) <= 3
