"""Packing: parts within the limits, cut where it hurts least, nothing lost."""

from __future__ import annotations

import sys
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import Message
from bot.rendering.markup import blocks
from bot.rendering.packing import pack
from bot.rendering.rich import Kind, Rich, bold, entity_counts, html, joined, plain, wrapped
from bot.text.units import grapheme_borders, utf16_len
from tests.rendering.conftest import Judge
from tests.rendering.walking import bare
from tests.strategies import Publisher

FAMILY = "👩‍👩‍👧‍👦"


def texts(rich: Rich, units: int = 20, entities: int = 100) -> list[str]:
    """Give the texts of the parts."""
    return [part.text for part in pack(rich, units, entities)]


@st.composite
def riches(draw: st.DrawFn) -> Rich:
    """Draw a rendered body."""
    return blocks(Publisher(Random(draw(st.integers(0, 2**32))), 8).body())


def test_what_fits_is_one_part() -> None:
    assert texts(plain("one two three")) == ["one two three"]


def test_nothing_gives_no_part() -> None:
    assert texts(plain(" \n ")) == []


def test_paragraphs_are_preferred_to_lines_and_lines_to_words() -> None:
    assert texts(plain("one two\nthree\n\nfour five six")) == ["one two\nthree", "four five six"]
    assert texts(plain("one two three\nfour five six")) == ["one two three", "four five six"]
    assert texts(plain("one two. three four five")) == ["one two. three four", "five"]
    assert texts(plain("one two three four five")) == ["one two three four", "five"]


def test_sentences_are_preferred_to_words() -> None:
    assert texts(plain("今天发布了新模型，很快。明天再说别的事情吧")) == [
        "今天发布了新模型，很快。",
        "明天再说别的事情吧",
    ]


def test_a_link_is_moved_rather_than_cut() -> None:
    link = wrapped(plain("a link of words"), Kind.LINK, "https://example.com/")

    parts = pack(joined([plain("before it"), link], " "), 20)

    assert [part.text for part in parts] == ["before it", "a link of words"]


def test_an_entity_longer_than_a_part_goes_on_in_the_next() -> None:
    parts = pack(joined([plain("before"), bold("one two three four five six")], " "), 20)

    assert [html(part) for part in parts] == [
        "before",
        "<b>one two three four</b>",
        "<b>five six</b>",
    ]


def test_a_word_longer_than_a_part_is_cut_between_graphemes() -> None:
    assert texts(plain("x" * 45)) == ["x" * 20, "x" * 20, "x" * 5]
    assert texts(plain(FAMILY * 2)) == [FAMILY, FAMILY]


def test_a_grapheme_longer_than_a_part_is_cut_all_the_same() -> None:
    assert texts(plain("z" + "\u0301" * 30)) == ["z" + "\u0301" * 19, "\u0301" * 11]


def test_a_part_holds_no_more_entities_than_telegram_keeps() -> None:
    words = joined((bold(f"w{number}") for number in range(10)), " ")

    parts = pack(words, 4096, 4)

    assert [len(part.spans) for part in parts] == [4, 4, 2]


def test_entities_over_the_same_words_count_each() -> None:
    both = wrapped(wrapped(plain("word"), Kind.BOLD), Kind.ITALIC)

    assert [count for _, count in entity_counts(both)] == [2]


def test_twice_the_words_are_twice_the_work() -> None:
    def work(words: int) -> int:
        """Count the calls that packing makes."""
        rich = joined((bold(f"w{number:04}") for number in range(words)), " ")
        calls = 0

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1

        before = sys.getprofile()
        sys.setprofile(count)
        pack(rich, 400)
        sys.setprofile(before)
        return calls

    assert work(2000) < 2.2 * work(1000)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(rich=riches(), entities=st.integers(8, 100))
def test_parts_keep_all_limits_and_all_words(
    telegram_accepts: Judge, rich: Rich, entities: int
) -> None:
    parts = pack(rich, 200, entities)

    assert bare("".join(part.text for part in parts)) == bare(rich.text)
    for part in parts:
        assert utf16_len(part.text) <= 200
        assert max(count for _, count in entity_counts(part)) <= entities
        telegram_accepts(Message(html(part)))


@given(st.text(max_size=200))
def test_no_grapheme_is_cut(text: str) -> None:
    rich = plain(text)
    borders = {0, *grapheme_borders(rich.text, len(rich.text))}
    position = 0
    for part in pack(rich, 25):
        start = rich.text.index(part.text, position)
        position = start + len(part.text)
        longest = max(map(utf16_len, [rich.text[start : start + 30]]))
        assert position in borders or longest > 25
