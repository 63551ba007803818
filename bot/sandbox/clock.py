"""The sandbox's time: it runs like any clock until a test takes it into its hands."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Tell the time, from *start* on if given; held, it moves only by `advance`."""

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = start.timestamp() - time.time() if start else 0.0
        self._held: float | None = None

    def now(self) -> float:
        """Tell the time in seconds since 1970."""
        return time.time() + self._offset if self._held is None else self._held

    def instant(self) -> datetime:
        """Tell the time as an aware datetime in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def hold(self) -> None:
        """Stop the clock."""
        self._held = self.now()

    def run(self) -> None:
        """Let the clock run on from where it stands."""
        if self._held is not None:
            self._offset = self._held - time.time()
            self._held = None

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        if self._held is None:
            self._offset += seconds
        else:
            self._held += seconds

    def set(self, instant: datetime) -> None:
        """Put the clock to *instant*."""
        self.advance(instant.timestamp() - self.now())
