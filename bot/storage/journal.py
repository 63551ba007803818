"""Entries in a file, of what is still to be written into the database.

Each is written at once and not waited for: ``kill -9`` leaves it there, a power cut may not.
"""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import structlog

_log = structlog.get_logger(__name__)

# Ahead of each entry, so that one that was cut off spoils none behind it.
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
        self._try_to_write(_MARK + entry)

    def keep(self, entries: Sequence[bytes]) -> None:
        """Drop all others; at no moment is one of these missing."""
        self._file.seek(0)
        if self._try_to_write(b"".join(_MARK + entry for entry in entries)):
            self._file.truncate()

    def _try_to_write(self, data: bytes) -> bool:
        try:
            was_written = self._file.write(data) == len(data)
        except OSError as exc:
            was_written = False
            if not self._is_faulty:
                _log.warning("answers not noted, a crash may repeat some", error=str(exc))
        self._is_faulty = not was_written
        return was_written
