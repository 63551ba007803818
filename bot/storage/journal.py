"""Entries in a file, of what is still to be written into the database.

Each is written at once and not waited for: ``kill -9`` leaves it there, a power cut may not.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import structlog

_log = structlog.get_logger(__name__)

# On both sides of each entry, so that one that was cut off spoils none beside it.
_MARK = b"\n"


def unbuffered(path: Path) -> BinaryIO:
    """Open the file of a journal, with what an earlier process left there.

    Raises:
        OSError: it cannot be written.
    """
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)


class Journal:
    """Entries without line breaks, in *file*; by default they are gone with the process."""

    def __init__(self, file: BinaryIO | None = None) -> None:
        self._file = file or io.BytesIO()
        self._is_faulty = False

    def read(self) -> list[bytes]:
        """Give the entries, among which may be torn ones and such as were dropped before."""
        self._file.seek(0)
        return [entry for entry in self._file.read().split(_MARK) if entry]

    def add(self, entry: bytes) -> None:
        """Write one more; where that fails, a crash does what a power cut does."""
        with self._telling_once():
            self._write([entry])

    def keep(self, entries: Sequence[bytes]) -> None:
        """Drop all others; at no moment is one of these missing."""
        if not self._file.tell():
            return  # an idle bot lets the disk sleep
        with self._telling_once():
            self._file.seek(0)
            self._write(entries)
            self._file.truncate()

    def _write(self, entries: Sequence[bytes]) -> None:
        data = b"".join(_MARK + entry + _MARK for entry in entries)
        while data:  # of which a disk that is nearly full takes a part, without a word
            data = data[self._file.write(data) :]

    @contextmanager
    def _telling_once(self) -> Iterator[None]:
        try:
            yield
        except OSError as exc:
            if not self._is_faulty:
                _log.warning("answers not noted, a crash may repeat some", error=str(exc))
            self._is_faulty = True
