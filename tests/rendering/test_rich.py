"""Formatted text as a value."""

from __future__ import annotations

import pytest

from bot.rendering.bidi import isolated
from bot.rendering.rich import Kind, Rich, Span, bold, clean, html, joined, line, plain, wrapped


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("as it is\nwith lines", "as it is\nwith lines"),
        ("a\x00b\tc\x1b", "a b c "),
        ("a\r\nb", "a\nb"),
        ("\u202eturned\u2066open", "turnedopen"),
        ("a\u030a \u030ax", "å x"),
        ("half \ud800 a pair", "half  a pair"),
    ],
)
def test_text_is_cleaned_as_telegram_does(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_a_line_has_no_breaks() -> None:
    assert line(" one\n two\u3000three ") == Rich("one two three")


def test_empty_parts_leave_no_separator() -> None:
    assert joined([plain("a"), Rich(""), plain("b")], ", ") == Rich("a, b")


def test_blanks_around_words_are_not_formatted() -> None:
    assert wrapped(plain(" a "), Kind.BOLD).spans == (Span(1, 2, Kind.BOLD),)
    assert wrapped(plain("  "), Kind.BOLD).spans == ()


def test_overlapping_spans_are_nested() -> None:
    rich = Rich("abc", (Span(0, 2, Kind.BOLD), Span(1, 3, Kind.ITALIC)))

    assert html(rich) == "<b>a<i>b</i></b><i>c</i>"


def test_the_same_format_twice_is_there_once() -> None:
    assert html(wrapped(bold("a"), Kind.BOLD)) == "<b>a</b>"


def test_only_text_that_runs_from_right_to_left_is_isolated() -> None:
    assert isolated(plain("OpenAI")).text == "OpenAI"
    assert isolated(plain("خبر")).text == "\u2068خبر\u2069"
