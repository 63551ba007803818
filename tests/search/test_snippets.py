"""Which piece of a text is shown, and what is marked in it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.parsing import parse
from bot.search.snippets import WIDTH, Runs, snippet
from tests.search.stories import TableOfTopics


def cut(query: str, *texts: str) -> Runs:
    return snippet(texts, parse(query, TableOfTopics({})).phrases)


def marked(query: str, *texts: str) -> list[str]:
    return [text for text, matched in cut(query, *texts) if matched]


def test_the_original_is_shown_and_its_matches_marked() -> None:
    assert cut("glm4.7", "新的 ＧＬＭ－４．７ 来了") == (
        ("新的 ", False),
        ("ＧＬＭ－４．７", True),
        (" 来了", False),
    )


def test_matches_are_marked_as_they_are_found() -> None:
    assert marked("國家標準", "国家标准出台") == ["国家标准"]
    assert marked("claude cod", "Claude Code 与 Codex") == ["Claude", "Code", "Codex"]
    assert marked("gpt", "ChatGPT 与 gpt，不是 egpt") == ["GPT", "gpt"]
    assert marked("5.2", "15.2 不是，5.2 才是") == ["5.2"]
    assert marked("智谱 谱系", "智谱系") == ["智谱系"]
    assert marked('"智谱 GLM"', "智谱 的 GLM，智谱GLM") == ["智谱GLM"]
    assert marked('"glm 发布"', "GLM发布会") == ["GLM发布"]
    assert marked("glm-4.7", "GLM 4.6，GLM") == []
    assert marked('"one bright lamp"', "one dark lamp") == []


def test_the_densest_window_of_a_long_text_is_shown() -> None:
    filler = "这里说的是别的事情，" * 30
    runs = cut("萤火 灯塔", f"萤火。{filler}后来，萤火照着灯塔。{filler}")

    shown = "".join(text for text, _ in runs)
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert [text for text, matched in runs if matched] == ["萤火", "灯塔"]


def test_the_second_text_is_shown_where_only_it_matches() -> None:
    assert marked("萤火", "没有", "有萤火") == ["萤火"]


def test_the_beginning_is_shown_where_nothing_matches() -> None:
    assert cut("萤火", "", "甲\n乙") == (("甲 乙", False),)
    assert cut("萤火", "") == ()


def test_a_latin_word_is_not_cut() -> None:
    text = "letter " * 40

    assert cut("萤火", text)[0][0].split()[-1] == "letter"
    assert len(cut("x", "y" * 500)[0][0]) == WIDTH


def test_a_snippet_does_not_begin_within_a_word() -> None:
    name = "AnthropicClaudeSonnet"

    for word in (name, f"甲{name}", f"Über{name}é"):
        shown = "".join(text for text, _ in cut("萤火", f"{'前' * 30}{word}看见萤火"))
        assert shown.removeprefix("…").endswith("看见萤火")
        assert len(shown) <= 30
        assert not shown.removeprefix("…")[0].islower()


def test_an_accent_is_marked_with_its_letter() -> None:
    assert marked("cafe", "Cafe\u0301 au lait") == ["Cafe\u0301"]
    assert marked("萤火", "甲" * 40 + "e\u0301" * 20 + "萤火") == ["萤火"]
    assert cut("萤火", "甲" * 40 + "e\u0301" * 20 + "x萤火")[1][0][0] != "\u0301"


@pytest.mark.parametrize(
    "query", ["a", "a b c d e f g h i j k l", "a-b c-d e-f", "智", "智 谱 大 模 型", "ab 谱的"]
)
@pytest.mark.parametrize(
    "text", ["a b c d e f g h i j k l ", "智谱大模型的", "aB智谱…", "e\u0301a智"]
)
def test_long_stories_take_no_more_work_than_there_is_text(
    query: str, text: str, steps: Callable[[Callable[[], object]], int]
) -> None:
    length = 20_000

    work = steps(lambda: cut(query, text * (length // len(text))))

    assert work <= 8 * length


@given(
    st.text(alphabet="萤火a B。 \n🔥ＧＰTé\u200d", max_size=400),
    st.text(alphabet="萤火aB 🔥gpte", max_size=6),
)
def test_a_snippet_is_a_piece_of_the_text(text: str, query: str) -> None:
    runs = cut(query, text)

    shown = "".join(run for run, _ in runs).removeprefix("…").removesuffix("…")
    assert shown in " ".join(text.split())
    assert len(shown) <= WIDTH + 1
    assert all(run for run, _ in runs)
