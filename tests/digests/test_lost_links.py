"""Links that work only beside their own file are told: how many, where, and what to write."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.model import Problem, Report, Status

Read = Callable[[str], Report]
STORY = "## News\n\n" + "Something happened today, and much was said of it. " * 5


@pytest.fixture
def told(read: Read) -> Callable[[str], list[Problem]]:
    """Give the problems of a digest whose text ends so; its first line is the eighth."""

    def problems(text: str) -> list[Problem]:
        report = read(f"---\ntitle: A\ndate: 2026-01-02\n---\n{STORY}\n\n{text}\n")
        assert report.status is Status.READY
        return list(report.problems)

    return problems


@pytest.mark.parametrize(
    ("text", "line", "address"),
    [
        ("See [more](./other.md).", 9, "./other.md"),
        ("[More](#)", 9, "#"),
        ("[More]()", 9, ""),
        ("One (so)\nor [two]().", 10, ""),
        ("## [One](/posts/1)\n\nIt was.", 9, "/posts/1"),
        ("- One\n- Two\n  [more](www.example.org)", 11, "www.example.org"),
        ("| a |\n|---|\n| [more](其他.md) |", 11, "其他.md"),
        ("![A chart](images/a.png)", 9, "images/a.png"),
        ("A <a href='../a.html'>page</a> of it.", 9, "../a.html"),
        ("One.\n\n<div>\n<p><img src='/a.png' alt='A chart'></p>\n</div>\n\nTwo.", 12, "/a.png"),
        ("> <div><a href='a'>page</a></div>", 9, "a"),
        ("A `word`[^1].\n\n[^1]: [More](note.md)", 11, "note.md"),
    ],
)
def test_a_link_without_a_web_address_is_reported(
    text: str, line: int, address: str, told: Callable[[str], list[Problem]]
) -> None:
    (problem,) = told(text)

    assert (problem.code, problem.line, problem.about) == ("link-ignored", line, address)


def test_many_of_them_are_reported_in_one_line(told: Callable[[str], list[Problem]]) -> None:
    (problem,) = told("[One](#), [two](#) and [three](3.md).\n\n[Four](4.md)")

    said = "4 links have no web address (#): write one that begins with https://"
    assert (problem.line, problem.message) == (9, said)


@pytest.mark.parametrize(
    "text",
    [
        "[One](https://example.org), <https://example.org> and [two](//example.org/a).",
        "[Contents](#news) and [mail](mailto:ann@example.org).",
        '<a id="here"></a>A place, <img alt="a picture"> and `[code](./a.md)`.',
        "---\n\n[Subscribe now](/subscribe)",
    ],
)
def test_places_in_the_text_and_what_is_left_out_anyway_are_none(
    text: str, told: Callable[[str], list[Problem]]
) -> None:
    assert "link-ignored" not in {problem.code for problem in told(text)}
