"""Footnotes stand below the story that refers to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.digests.plain import blocks_text
from bot.model import Code, Digest, Item, List, Paragraph, Text

Read = Callable[..., Digest]
HEAD = "---\ndate: 2026-01-02\ntitle: t\n---\n"


@pytest.fixture
def items(digest_of: Read) -> Callable[[str], tuple[Item, ...]]:
    """Read the stories of a body."""
    return lambda body: digest_of(HEAD + body).items


Items = Callable[[str], tuple[Item, ...]]


def note(text: str) -> tuple[Paragraph]:
    """Make the blocks of a note."""
    return (Paragraph((Text(text),)),)


def test_a_note_stands_below_the_story_that_refers_to_it(items: Items) -> None:
    body = (
        "## One\n\nSaid so[^x].\n\n## Two\n\nNothing.\n\n[^x]: The note of One. https://x.org/n\n"
    )

    one, two = items(body)

    assert one.body[-1] == List((note("The note of One. https://x.org/n"),), 1)
    assert (two.body, two.url) == (note("Nothing."), None)


def test_notes_keep_their_numbers(items: Items) -> None:
    body = "## One\n\nA[^a] b[^b].\n\n## Two\n\nC[^c] **d[^d]**, a[^a].\n\n" + "".join(
        f"[^{name}]: Note {name}.\n" for name in "abcd"
    )

    one, two = items(body)

    assert one.body[-1] == List((note("Note a."), note("Note b.")), 1)
    assert two.body[-1] == List((note("Note c."), note("Note d.")), 3)


def test_a_note_brings_the_notes_that_it_refers_to(items: Items) -> None:
    body = "## One\n\nA[^a].\n\n## Two\n\nB[^b].\n\n[^a]: a[^c]\n[^b]: b[^a]\n[^c]: c[^c]\n"

    one, two = items(body)

    assert [block.start for block in one.body if isinstance(block, List)] == [1, 3]
    assert [blocks_text(one.body), blocks_text(two.body)] == ["A[1]. a[3] c[3]", "B[2]. b[1]"]


def test_a_note_goes_with_the_entry_that_refers_to_it(items: Items) -> None:
    body = "## 动态\n\n- 甲事[^1]\n- 乙事\n- 丙事[^2]\n\n[^1]: 甲注\n[^2]: 丙注\n"

    assert [blocks_text(item.body) for item in items(body)] == ["甲注", "", "丙注"]


def test_a_note_to_a_comment_goes_with_its_story(items: Items) -> None:
    body = "## 甲\n\n正文。\n\n**影响：** 很大[^1]。\n\n## 乙\n\n完。\n\n[^1]: 注\n"

    assert [blocks_text(item.body) for item in items(body)] == ["正文。 注", "完。"]


def test_notes_within_a_note_are_its_text(items: Items) -> None:
    (one,) = items("Said so[^1].\n\n- [^1]: The note\n\n      [^2]: and more.\n")

    assert one.body[-1] == List(((*note("The note"), *note("and more.")),), 1)


def test_code_refers_to_nothing(items: Items) -> None:
    body = "## One\n\n`a[1]`\n\n```\nb[1]\n```\n\n## Two\n\nC[^1].\n\n[^1]: Note.\n"

    one, two = items(body)

    assert one.body[0] == Paragraph((Code("a[1]"),))
    assert [len(one.body), blocks_text(two.body)] == [2, "C[1]. Note."]


def test_a_note_to_the_title_of_the_digest_ends_the_last_story(digest_of: Read) -> None:
    digest = digest_of(
        "---\ndate: 2026-01-02\n---\n# All[^1]\n\n## One\n\nA.\n\n## Two\n\nB.\n\n[^1]: Note.\n"
    )

    assert [blocks_text(item.body) for item in digest.items] == ["A.", "B. Note."]


def test_notes_without_any_story_are_nothing(digest_of: Read) -> None:
    digest = digest_of("---\ndate: 2026-01-02\n---\n# All[^1]\n\n[^1]: Note.\n")

    assert digest.items == ()
