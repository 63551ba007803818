"""How texts are split into words: the index's are those that queries ask for."""

from collections.abc import Iterator
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from bot.search.tokens import Kind, atoms, camel_words_of_each, tokens, two_numbers, words_of_each
from bot.text.normalise import normalise

# Whatever stands next to what: runs, words, numbers, signs, emoji, astral and combining characters.
PIECES = [
    "智",
    "谱",
    "𠮷",
    "がき",
    "한글",
    "ก",
    "glm",
    "c",
    "+",
    "#",
    "4",
    "٣",
    "é",
    "я",
    "🔥",
    "，",
    " ",
    "_",
]
texts = st.lists(st.sampled_from(PIECES)).map("".join) | st.text(max_size=60)


def words_asked_for(folded: str) -> Iterator[str]:
    for atom in atoms(folded):
        if atom.kind is Kind.CJK:
            yield from (atom.text[at : at + 2] for at in range(len(atom.text)))
        else:
            yield atom.text


@given(texts)
@example("c++c#abc++ c+++")
@example("甲" * 300)
@example("\ud800甲\udc00")
def test_the_words_of_a_text_are_those_that_queries_are_made_of(text: str) -> None:
    assert tokens(text).split() == list(words_asked_for(normalise(text)))


def numbers_in(text: str) -> list[str]:
    """Give each two numbers that stand next to each other, as one word."""
    kinds = pairwise(atoms(normalise(text)))
    return [
        two_numbers(one.text, other.text)
        for one, other in kinds
        if one.kind is other.kind is Kind.DIGITS
    ]


@given(st.lists(texts))
@example(["4.7", "甲4", "7", "4.7.4 glm", ""])
def test_many_texts_at_once_have_the_words_of_each_and_its_numbers(many: list[str]) -> None:
    each = words_of_each([normalise(text) for text in many])

    expected = [[*tokens(text).split(), *numbers_in(text)] for text in many]
    assert [words.split() for words in each] == expected


def test_a_word_without_end_is_kept_in_pieces() -> None:
    assert tokens("a" * 70).split() == ["a" * 64, "a" * 6]


def test_names_are_split_where_their_case_changes_and_kept_apart() -> None:
    words, nothing = camel_words_of_each(["用 ChatGPT 或 DeepSeek-V3，不用 gpt", "gpt\n"])

    assert not nothing
    gap = words.split()[2]
    assert words.split() == ["chat", "gpt", gap, "deep", "seek", "v", "3"]
    assert tokens(gap) != gap
