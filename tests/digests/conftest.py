"""What the tests of the archive share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.digests.library import Library
from bot.digests.parser import parse
from bot.digests.topics import Topic, Topics
from bot.model import Digest, Report, Source

ROOT = Path(__file__).parent.parent.parent
CORPORA = ROOT / "../shared/corpora"

Parse = Callable[..., Report]


@pytest.fixture(scope="session")
def topics() -> Topics:
    """A few topics with aliases in several scripts."""
    return Topics(
        (
            Topic("OpenAI", ("ChatGPT", "GPT-5")),
            Topic("英伟达", ("NVIDIA",), "芯片"),
            Topic("芯片", ("AI芯片",)),
        )
    )


@pytest.fixture(scope="session")
def read(topics: Topics) -> Parse:
    """Parse a text as a file of the archive."""

    def parse_text(
        text: str | bytes,
        path: str = "2026-01-02.md",
        source: Source | None = None,
        today: date | None = None,
    ) -> Report:
        data = text.encode() if isinstance(text, str) else text
        return parse(data, path, source or Source(""), topics, today=today)

    return parse_text


@pytest.fixture(scope="session")
def digest_of(read: Parse) -> Callable[..., Digest]:
    """Parse a text that must become a digest."""

    def parse_digest(text: str | bytes, path: str = "2026-01-02.md") -> Digest:
        report = read(text, path)
        assert report.digest is not None, report.problems
        return report.digest

    return parse_digest


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Real digests, which are no part of the project."""
    if not CORPORA.is_dir():
        pytest.skip(f"no real digests at {CORPORA}")
    return CORPORA


@pytest.fixture(scope="session")
def real_reports(corpora: Path) -> dict[str, Report]:
    """Give the report of each real digest, by the archive's folder and the path in it."""
    return {
        f"{root.name}/{report.path}": report
        for root in sorted(corpora.iterdir())
        for report in Library(root, Topics(())).load()
    }


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Callable[[dict[str, str | bytes]], Path]]:
    """Write files into an archive."""

    def write(files: dict[str, str | bytes]) -> Path:
        for name, text in files.items():
            path = tmp_path / "archive" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        return tmp_path / "archive"

    yield write
    for path in tmp_path.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
