"""The shipped samples and, where present, the real digests."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.digests.library import Library
from bot.digests.topics import Topics
from bot.model import Digest, Report

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def table() -> Path:
    return ROOT / "data" / "topics.toml"


@pytest.fixture(scope="session")
def topics(table: Path) -> Topics:
    return Topics.load(table)


@pytest.fixture(scope="session")
def samples() -> Path:
    return ROOT / "data" / "digests"


@pytest.fixture(scope="session")
def reports(samples: Path, topics: Topics) -> list[Report]:
    return list(Library(samples, topics).load())


@pytest.fixture(scope="session")
def digests(reports: list[Report]) -> list[Digest]:
    """The samples that may be pushed, in order of their days."""
    ready = [report.digest for report in reports if report.digest and report.status == "ready"]
    return sorted(ready, key=lambda digest: digest.day)


@pytest.fixture(scope="session")
def corpora() -> Path:
    """Real digests, which lie beside the checkout on some machines only."""
    folder = ROOT.parent / "shared" / "corpora"
    if not folder.is_dir():
        pytest.skip(f"no real digests in {folder}")
    return folder
