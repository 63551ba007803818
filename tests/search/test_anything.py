"""Whatever is typed gives an answer."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Results
from bot.search.index import Index
from bot.search.query import Query
from bot.search.reading import Reader
from bot.search.schema import connect
from bot.search.writing import Writer
from tests.search.stories import TOPICS, TableOfTopics, own_digests, report_of

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
def reader() -> Reader:
    topics = TableOfTopics(TOPICS)
    connection = connect(Path(tempfile.mkdtemp()) / "index.db")
    Writer(connection, topics).rebuild(map(report_of, own_digests()))
    return Reader(connection, topics)


def answer(reader: Reader, text: str) -> Results:
    return reader.search(text, Query(), limit=5, offset=0, fold=True)


@settings(max_examples=200)
@given(text=st.text(max_size=80))
def test_any_text_gives_an_answer(text: str, reader: Reader) -> None:
    assert len(answer(reader, text).hits) <= 5


@settings(max_examples=300)
@given(pieces=st.lists(PIECES, max_size=12))
def test_any_syntax_gives_an_answer(pieces: list[str], reader: Reader) -> None:
    results = answer(reader, "".join(pieces))

    assert len(results.hits) <= 5
    assert len(results.suggestions) <= 3
