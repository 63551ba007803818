"""Topics: one name for many spellings."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.digests.topics import Topic, Topics, TopicsError

TABLE = """
[[topic]]
name = "英伟达"
aliases = ["NVIDIA", "黄仁勋"]
parent = "芯片"

[[topic]]
name = "苹果"
aliases = ["Apple", "iPhone", "Vision Pro"]
except = ["苹果派", "Apple pie"]

[[topic]]
name = "英特尔"
aliases = ["Intel"]
except = ["intel"]

[[topic]]
name = "芯片"
aliases = ["GPU", "AI芯片"]

[[topic]]
name = "OpenAI"
aliases = ["ChatGPT", "GPT-5", "o3-mini"]
"""


@pytest.fixture
def table(tmp_path: Path) -> Topics:
    path = tmp_path / "topics.toml"
    path.write_text(TABLE, "utf-8")
    return Topics.load(path)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("NVIDIA 发布新卡", ("英伟达",)),
        ("輝達以外，英偉達也在場", ("英伟达",)),
        ("ｃｈａｔｇｐｔ 与 nvidia", ("英伟达", "OpenAI")),
        ("用ChatGPT写诗", ("OpenAI",)),
        ("ChatGPTs are others", ()),
        ("gpt-5.2 is here", ("OpenAI",)),
        ("gpt-55 is not", ()),
        ("o3-mini, o3-mini2 and o3-minis", ("OpenAI",)),
        ("o3-minis", ()),
        ("AI 芯片与AI芯片", ("芯片",)),
        ("gpus but a GPU", ("芯片",)),
        ("", ()),
        ("An apple pie, ＡＰＰＬＥ ＰＩＥ 与蘋果派", ()),
        ("Apple sells no apple pie", ("苹果",)),
        ("苹果不卖苹果派", ("苹果",)),
        ("用ChatGPT5写诗，也用chatgpt4o", ("OpenAI",)),
        ("GPT-5x and gpt-52 are others", ()),
        ("the iPhones", ()),
        ("an iphone3 and the Vision Pro2", ("苹果",)),
        ("new intel on the war", ()),
        ("Intel，INTEL", ("英特尔",)),
        ("Intel3 Intelligence", ("英特尔",)),
        ("Intelligence and more intel", ()),
        ("英特尔 has intel", ("英特尔",)),
    ],
)
def test_names_are_found_as_words(text: str, names: tuple[str, ...], table: Topics) -> None:
    assert table.find(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Facebook and Instagram sell ads", ("Meta",)),
        ("WhatsApp 加入机器人", ("Meta",)),
        ("Arm sells cores", ("Arm",)),
        ("ARM 架构与 Arm 的内核", ("Arm",)),
        ("He broke his arm", ()),
        ("Arm wrestling is back", ()),
        ("A Robot Arm won", ("具身智能",)),
        ("Armed forces and an army", ()),
        ("EU AI Act takes effect", ("监管",)),
        ("处理器使用率降到一半", ()),
        ("新处理器上市，处理器使用率降到一半", ("AI芯片",)),
        ("エヌビディアとオープンAI、グーグル", ("OpenAI", "谷歌", "英伟达")),
        ("오픈AI와 엔비디아", ("OpenAI", "英伟达")),
        ("Open AI 与 the open-air market", ("OpenAI",)),
    ],
)
def test_the_table_that_comes_with_the_bot_knows(text: str, names: tuple[str, ...]) -> None:
    table = Topics.load(Path(__file__).parent.parent.parent / "data/topics.toml")

    assert table.find(text) == names


def test_any_spelling_leads_to_the_canonical_name(table: Topics) -> None:
    assert table.resolve("#nvidia") == "英伟达"
    assert table.resolve("英偉達") == "英伟达"
    assert table.resolve("gpt5") == "OpenAI"
    assert table.resolve("nothing") is None


@pytest.mark.parametrize("name", ["C", "C#", "C++", "Node.js"])
def test_names_may_hold_marks(name: str) -> None:
    table = Topics(tuple(Topic(name) for name in ("C", "C#", "C++", "Nodejs", "Node.js")))

    assert table.resolve(name.lower()) == table.resolve(f"＃{name}") == name
    assert name in table.find(f"他们用{name}写")
    assert table.resolve("#Nodejs#") == "Nodejs"


def test_a_topic_knows_its_names_and_those_below(table: Topics) -> None:
    assert table.names == ("英伟达", "苹果", "英特尔", "芯片", "OpenAI")
    assert table.aliases("Nvidia") == ("英伟达", "NVIDIA", "黄仁勋")
    assert table.aliases("nothing") == ()
    assert table.family("GPU") == ("芯片", "英伟达")
    assert table.family("nothing") == ()


def test_the_table_shows_that_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "topics.toml"
    path.write_text(TABLE, "utf-8")
    before = Topics.load(path).digest
    assert Topics.load(path).digest == before
    path.write_text(TABLE.replace("GPU", "TPU"), "utf-8")

    assert Topics.load(path).digest != before


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("topic = 1", r"under \[\[topic\]\]"),
        ("[[topics]]\nname = 'a'", r"topics is read by nobody: .* under \[\[topic\]\]"),
        ("[[topic]]\nname = 'a'\nparent = 'b'", "a has the parent b, which is no topic"),
        ("[[topic]]\nname = ' '", "no `name`"),
        ("[[topic]]\naliases = []", "no `name`"),
        ("[[topic]]\nname = 'a'\naliases = 'b'", "`aliases` of a"),
        ("[[topic]]\nname = 'a'\naliases = [1]", "`aliases` of a"),
        ("[[topic]]\nname = 'a'\nparent = 1", "parent of a"),
        ("[[topic]]\nname = 'a'\nexcept = 'b'", "`except` of a"),
        ("[[topic]]\nname = 'a'\nalias = ['b']", "a has what no topic has: alias; .* aliases"),
        (
            "[[topic]]\nname = 'a'\n[[topic]]\nname = 'b'\naliases = ['A']",
            r"topics\.toml: a and b share the name A",
        ),
        ("[[topic]]\nname =", "topics.toml"),
    ],
)
def test_a_broken_table_says_what_to_mend(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "topics.toml"
    path.write_text(text)

    with pytest.raises(TopicsError, match=message):
        Topics.load(path)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(TopicsError) as raised:
        Topics.load(tmp_path / "nowhere.toml")

    remedy = "No such file or directory: name a table of topics, if only an empty file"
    assert str(raised.value) == f"{tmp_path}/nowhere.toml: {remedy}"


def test_two_letters_and_a_number_are_another_name() -> None:
    table = Topics((Topic("xAI"), Topic("AI"), Topic("X")))

    assert table.find("xai4 with ai") == ("xAI", "AI")
    assert table.find("ai4 on x86") == ()


def test_a_single_chinese_character_names_nothing() -> None:
    assert Topics((Topic("R", ("金",)),)).find("金 r2") == ()
