"""What people are told of problems with files."""

from __future__ import annotations

import re
from datetime import date

import pytest

from bot.digests.parser import parse
from bot.digests.problems import Code
from bot.digests.source_file import describe
from bot.digests.topics import Topics
from bot.locale import LANGUAGES, words
from bot.model import Problem, Source
from bot.rendering.problems import explained, sentences

ENGLISH, CHINESE = words("en"), words("zh-CN")
BODY = "## News\n\n" + "Something happened today, and much was said of it. " * 10
DAILY = Source("daily")
LATIN_SENTENCE = re.compile(r"[a-z]{2,} [a-z]{2,}")


def problem_of(fields: str, source: Source = DAILY) -> Problem:
    """Read a digest with one problem."""
    data = f"---\ntitle: A day\n{fields}\n---\n{BODY}".encode()
    report = parse(data, "daily/2026-01-02.md", source, Topics(()), today=date(2026, 1, 3))
    (problem,) = report.problems
    return problem


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence_of_its_own(language: str) -> None:
    told = sentences(words(language))

    assert told.keys() == set(Code)
    assert len(set(told.values())) == len(Code)


def test_a_chinese_sentence_holds_no_english_one() -> None:
    for sentence in sentences(CHINESE).values():
        assert not LATIN_SENTENCE.search(sentence.replace("front matter", ""))


def test_the_line_and_the_value_are_named() -> None:
    problem = problem_of("date: someday soon")

    assert explained(problem, ENGLISH) == (
        "The date cannot be used, another was found: write YYYY-MM-DD · line 3 · someday soon"
    )
    assert explained(problem, CHINESE).endswith(" · 第 3 行 · someday soon")


@pytest.mark.parametrize(
    ("fields", "source", "about"),
    [
        ("date: 2026-01-02\ncategory: 周末  特刊", Source("d", categories=("日报",)), "周末 特刊"),
        ("date: 2026-03-04", DAILY, "2026-03-04"),
        ("date: 2026-01-02\ndraft: true", DAILY, ""),
    ],
)
def test_a_problem_names_the_value_that_it_is_about(
    fields: str, source: Source, about: str
) -> None:
    assert problem_of(fields, source).about == about


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        ('push_at = "noon"', "push_at"),
        ('push_at = ""', "push_at"),
        ('targets = ["@a b"]', "targets"),
        ("colour = 1", "colour"),
        ("title = 3", "title"),
        ("title", ""),
    ],
)
def test_a_problem_of_a_source_names_the_key_that_it_is_about(toml: str, key: str) -> None:
    problem = describe("daily", toml.encode()).problem

    assert problem is not None
    assert problem.about == key


def test_words_of_the_parser_are_not_shown() -> None:
    problem = problem_of("date: [")

    assert (
        explained(problem, ENGLISH) == f"{sentences(ENGLISH)[problem.code]} · line {problem.line}"
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("---\ntitle: AI: a day\n---\n", "put it in quotation marks · line 2 · title"),
        ("---\ntitle: A\n\n# News\n", "add it here · line 3 · ---"),
        ("---\ntitle：A\n---\n", "write title: … · line 2 · title："),
        ("Sure!\n---\ntitle: A\n---\n", "delete it or move it · line 2"),
    ],
)
def test_what_to_mend_in_front_matter_is_told(text: str, told: str) -> None:
    (problem,) = parse(text.encode(), "a.md", DAILY, Topics(()), today=None).problems

    assert explained(problem, ENGLISH).endswith(told)


def test_a_value_that_runs_from_right_to_left_is_set_apart() -> None:
    problem = Problem("other-category", "", None, "חדשות")

    assert explained(problem, ENGLISH).endswith(" · \u2068חדשות\u2069")


def test_a_code_of_another_version_is_shown_as_it_is() -> None:
    assert explained(Problem("gone", "It is gone."), ENGLISH) == "gone"
