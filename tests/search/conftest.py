"""A small archive of our own stories, and an index of it."""

import itertools
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from bot.search.index import Index
from tests.search.stories import TOPICS, TableOfTopics, own_digests, report_of


@pytest.fixture
def topics() -> TableOfTopics:
    return TableOfTopics(TOPICS)


@pytest.fixture
async def index(tmp_path: Path, topics: TableOfTopics) -> AsyncIterator[Index]:
    async with Index.open(tmp_path / "index.db", topics) as index:
        yield index


@pytest.fixture
async def stocked(index: Index) -> Index:
    await index.apply(map(report_of, own_digests()), ())
    return index


@pytest.fixture
async def kept(tmp_path: Path, topics: TableOfTopics) -> Path:
    """Leave a whole index behind."""
    path = tmp_path / "index.db"
    async with Index.open(path, topics) as index:
        await index.rebuild(map(report_of, own_digests()))
    return path


@pytest.fixture
def steps() -> Callable[[Callable[[], object]], int]:
    """Count the calls that a task makes: its work, on however slow a machine."""

    def count(task: Callable[[], object]) -> int:
        calls = itertools.count()
        sys.setprofile(lambda frame, event, argument: next(calls) and None)
        try:
            task()
        finally:
            sys.setprofile(None)
        return next(calls)

    return count
