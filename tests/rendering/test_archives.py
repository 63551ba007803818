"""Real digests: each message of theirs is accepted, and no word is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.digests.library import Library
from bot.digests.topics import Topics
from bot.locale import Words
from bot.model import Digest
from bot.rendering.links import Links
from bot.rendering.posts import post
from tests.rendering.conftest import Judge
from tests.rendering.expecting import assert_all_said, post_ends
from tests.rendering.walking import bare, pages_of

ROOT = Path(__file__).parent.parent.parent
CORPORA = ROOT / ".." / "shared" / "corpora"
ARCHIVES = [
    ROOT / "data" / "digests",
    *(CORPORA / name for name in ("ai-daily", "reading-hub", "others")),
]


def digests_of(archive: Path) -> Iterator[Digest]:
    """Read an archive."""
    library = Library(archive, Topics.load(ROOT / "data" / "topics.toml"))
    return (report.digest for report in library.load() if report.digest)


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.name)
def test_all_messages_of_an_archive_are_accepted_and_lose_no_word(
    telegram_accepts: Judge, chinese: Words, links: Links, archive: Path
) -> None:
    if not archive.is_dir():
        pytest.skip(f"{archive} is not here: these digests are not part of the project")
    for digest in digests_of(archive):
        posted = map(telegram_accepts, post(digest, "AI 日报", chinese, links))
        assert bare("".join(posted)).endswith(post_ends(digest))
        pages = pages_of(digest, chinese, links)
        texts = {at: telegram_accepts(message) for at, message in pages.items()}
        assert_all_said(digest, texts, chinese)
