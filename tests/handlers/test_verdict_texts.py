"""What admins read of files that are not pushed, at the edges."""

from __future__ import annotations

import pytest

from bot.digests.problems import Code, problem
from bot.handlers import verdict_texts
from bot.locale import LANGUAGES, words
from bot.model import Report, Status
from bot.rendering.packing import MAX_UNITS
from bot.rendering.payload import plain_text
from bot.services.verdicts import Verdict
from bot.text.units import utf16_len


def verdict(number: int, path: str = "2026-01-02.md") -> Verdict:
    found = tuple(problem(code, line=10**6, about="😀" * 200) for code in Code)
    return Verdict(number, Report(path, Status.HELD, None, found))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_names_and_problems_fit_into_a_message(language: str) -> None:
    w = words(language)
    long = [verdict(10**17 + number, "😀" * 4_000) for number in range(100)]

    for message in (verdict_texts.one(long[0], w), verdict_texts.page(long, 3, w)):
        assert utf16_len(plain_text(message.text)) <= MAX_UNITS
        assert message.buttons


def test_of_a_list_that_became_shorter_the_last_page_is_shown() -> None:
    text = verdict_texts.page([verdict(1), verdict(2)], 1, words("en")).text

    assert "2. <code>2026-01-02.md</code>" in text


def test_an_empty_list_says_so() -> None:
    assert verdict_texts.page([], 3, words("en")).text == "No file is held back or broken."


def test_a_name_is_never_markup() -> None:
    message = verdict_texts.one(verdict(1, "<b>{file}</b>.md"), words("en"))

    assert message.text.startswith("<code>&lt;b&gt;{file}&lt;/b&gt;.md</code> is held back:")


WARNINGS = (Code.BROKEN_CHARACTERS, Code.LEFT_OUT, Code.LINK_IGNORED)
REASON = "The body has hardly any text"


def warned() -> Verdict:
    found = tuple(problem(code, about="x") for code in (*WARNINGS, Code.STUB))
    return Verdict(1, Report("2026-01-02.md", Status.HELD, None, found))


def test_a_file_is_listed_with_what_holds_it() -> None:
    assert plain_text(verdict_texts.page([warned()], 0, words("en")).text).splitlines()[3] == (
        f"{REASON}: complete it, or push it by hand · x"
    )


def test_what_holds_a_file_is_told_before_what_is_merely_warned_of() -> None:
    told = verdict_texts.one(warned(), words("en")).text.splitlines()

    assert told[1].startswith(f"• {REASON}")
    assert told[2].startswith("• Some characters were lost")
