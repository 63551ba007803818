"""Names that the table of topics lacks."""

from __future__ import annotations

from collections.abc import Callable

from bot.digests.names import uncovered
from bot.digests.topics import Topics
from bot.model import Digest


def test_frequent_names_without_a_topic_are_listed(
    digest_of: Callable[..., Digest], topics: Topics
) -> None:
    stories = ["用 ChatGPT 写 Kite Runner 2", "Kite Runner 2 与 NVIDIA", "只有 Once", "However"]
    bodies = "".join(f"## {story}\n\n说的是 Kite Runner 2, however.\n\n" for story in stories)

    found = uncovered([digest_of(f"---\ndate: 2026-01-02\n---\n# T\n\n{bodies}")], topics)

    assert found == [("Kite Runner 2", 4)]
