"""What stories are called, and how they begin."""

from __future__ import annotations

from datetime import date

import pytest

from bot.locale import Words
from bot.model import (
    Block,
    CodeBlock,
    Digest,
    Heading,
    Image,
    Item,
    List,
    Paragraph,
    Quote,
    Section,
    Table,
    Text,
)
from bot.rendering.names import first_sentence, item_name, section_name

WORDS = Paragraph((Text("It began. It went on."),))
TABLE = Table(((Text("Model"),),), (((Text("GPT"),),),))


@pytest.mark.parametrize(
    "body",
    [
        (WORDS,),
        (TABLE, CodeBlock("x = 1"), WORDS),
        (Paragraph(()), WORDS),
        (List((), None), List(((TABLE, WORDS),), 1)),
        (Quote((CodeBlock("x"), Heading(3, (Text("It began. Soon."),)))),),
    ],
)
def test_a_story_begins_with_its_running_text(body: tuple[Block, ...]) -> None:
    assert first_sentence(Item("k", "", body)) == "It began."


@pytest.mark.parametrize(
    "label",
    ["事件时间：2026-01-10", "Date: 2026/1/10", "时间: 2026年1月10日 08:30", "发布：2026-01-10。"],
)
def test_a_label_with_a_day_begins_nothing(label: str) -> None:
    told = Paragraph((Text("2026年1月10日：开始。"),))

    assert (
        first_sentence(Item("k", "", (Paragraph((Text(label),)), told))) == "2026年1月10日：开始。"
    )


@pytest.mark.parametrize("body", [(), (TABLE,), (CodeBlock("x = 1"),)])
def test_a_story_without_words_has_no_beginning(body: tuple[Block, ...], chinese: Words) -> None:
    assert first_sentence(Item("k", "Title", body)) == ""
    assert item_name(Item("k", "", body), chinese) == "无标题"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("版本 3.5 发布。很快。", "版本 3.5 发布。"),
        ("See example.com for more! Now.", "See example.com for more!"),
        ("“真的？”他说。", "“真的？”"),
        ("no end", "no end"),
    ],
)
def test_a_full_stop_inside_a_word_ends_nothing(text: str, sentence: str) -> None:
    assert first_sentence(Item("k", "", (Paragraph((Text(text),)),))) == sentence


def test_a_picture_alone_is_named_by_its_description(chinese: Words) -> None:
    picture = Paragraph((Image("https://example.com/a.png", "A cat"),))

    assert "A cat" in item_name(Item("k", "", (picture,)), chinese)


def test_a_section_without_a_title_opens_the_digest_or_goes_on_with_it(w: Words) -> None:
    sections = (Section("", ()), Section("News", ()), Section("", ()))
    digest = Digest("d", "s", "en", date(2026, 1, 2), "Title", (), sections, "hash")

    names = [section_name(digest, number, w) for number in range(3)]

    assert names == [w("Opening"), "News", w("More")]
