"""Which files were written so recently that more may come: nothing is sent of them yet."""

from __future__ import annotations

import time
from collections.abc import Iterable

from bot.digests.library import ArchiveFile

REST_SECONDS = 3
"""Who writes a file in pieces, or sends it over a slow line, pauses for less."""


class Unrested:
    """Remembers files until they have rested; a file that is moved here whole has its old time."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def note(self, files: Iterable[ArchiveFile]) -> None:
        """Take in files as they are now."""
        for file in files:
            if is_recent(file.mtime_ns, REST_SECONDS):
                self._until[file.path] = file.mtime_ns / 1e9 + REST_SECONDS

    def paths(self) -> set[str]:
        """Give the files that have not rested yet."""
        now = time.time()
        return {path for path, until in self._until.items() if until > now}

    def forget_rested(self) -> bool:
        """Drop files that have rested; tell whether there were any."""
        rested = self._until.keys() - self.paths()
        for path in rested:
            del self._until[path]
        return bool(rested)


def is_recent(moment_ns: int, seconds: float) -> bool:
    """Tell whether something was written within *seconds*; a date in the future says nothing."""
    return 0 <= time.time() - moment_ns / 1e9 < seconds
