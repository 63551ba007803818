"""Front matter is found behind what hides it, and never becomes news."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.digests.header import split
from bot.digests.problems import UnusableError
from bot.model import Digest, Report, Status

MATTER = "---\ntitle: A day\ndate: 2026-01-02\n---\n"
BODY = "\n## One\n\nThe first story of the day.\n\n## Two\n\nThe second one.\n"
STORIES = "\n## One\n\nThe first story of the day, told in a line.\n\n## Two\n\nThe second one.\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (" ", ""),
        ("\n \n", ""),
        ("\u200b", ""),
        ("\ufeff\ufeff", ""),
        ("<!-- made by a script -->\n<!-- twice\n-->\n", ""),
        ("```markdown\n", "```\n"),
        ("\n````md\n\n", "````\n\n"),
        ("```\n", ""),
    ],
)
def test_what_hides_front_matter_is_passed_over(
    before: str, after: str, digest_of: Callable[..., Digest]
) -> None:
    digest = digest_of(f"{before}{MATTER}{BODY}{after}", "2026-03-04.md")
    plain = digest_of(f"{MATTER}{BODY}", "2026-03-04.md")

    assert (digest.title, digest.day) == (plain.title, plain.day)
    assert [item.body for item in digest.items] == [item.body for item in plain.items]
    hidden = before.lstrip("\ufeff").count("\n")
    assert [item.line - hidden for item in digest.items] == [item.line for item in plain.items]


def test_many_comments_cost_little() -> None:
    text = "<!-- a -->\n" * 20_000 + "no front matter"

    assert split(text).body == text


def test_a_fence_around_front_matter_alone_is_no_news(digest_of: Callable[..., Digest]) -> None:
    digest = digest_of(f"```yaml\n{MATTER}```\n{BODY}")

    assert [item.title for item in digest.items] == ["One", "Two"]


@pytest.mark.parametrize("before", ["Sure, here is the digest:\n\n", MATTER])
def test_front_matter_below_something_is_reported(before: str, read: Callable[..., Report]) -> None:
    report = read(f"{before}{MATTER}{BODY}")

    assert report.status is Status.INVALID
    assert [problem.code for problem in report.problems] == ["late-front-matter"]


def test_a_date_that_cannot_be_read_is_where_the_fault_is(read: Callable[..., Report]) -> None:
    report = read(f"---\ntitle: A day\ndate: 02/01/2026\n---\n{BODY}", "a.md")

    assert [(problem.code, problem.line) for problem in report.problems] == [("no-date", 3)]


@pytest.mark.parametrize(
    "text",
    [
        f'---\ntitle: "{{{{ $json.title }}}}"\ndate: 2026-01-02\n---\n{BODY}',
        f'---\ntitle: "[object Object]"\ndate: 2026-01-02\n---\n{BODY}',
        f"---\ntitle: undefined\ndate: 2026-01-02\n---\n{BODY}",
        f"---\ndate: 2026-01-02\nsummary:\n  - {{{{ item.title }}}}\n---\n{BODY}",
    ],
)
def test_front_matter_that_cannot_be_meant_is_reported(
    text: str, read: Callable[..., Report]
) -> None:
    report = read(text)

    assert report.status is Status.INVALID
    assert [problem.code for problem in report.problems] == ["bad-front-matter"]


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("title: Vue drops {{ }}", ["unfilled"]),
        ("summary: Actions hide ${{ secrets.TOKEN }} in logs", ["unfilled"]),
        ("title: undefined 2026-01-02", ["unfilled"]),
        ("permalink: /{{ slug }}/", []),
        ("keywords: print [object Object]", []),
        ("author: undefined", []),
        ("tags:\n  - undefined", []),
    ],
)
def test_a_template_beside_words_can_be_pushed(
    field: str, codes: list[str], read: Callable[..., Report]
) -> None:
    report = read(f"---\ndate: 2026-01-02\n{field}\n---\n{STORIES}")

    assert report.digest
    assert [problem.code for problem in report.problems if problem.code != "no-title"] == codes


def test_a_rule_behind_a_comment_is_a_rule() -> None:
    text = "<!-- a -->\n\n---\n\nOne story.\n"

    assert split(text).body == text


def test_front_matter_in_a_story_is_text(read: Callable[..., Report]) -> None:
    story = f"## Three\n\nA generator takes this:\n\n```\n{MATTER}```\n"

    assert read(f"{MATTER}{BODY}{story}").status is Status.READY


@pytest.mark.parametrize(
    ("written", "day", "codes"),
    [
        ("2026-02-30", "2026-01-09", ["date-ignored"]),
        ("2026-01-02 25:00:00", "2026-01-02", []),
        ("Jan 3, 2026", "2026-01-03", []),
        ("January 3rd, 2026", "2026-01-03", []),
        ("3 Sept. 2026", "2026-09-03", []),
        ("Feb 30, 2026", "2026-01-09", ["date-ignored"]),
        ("Jan 3, 1026", "2026-01-09", ["date-ignored"]),
        ("01/03/2026", "2026-01-09", ["date-ignored"]),
        ("20260103", "2026-01-03", []),
    ],
)
def test_a_date_is_read_or_passed_over(
    written: str, day: str, codes: list[str], read: Callable[..., Report]
) -> None:
    report = read(f"---\ntitle: A\ndate: {written}\n---\n{STORIES}", "2026-01-09.md")

    assert report.digest
    assert report.digest.day.isoformat() == day
    assert [problem.code for problem in report.problems] == codes


@pytest.mark.parametrize("title", ["2026", "1.10", "yes", "2026-01-02", "null and void"])
def test_a_title_stays_as_it_is_written(title: str, read: Callable[..., Report]) -> None:
    report = read(f"---\ntitle: {title}\ndate: 2026-01-02\n---\n{STORIES}")

    assert report.digest
    assert report.digest.title == title


@pytest.mark.parametrize("body", ["---\n\n# A\n", "---\n# A\n", "---\n\nSome words\n\n---\n"])
def test_a_body_may_begin_with_a_rule(body: str, read: Callable[..., Report]) -> None:
    report = read(body + STORIES)

    assert report.problems == ()
    assert report.digest
    assert [item.title for item in report.digest.items][-2:] == ["One", "Two"]


@pytest.mark.parametrize("opening", ["---\n\n", "---\n# about\n"])
def test_front_matter_may_begin_late(opening: str, read: Callable[..., Report]) -> None:
    report = read(f"{opening}title: A\ndate: 2026-01-02\n---\n{STORIES}")

    assert report.digest
    assert report.digest.title == "A"


@pytest.mark.parametrize(
    ("text", "line", "advice"),
    [
        ("---\ntitle: AI: a day\n---\n", 2, "put the value in quotation marks"),
        ("---\ndate: 2026-01-02\ntitle: AI: a day\n---\n", 3, "put the value in quotation marks"),
        ('---\ntitle: "AI" 日报\n---\n', 2, "put the value in quotation marks"),
        ("---\ntitle: [AI] 日报\n---\n", 2, "put the value in quotation marks"),
        ("---\ntitle: @AI\n---\n", 2, "put the value in quotation marks"),
        ('---\ntitle: "AI\ndate: 2026-01-02\n---\n', 2, "put the value in quotation marks"),
        ("---\ntitle：日报\n---\n", 2, "write `title: ` for `title：`"),
        ("---\ndate: 2026-01-02\ntitle：日报\n---\n", 3, "write `title: ` for `title：`"),
        ("\n\n---\ntitle：日报\ndate: 2026-01-02\n---\n", 4, "write `title: ` for `title：`"),
        ("---\ntitle: A\n", 3, "add --- here"),
        ("---\ntitle: A\ndate: 2026-01-02\n\n# News\n\nOne.\n", 4, "add --- here"),
        ("---\ntitle: A\n\n# News\n\nOne.\n\n---\n\nTwo.\n", 3, "add --- here"),
        ("---\ntitle: A\n\n今天：有新闻。\n\n---\n\nTwo.\n", 3, "add --- here"),
        ("+++\ntitle = 'A'\n\nOne story.\n", 3, r"add \+\+\+ here"),
        ("---\ntitle: A\n" + "\n" * 19_000 + " " * 900_000, 3, "add --- here"),
        ("---\na: \x85\x85\x85\n\x85\nb: c: d\n---\n", 8, "mapping values"),
        ("---\n- A\n---\n", 1, "not a list of `name: value`"),
        ("---\ntitle:A\ndate: 2026-01-02\n---\n", 2, "write `title: ` for `title:`"),
        (f"+++\na = {'[' * 10_000}{']' * 10_000}\n+++\n", 1, "it is nested too deep"),
    ],
)
def test_what_is_wrong_with_front_matter_is_said(text: str, line: int, advice: str) -> None:
    with pytest.raises(UnusableError, match=advice) as caught:
        split(text)

    assert caught.value.problem.line == line


@pytest.mark.parametrize(
    ("fields", "cover", "found"),
    [
        ("coverImage: images/a.png", None, [("cover-ignored", 4, "images/a.png")]),
        ("Image: /a.png\ncover: https://example.org/a.png", "https://example.org/a.png", []),
        ("cover:\n  image: a.png", None, [("cover-ignored", 4, "a.png")]),
        ("cover: ''", None, []),
    ],
)
def test_a_picture_without_a_web_address_is_reported(
    fields: str, cover: str | None, found: list[object], read: Callable[..., Report]
) -> None:
    report = read(f"---\ntitle: A\ndate: 2026-01-02\n{fields}\n---\n{STORIES}")

    assert report.digest
    assert report.digest.cover == cover
    assert [(one.code, one.line, one.about) for one in report.problems] == found
    assert report.status is Status.READY
