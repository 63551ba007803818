"""Reading with further processes gives what reading here gives."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import date
from multiprocessing import active_children
from pathlib import Path

import pytest

from bot.digests.library import Library
from bot.digests.parallel import WORTH_A_PROCESS, Helpers, rarely_looking_for_cycles
from bot.digests.topics import Topics

TEXT = "---\ntitle: A day\ndate: 2026-01-02\n---\n\n## One\n\nStory number {}, in a line.\n"


COUNT = 2 * WORTH_A_PROCESS + 3


@pytest.fixture
def library(archive: Callable[[dict[str, str | bytes]], Path], topics: Topics) -> Library:
    """An archive worth a further process."""
    root = archive({f"{number:03}.md": TEXT.format(number) for number in range(COUNT)})
    return Library(root, topics, lambda: date(2026, 1, 1))


@pytest.fixture
def helpers() -> Iterator[Helpers]:
    """A further process."""
    helpers = Helpers(1)
    yield helpers
    helpers.close()


def test_few_files_are_worth_no_process() -> None:
    alone = Helpers.worth(2 * WORTH_A_PROCESS - 1)

    assert list(alone.each(str, range(3))) == ["0", "1", "2"]
    assert not active_children()


def test_further_processes_read_the_same_in_the_same_order(
    library: Library, helpers: Helpers
) -> None:
    files = list(library.files())

    alone = list(map(library.read, files))

    assert list(helpers.each(library.as_of_today().read, files)) == alone
    assert len(alone) == COUNT


def test_a_process_does_one_thing_after_another(helpers: Helpers) -> None:
    first = list(helpers.each(str, range(COUNT)))

    assert list(helpers.each(int, first)) == list(range(COUNT))
    assert len(active_children()) == 1


def test_nobody_waits_for_another_to_listen(helpers: Helpers) -> None:
    long = [bytes(1_000_000)] * COUNT

    assert list(helpers.each(bytes, long)) == long


class Unsendable:
    """Something that cannot be read where it is sent to."""

    def __reduce__(self) -> tuple[type[int], tuple[str]]:
        return int, ("no number",)


def test_what_a_process_cannot_take_in_is_done_all_the_same(helpers: Helpers) -> None:
    things = [Unsendable() for _ in range(COUNT)]

    assert list(helpers.each(callable, things)) == [False] * COUNT


def test_whoever_stops_listening_leaves_nobody_at_work(library: Library, helpers: Helpers) -> None:
    reading = helpers.each(library.as_of_today().read, library.files())

    first = next(reading)
    helpers.close()

    assert first.path == "000.md"
    assert not active_children()


def test_what_a_process_dies_over_is_done_all_the_same(library: Library, helpers: Helpers) -> None:
    reading = helpers.each(library.as_of_today().read, library.files())
    paths = [next(reading).path]

    for process in active_children():
        process.kill()
    paths += [report.path for report in reading]

    assert paths == [f"{number:03}.md" for number in range(COUNT)]


def test_cycles_are_looked_for_as_before_once_all_is_read() -> None:
    usual = gc.get_threshold()
    with rarely_looking_for_cycles():
        meanwhile = gc.get_threshold()
    assert meanwhile[0] > usual[0]
    assert gc.get_threshold() == usual
