"""Reading with further processes gives what reading here gives."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import date
from multiprocessing import active_children
from pathlib import Path

import pytest

from bot.digests import parallel
from bot.digests.library import Library
from bot.digests.topics import Topics

TEXT = "---\ntitle: A day\ndate: 2026-01-02\n---\n\n## One\n\nStory number {}, in a line.\n"


COUNT = 2 * parallel.WORTH_A_PROCESS + 3


@pytest.fixture
def library(archive: Callable[[dict[str, str | bytes]], Path], topics: Topics) -> Library:
    """An archive worth a further process."""
    root = archive({f"{number:03}.md": TEXT.format(number) for number in range(COUNT)})
    return Library(root, topics, lambda: date(2026, 1, 1))


def test_further_processes_read_the_same_in_the_same_order(library: Library) -> None:
    files = list(library.files())

    alone = list(parallel.read_all(library, files, processes=1))

    assert list(parallel.read_all(library, files, processes=2)) == alone
    assert len(alone) == COUNT


def test_whoever_stops_listening_leaves_nobody_at_work(library: Library) -> None:
    reading = parallel.read_all(library, list(library.files()), processes=2)

    first = next(reading)
    reading.close()  # type: ignore[attr-defined]  # a generator

    assert first.path == "000.md"


def test_what_a_process_dies_over_is_read_all_the_same(library: Library) -> None:
    reading = parallel.read_all(library, list(library.files()), processes=2)
    paths = [next(reading).path]

    for process in active_children():
        process.kill()
    paths += [report.path for report in reading]

    assert paths == [f"{number:03}.md" for number in range(COUNT)]


def test_cycles_are_looked_for_as_before_once_all_is_read() -> None:
    usual = gc.get_threshold()
    with parallel.rarely_looking_for_cycles():
        meanwhile = gc.get_threshold()
    assert meanwhile[0] > usual[0]
    assert gc.get_threshold() == usual
