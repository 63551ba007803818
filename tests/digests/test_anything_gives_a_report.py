"""Whatever a file holds, the parser returns a report: a digest or problems, never an exception."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.digests import norms
from bot.digests.plain import item_text
from bot.digests.problems import Code
from bot.model import Report, Source, Status

_FRONT = "---\ntitle: A day\ndate: 2026-01-02\n---\n"
_WORDS = st.text(alphabet="ab 一二。：*_`[]()<>!#|-~&;\\\"'\n\u200b\u202e\U0001f600é", max_size=40)
_LINES = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["#", "##", "###", "####", ">", "-", "1."]), _WORDS),
    st.builds("**{}：** {}".format, st.sampled_from(["影响", "深度解读", "x"]), _WORDS),
    st.builds("[{}](https://example.org/{})".format, _WORDS, st.integers(0, 9)),
    st.builds("<{}>{}".format, st.sampled_from(["div", "p", "br/", "!--", "think", "/p"]), _WORDS),
    st.sampled_from(["", "---", "```", "| a | b |", "|---|---|", "[^1]", "[^1]: n", "    code"]),
    _WORDS,
)
_BODIES = st.lists(_LINES, max_size=25).map("\n".join)
_VALUES = st.one_of(
    st.sampled_from(["2026-01-02", "'2026-1-2'", "2026-01-02T03:04:05", "now", "[]", "{a: b}"]),
    st.sampled_from(["true", "null", "1e999", "!!binary x", "2026-13-45", "0x12", "~", "- a"]),
    _WORDS,
)
_NAMES = st.sampled_from(
    ["date", "title", "summary", "category", "draft", "status", "cover", "lang", "description"]
)
_HEADERS = st.lists(st.builds("{}: {}".format, _NAMES, _VALUES), max_size=6).map("\n".join)

Parse = Callable[..., Report]

unhurried = settings(suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(data=st.binary(max_size=300))
def test_any_bytes(data: bytes, read: Parse) -> None:
    assert isinstance(read(data), Report)


@unhurried
@given(path=st.text(min_size=1, max_size=30), body=_BODIES)
def test_any_path(path: str, body: str, read: Parse) -> None:
    assert isinstance(read(body, path), Report)


@unhurried
@given(header=_HEADERS, body=_BODIES, fence=st.sampled_from(["---", "+++", ""]))
def test_any_structure(header: str, body: str, fence: str, read: Parse) -> None:
    report = read(f"{fence}\n{header}\n{fence}\n{body}", "2026-01-02.md")

    assert (report.digest is None) == (report.status in {Status.INVALID, Status.SKIPPED})
    assert all(problem.code in set(Code) and problem.message for problem in report.problems)


@unhurried
@given(body=_BODIES)
def test_keys_are_unique_and_safe(body: str, read: Parse) -> None:
    digest = read(_FRONT + body).digest
    assert digest is not None
    keys = [item.key for item in digest.items]

    assert len(keys) == len(set(keys))
    assert all(key.isascii() and key.isalnum() for key in keys)
    assert all(headline.item in {None, *keys} for headline in digest.headlines)


@unhurried
@given(body=_BODIES)
def test_reading_twice_gives_the_same(body: str, read: Parse) -> None:
    assert read(_FRONT + body) == read(_FRONT + body)


@unhurried
@given(words=st.lists(st.sampled_from(["alpha", "beta", "甲乙", "丙丁", "gamma"]), min_size=1))
def test_plain_words_are_kept(words: list[str], read: Parse) -> None:
    digest = read(f"{_FRONT}## Head\n\n" + "\n\n".join(words)).digest

    assert digest is not None
    assert item_text(digest.items[0]).split()[1:] == words


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a" * 5_000_001, Code.TOO_LARGE),
        (_FRONT + "a" * 1_000_001, Code.TOO_LARGE),
        (_FRONT + "# a\n" * 20_001, Code.TOO_COMPLEX),
        (_FRONT + "[" * 100_001, Code.TOO_COMPLEX),
        (_FRONT + ">" * 10_000 + "a", Code.TOO_DEEP),
        (_FRONT + "- " * 10_000 + "a", Code.TOO_DEEP),
        ("---\na: &a [x, x]\nb: [*a, *a]\n---\nx", Code.BAD_FRONT_MATTER),
        ("---\na: " + "[" * 60_000 + "\n---\nx", Code.BAD_FRONT_MATTER),
        ("---\n" + "- " * 30_000 + "\n---\nx", Code.BAD_FRONT_MATTER),
        ("---\na: " + "x" * 70_000 + "\n---\nx", Code.BAD_FRONT_MATTER),
        ("---\ndate: " + "1" * 9_000 + "\n---\nx", Code.DATE_IGNORED),
        ("---\nliste: {a: 1\n---\nx", Code.BAD_FRONT_MATTER),
        ("---\na: !!python/object:os.system x\n---\nx", Code.UNQUOTED),
        ("+++\na = " + "[" * 60_000 + "\n+++\nx", Code.BAD_FRONT_MATTER),
        ("+++\na" + ".a" * 30_000 + " = 1\n+++\nx", Code.BAD_FRONT_MATTER),
        ("+++\n" + '"a b" . ' * 8_000 + "c = 1\n+++\nx", Code.BAD_FRONT_MATTER),
        ("+++\n" + "a" * 63_000 + "\n+++\nx", Code.BAD_FRONT_MATTER),
        ("---\n" + "".join(f"k{i}: 1\n" for i in range(6_000)) + "---\nx", Code.STUB),
        ("---\n" + "".join(f"k{i}: 1\n" for i in range(9_000)) + "---\nx", Code.BAD_FRONT_MATTER),
        ("---\n" + "".join(f"k{i}: 1\n" for i in range(500_000)), Code.TOO_LARGE),
        ("---\na: " + "{a: " * 15_000 + "\n---\nx", Code.BAD_FRONT_MATTER),
        (_FRONT + "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n", Code.CONFLICT),
        (_FRONT + "a\0b", Code.BROKEN_CHARACTERS),
        (" \n \n", Code.EMPTY),
        ("\0" * 4096, Code.EMPTY),
        (_FRONT + "\\" * 900_000, Code.TOO_COMPLEX),
        ("Title: " + "a " * 40_000 + "\n\nx", Code.BAD_FRONT_MATTER),
    ],
    ids=lambda value: value.value if isinstance(value, Code) else None,
)
def test_bad_input_has_its_code(text: str, code: Code, read: Parse) -> None:
    assert code in {problem.code for problem in read(text).problems}


@pytest.mark.parametrize(
    "body",
    [
        "<!-- " * 20_000,
        "<p>\n" + "<!-- " * 20_000,
        "<div>" * 3_000 + "a",
        "a " + "<b>" * 3_000 + "a",
        "<p " + "a='" * 20_000,
        "** a" * 10_000,
        "- a\n" * 5_000,
        "# a\n" * 19_990,
        "[" * 99_000,
        "[a](" * 24_000 + ")" * 24_000,
        "*" * 99_000,
        "**a" * 33_000,
        "*a_ " * 24_000,
        "`" * 99_000,
        " ".join("`" * count for count in range(1, 440)),
        "![](a" * 20_000,
        "x<b>" * 33_000,
        "&amp;" * 99_000,
        "|a" * 2_000 + "\n" + "|-" * 2_000 + "|\n" + "x\n" * 19_000,
        "[a]: <\n" * 19_000,
        "a\n" * 19_990 + "===",
        "".join(" " * 2 * depth + "- a\n" for depth in range(900)),
        "## 更多动态\n\n" + "- a\n" * 19_000,
        "**a：" * 33_000,
        "[a](http://a/" * 20_000,
        "".join(f"[a]({number:035}) " for number in range(24_000)),
        "字" * 999_000,
        "<<<<<<< a\n" * 14_000,
        (" " * 45 + "\n") * 19_000,
        "**影响" + "！" * 900_000 + "x**",
        "## a" + "！" * 900_000 + "b",
    ],
)
def test_costly_bodies_end(body: str, read: Parse) -> None:
    began = time.process_time()

    assert read(_FRONT + body).digest is not None
    # It is two seconds at most where nobody else works.
    assert time.process_time() - began < 20


@pytest.mark.parametrize("field", ["title", "summary", "description", "category", "date", "cover"])
@pytest.mark.parametrize(
    "piece", [" ", "*", "- ", "1. ", "、", "；", "。", "a", "<b", "&a", "[", "]("]
)
def test_costly_fields_end(field: str, piece: str, read: Parse) -> None:
    began = time.process_time()

    read(f'---\n{field}: "a{piece * (60_000 // len(piece))}b"\n---\nx')
    assert time.process_time() - began < 20


def test_costly_beginnings_of_files_end() -> None:
    heads = [
        "category: a" + " " * norms.HEAD + "b",
        "category\n" * 300,
        "lang: en" + " " * 3_000,
    ]
    began = time.process_time()

    norms.completed(Source(""), heads * norms.SAMPLE)
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("day", "status"),
    [("2026-01-03", Status.READY), ("2026-01-04", Status.HELD), ("2025-01-01", Status.READY)],
)
def test_a_day_beyond_tomorrow_is_held(day: str, status: Status, read: Parse) -> None:
    text = f"---\ntitle: t\ndate: {day}\n---\n## a\n\nOne story.\n\n## b\n\nAnother story."

    assert read(text, today=date(2026, 1, 2)).status is status
