"""The wish to end, which cuts short what waits for Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class Stop:
    """Asked for once, it ends every wait."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ask(self) -> None:
        """Wish to end."""
        self._event.set()

    @property
    def is_asked(self) -> bool:
        """Whether the end is wished for."""
        return self._event.is_set()

    async def cutting(self, call: Callable[[], Awaitable[T]]) -> T | None:
        """Give what *call* gives, or None where the end was wished for before that."""
        calling = asyncio.ensure_future(call())
        stopping = asyncio.create_task(self._event.wait(), name="stop")
        try:
            await asyncio.wait({calling, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return await calling if calling.done() else None
        finally:
            calling.cancel()
            stopping.cancel()
