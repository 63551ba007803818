"""Names that the table of topics lacks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.digests.names import uncovered
from bot.digests.topics import Topics
from bot.model import Digest


@pytest.fixture
def days(digest_of: Callable[..., Digest]) -> Callable[..., list[Digest]]:
    """Make a digest a day of the same stories."""

    def digests(stories: list[str], *, days: int = 3) -> list[Digest]:
        body = "".join(f"## {number}\n\n{story}\n\n" for number, story in enumerate(stories))
        return [digest_of(f"---\ndate: 2026-01-0{day}\n---\n{body}") for day in range(2, days + 2)]

    return digests


def test_frequent_names_without_a_topic_are_listed(
    days: Callable[..., list[Digest]], topics: Topics
) -> None:
    found = days(["用 ChatGPT 写 Kite Runner 2", "Kite Runner 2 与 NVIDIA", "读《雪的故事》"])

    assert uncovered(found, topics) == [("Kite Runner 2", 6), ("雪的故事", 3)]


@pytest.mark.parametrize(
    "story",
    [
        "However, it is not, however.",
        "用 API 与 APIs，还有 SaaS",
        "A Kite Festival is a kite festival",
        "用 ChatGPT Pro 写，也用 3.0 Pro 或 Pro",
        "读了《雪》与《》",
        "用 ChatGPT 或 Ox 写",
    ],
)
def test_words_that_nobody_would_add_are_not_listed(
    story: str, days: Callable[..., list[Digest]], topics: Topics
) -> None:
    assert uncovered(days([story, "也有别的新闻"]), topics) == []


def test_what_a_single_day_speaks_of_is_not_listed(
    days: Callable[..., list[Digest]], topics: Topics
) -> None:
    assert uncovered(days(["关于 Zorblax 的新闻"] * 5, days=1), topics) == []
