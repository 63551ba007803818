"""Wait for what is not there just now: a database on a full disk, an archive that is read."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.storage.errors import DatabaseUnavailable

_log = structlog.get_logger(__name__)
T = TypeVar("T")

PAUSE = 1.0


async def soon(moment: asyncio.Event, most: float) -> None:
    """Wait for a moment, unless it takes longer than *most* seconds."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(most):
            await moment.wait()


class Patience:
    """Does things again until the database lets them through."""

    def __init__(self) -> None:
        self._stopping = False

    def stop(self) -> None:
        """Try what is under way once more, and then no longer."""
        self._stopping = True

    async def __call__(self, what: str, work: Callable[[], Awaitable[T]]) -> T | None:
        """Give what *work* gives; None where that could not be had before the end."""
        while True:
            last = self._stopping
            try:
                return await work()
            except DatabaseUnavailable as exc:
                _log.warning("database not usable", delays=what, error=str(exc))
            if last:
                return None
            await asyncio.sleep(PAUSE)
