"""Front matter is found behind what hides it, and never becomes news."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.digests.header import split
from bot.model import Digest, Report, Status

MATTER = "---\ntitle: A day\ndate: 2026-01-02\n---\n"
BODY = "\n## One\n\nThe first story of the day.\n\n## Two\n\nThe second one.\n"


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


@pytest.mark.parametrize(
    "text",
    [
        f"Sure, here is the digest:\n\n{MATTER}{BODY}",
        f"{MATTER}{MATTER}{BODY}",
        f'---\ntitle: "{{{{ $json.title }}}}"\ndate: 2026-01-02\n---\n{BODY}',
        f'---\ntitle: "[object Object]"\ndate: 2026-01-02\n---\n{BODY}',
        f"---\ntitle: undefined\ndate: 2026-01-02\n---\n{BODY}",
    ],
)
def test_front_matter_that_cannot_be_meant_is_reported(
    text: str, read: Callable[..., Report]
) -> None:
    report = read(text)

    assert report.status is Status.INVALID
    assert [problem.code for problem in report.problems] == ["bad-front-matter"]


def test_a_rule_behind_a_comment_is_a_rule() -> None:
    text = "<!-- a -->\n\n---\n\nOne story.\n"

    assert split(text).body == text


def test_front_matter_in_a_story_is_text(read: Callable[..., Report]) -> None:
    story = f"## Three\n\nA generator takes this:\n\n```\n{MATTER}```\n"

    assert read(f"{MATTER}{BODY}{story}").status is Status.READY


STORIES = "\n## One\n\nThe first story of the day, told in a line.\n\n## Two\n\nThe second one.\n"


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
