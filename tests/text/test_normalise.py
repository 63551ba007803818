"""Folding of text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import normalise, normalise_each, normalise_with_offsets


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＧＰＴ－４", "gpt-4"),
        ("Straße CAFÉ naïve Łódź Ærø", "strasse cafe naive lodz aero"),
        ("人工智慧與開發者", "人工智慧与开发者"),
        ("ﾃｽﾄ", "テスト"),
        ("cafe\u0301", "cafe"),
        ("\u1112\u1161\u11ab글", "한글"),
        ("ガ", "ガ"),
        ("zero\u200bwidth\u00ad\ufeff", "zerowidth"),
        ("❤\ufe0f", "❤"),
        ("a\tb\nc\x00d\ud800e\u2028f", "a b c d e f"),
        ("½ ① ㎏ …", "1\u20442 1 kg ..."),
        ("İstanbul ﬁn", "istanbul fin"),
        ("薴", "苎"),
        ("", ""),
    ],
)
def test_spellings_of_the_same_words_fold_to_one(text: str, folded: str) -> None:
    assert normalise(text) == folded


@given(st.text())
def test_offsets_belong_to_the_folded_text(text: str) -> None:
    folded, offsets = normalise_with_offsets(text)

    assert folded == normalise(text)
    assert len(offsets) == len(folded)
    assert list(offsets) == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@given(st.text())
def test_folded_text_can_be_written_as_utf_8_and_holds_nothing_invisible(text: str) -> None:
    folded = normalise(text)

    folded.encode()
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in folded)


@given(st.text(alphabet="智譜開發GPTé ＧＬ４.7-のガß", max_size=12))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_every_character_folds_alike_wherever_it_stands() -> None:
    every = [chr(code) for code in range(0x20000)]

    assert " ".join(map(normalise, every)) == normalise(" ".join(every))


@given(st.lists(st.text() | st.text(alphabet="aÉ\u0301\n\uffff")))
def test_many_texts_at_once_fold_like_each(many: list[str]) -> None:
    assert normalise_each(many) == list(map(normalise, many))


@given(st.text(alphabet="智譜開發GPTé ＧＬ４.7-のガß"), st.text(alphabet="譜e發Ｇß"))
def test_a_part_of_a_text_folds_to_a_part_of_the_folded_text(start: str, end: str) -> None:
    assert normalise(start + end) == normalise(start) + normalise(end)


def test_an_offset_points_to_the_letter_that_an_accent_belongs_to() -> None:
    folded, offsets = normalise_with_offsets("ße\u0301智")

    assert folded == "sse智"
    assert offsets == [0, 0, 1, 3]
