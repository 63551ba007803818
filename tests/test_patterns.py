"""Every pattern of the bot means the same to each Python that it runs on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

BOT = Path(__file__).parent.parent / "bot"
# Pythons before 3.11.5 misread what repeats a group and gives nothing back: `(?:ab?c)*+` matches
# all of "a". What repeats one character is read right, and so is `(?>(?:ab?c)*)`.
POSSESSIVE_GROUP = re.compile(r"(?<!\\)(?:\)|\w\})(?:[*+?]|\{+[\d,]+\}+)\+")


@pytest.mark.parametrize("path", sorted(BOT.rglob("*.py")), ids=lambda path: path.stem)
def test_no_pattern_repeats_a_group_possessively(path: Path) -> None:
    lines = enumerate(path.read_text("utf-8").split("\n"), 1)
    found = [number for number, line in lines if POSSESSIVE_GROUP.search(line)]

    assert not found, f"{path}: write (?>(?:…)*) for (?:…)*+ in the lines {found}"


@pytest.mark.parametrize("form", ["(?:a|b)*+", "(a)?+", "(?:a){2}+", "(a|b){{2,}}+", "{_WORD}++"])
def test_the_forms_that_are_misread_are_found(form: str) -> None:
    assert POSSESSIVE_GROUP.search(form)


@pytest.mark.parametrize("form", [r"(?>(?:a|b)*)", r"\)++", r"[a-z]{1,9}+", r"a*+", r"(?:a++|b)"])
def test_the_forms_that_are_read_right_are_not(form: str) -> None:
    assert not POSSESSIVE_GROUP.search(form)
