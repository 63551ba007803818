"""Units, graphemes and cuts of text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.text.units import (
    cut,
    fitting,
    grapheme_borders,
    graphemes,
    shorten,
    utf16_len,
    word_borders,
)

FAMILY = "👩‍👩‍👧‍👦"


def test_letters_beyond_the_basic_plane_count_twice() -> None:
    assert utf16_len("abc") == 3
    assert utf16_len("中文é") == 3
    assert utf16_len("😀") == 2


def test_joined_emoji_and_combining_marks_are_one_grapheme() -> None:
    assert graphemes(f"a{FAMILY}e\u0301") == ["a", FAMILY, "e\u0301"]


def test_half_a_surrogate_pair_does_not_fit() -> None:
    assert fitting("a😀", 2) == 1
    assert fitting("a😀", 3) == 2
    assert fitting("abc", 0) == 0


def test_a_cut_keeps_words_whole() -> None:
    assert cut("one two three", 9) == "one two "
    assert cut("one two", 7) == "one two"


def test_a_word_that_does_not_fit_is_cut_between_graphemes() -> None:
    assert cut("abcdef", 4) == "abcd"
    assert cut(f"{FAMILY}{FAMILY}", utf16_len(FAMILY) + 3) == FAMILY


def test_a_grapheme_that_does_not_fit_is_cut_all_the_same() -> None:
    assert cut("z" + "\u0301" * 50, 10) == "z" + "\u0301" * 9
    assert cut("😀", 1) == ""


def test_chinese_is_cut_between_characters_but_not_before_closing_marks() -> None:
    assert cut("今天发布。明天", 4) == "今天发"
    assert cut("今天（发布）", 3) == "今天"
    assert cut("用GPT发布", 3) == "用"


def test_what_is_left_out_is_shown_by_an_ellipsis() -> None:
    assert shorten("one two three", 9) == "one two…"
    assert shorten("one two", 7) == "one two"


@given(st.text(max_size=60), st.integers(0, 70))
def test_a_cut_is_the_longest_prefix_at_a_border(text: str, units: int) -> None:
    kept = cut(text, units)

    assert text.startswith(kept)
    assert utf16_len(kept) <= units or kept == text
    if kept and kept != text and grapheme_borders(text, fitting(text, units)):
        assert len(kept) in grapheme_borders(text, len(text))


@given(st.text(max_size=60), st.integers(0, 60))
def test_word_borders_are_grapheme_borders_in_order(text: str, end: int) -> None:
    borders = word_borders(text, end)

    assert borders == sorted(borders)
    assert set(borders) <= set(grapheme_borders(text, end))


@given(st.text(max_size=60), st.integers(1, 60))
def test_a_shortened_text_keeps_its_bounds(text: str, units: int) -> None:
    assert utf16_len(shorten(text, units)) <= max(units, 1)
