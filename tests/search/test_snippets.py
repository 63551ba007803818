"""Which piece of a text is shown, and what is marked in it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.search.query import parse
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
