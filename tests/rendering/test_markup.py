"""Markup: from what publishers write to what Telegram shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from bot.digests.tree import read
from bot.model import (
    Block,
    Code,
    CodeBlock,
    Insight,
    Link,
    List,
    Message,
    Paragraph,
    Quote,
    Table,
    Text,
)
from bot.rendering.markup import block, blocks, insight
from bot.rendering.rich import html, trimmed
from bot.rendering.tables import columns
from tests.rendering.conftest import Judge

FIXTURES = Path(__file__).parent.parent / "fixtures"
EXAMPLES = [tuple(fixture[1:]) for fixture in read_fixture_file(FIXTURES / "markup.md")]
PARAGRAPH = Paragraph((Text("words"),))


@pytest.mark.parametrize(("title", "source", "expected"), EXAMPLES, ids=lambda text: text[:40])
def test_examples_come_out_as_written(
    telegram_accepts: Judge, title: str, source: str, expected: str
) -> None:
    rendered = html(trimmed(blocks(node.block for node in read(source).nodes)))

    assert rendered == expected.rstrip("\n"), title
    telegram_accepts(Message(rendered))


def test_a_link_without_words_shows_its_site() -> None:
    link = Paragraph((Link("https://www.example.com/path", ()),))

    assert html(block(link)) == '<a href="https://www.example.com/path">example.com</a>'


def test_links_do_not_lie_in_links() -> None:
    inner = Link("https://example.com/inner", (Text("words"),))

    assert html(block(Paragraph((Link("https://example.com/outer", (inner,)),)))) == (
        '<a href="https://example.com/outer">words</a>'
    )


@pytest.mark.parametrize(
    "empty",
    [
        Paragraph(()),
        Paragraph((Text("  "),)),
        List(()),
        Quote(()),
        CodeBlock("\n"),
        Table((), ()),
        Table((), ((), ())),
    ],
)
def test_what_holds_no_words_shows_nothing(empty: Block) -> None:
    assert html(trimmed(block(empty))) == ""


def test_rows_of_unequal_length_are_filled_up() -> None:
    table = Table(((Text("a"),),), (((Text("b"),), (Text("c"),)), ()))

    assert html(block(table)) == "<pre>a\n-  -\nb  c</pre>"


def test_an_insight_unfolds_and_holds_no_other_quote(telegram_accepts: Judge) -> None:
    rendered = html(insight(Insight("Why", (PARAGRAPH, Quote((PARAGRAPH,))))))

    assert rendered == "<blockquote expandable><b>Why</b>\nwords\n\nwords</blockquote>"
    telegram_accepts(Message(rendered))


def test_an_insight_without_a_label_is_its_body() -> None:
    assert html(insight(Insight("", (PARAGRAPH,)))) == ("<blockquote expandable>words</blockquote>")


def test_direction_marks_take_no_column() -> None:
    code = Code("x")
    cells = ((Text("שלום"), code), (Text("b"),))

    head, rule = block(Table(cells, ())).text.splitlines()

    assert columns(head) == columns(rule)
    assert columns("\u2068x\u2069") == 1
