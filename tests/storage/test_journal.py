"""Entries that outlive a killed process."""

from __future__ import annotations

import io
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.storage.journal import Journal, unbuffered

Steps = list[bytes | int]
entries = st.binary(min_size=1).filter(lambda entry: b"\n" not in entry)
# To add an entry, or to keep so many of the newest.
steps: st.SearchStrategy[Steps] = st.lists(st.integers(0, 5) | entries)


class Uncut(io.BytesIO):
    """A file whose process is killed before it becomes shorter."""

    def truncate(self, size: int | None = None) -> int:
        return self.tell()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "answers"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with unbuffered(path) as file:
        yield Journal(file)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file become longer."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def read(path: Path) -> list[bytes]:
    with unbuffered(path) as file:
        return Journal(file).read()


def test_what_was_added_is_there_at_once(journal: Journal, path: Path) -> None:
    journal.add(b"one")
    journal.add(b"two")

    assert read(path) == [b"one", b"two"]


def test_what_was_dropped_is_gone(journal: Journal, path: Path) -> None:
    for entry in (b"one, which is long", b"two", b"three"):
        journal.add(entry)
    journal.keep([b"three"])
    journal.add(b"four")

    assert read(path) == [b"three", b"four"]


def test_what_an_earlier_process_left_is_kept_until_it_is_dropped(path: Path) -> None:
    for entry in (b"one", b"two"):
        with unbuffered(path) as file:
            journal = Journal(file)
            journal.read()
            journal.add(entry)

    assert read(path) == [b"one", b"two"]


@given(steps)
def test_it_holds_what_was_added_and_not_dropped(
    tmp_path_factory: pytest.TempPathFactory, steps: Steps
) -> None:
    held: list[bytes] = []
    path = tmp_path_factory.mktemp("journal") / "answers"
    with unbuffered(path) as file:
        journal = Journal(file)
        for step in steps:
            if isinstance(step, int):
                held = held[-step:] if step else []
                journal.keep(held)
            else:
                held.append(step)
                journal.add(step)

    assert read(path) == held


@given(st.lists(entries), st.integers(0))
def test_what_is_kept_is_there_before_the_rest_is_cut_off(given: list[bytes], drop: int) -> None:
    file = Uncut()
    journal = Journal(file)
    for entry in given:
        journal.add(entry)
    kept = given[drop % (len(given) + 1) :]
    journal.keep(kept)

    assert journal.read()[: len(kept)] == kept


def test_an_empty_one_is_left_alone(journal: Journal, path: Path) -> None:
    journal.add(b"one")
    journal.keep([])
    os.utime(path, (1, 1))
    journal.keep([])

    assert path.stat().st_mtime == 1


def test_an_entry_that_was_cut_off_spoils_no_other(journal: Journal, path: Path) -> None:
    journal.add(b"one")
    path.write_bytes(path.read_bytes()[: -len(b"e\n")])
    with unbuffered(path) as file:
        later = Journal(file)
        later.read()
        later.add(b"two")

    assert read(path) == [b"on", b"two"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_told_once_and_stops_nobody() -> None:
    with capture_logs() as logs, unbuffered(Path("/dev/full")) as file:
        journal = Journal(file)
        journal.add(b"one")
        journal.add(b"two")
        journal.keep([b"two"])

    assert [line["event"] for line in logs] == ["answers not noted, a crash may repeat some"]


def test_a_disk_that_becomes_full_within_an_entry_is_told(journal: Journal, path: Path) -> None:
    journal.add(b"one")
    with capture_logs() as logs, room_for(path.stat().st_size + 3):
        journal.add(b"two")
        journal.add(b"three")

    assert len(logs) == 1
    assert read(path) == [b"one", b"tw"]
