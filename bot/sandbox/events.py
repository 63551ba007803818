"""What happens, as it happens: the stream that the terminal, the page and waiting people read."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: its number, its kind, and its data, ready for JSON."""

    number: int
    kind: str
    data: dict[str, Any]


class Events:
    """Hand each event to everyone who listens, and keep the last ones for those who come late."""

    def __init__(self) -> None:
        self.number = 0
        self._kept: deque[Event] = deque(maxlen=KEPT)
        self._listeners: list[asyncio.Queue[Event]] = []

    def publish(self, kind: str, data: dict[str, Any]) -> None:
        """Tell everyone."""
        self.number += 1
        event = Event(self.number, kind, data)
        self._kept.append(event)
        for listener in self._listeners:
            listener.put_nowait(event)

    def since(self, number: int) -> list[Event]:
        """List the kept events after *number*."""
        return [event for event in self._kept if event.number > number]

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Event]]:
        """Receive what happens from now on in a queue."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._listeners.append(queue)
        try:
            yield queue
        finally:
            self._listeners.remove(queue)

    async def follow(self, number: int = 0) -> AsyncIterator[Event]:
        """Yield the kept events after *number*, then new ones for ever."""
        with self.listening() as queue:
            for event in self.since(number):
                yield event
            while True:
                yield await queue.get()
