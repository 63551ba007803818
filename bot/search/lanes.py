"""Threads that own a connection each, so that the loop never waits for the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from functools import partial
from threading import Event
from typing import Generic, TypeVar

_Worker = TypeVar("_Worker")
_Answer = TypeVar("_Answer")


class Lane(Generic[_Worker]):
    """One thread with a worker on a connection of its own; what it is asked waits in turn."""

    def __init__(
        self,
        name: str,
        connect: Callable[[], sqlite3.Connection],
        build: Callable[[sqlite3.Connection], _Worker],
    ) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._connect = connect
        self._build = build
        self._connection: sqlite3.Connection | None = None
        self._worker: _Worker | None = None

    async def run(self, task: Callable[[_Worker], _Answer]) -> _Answer:
        """Run *task* with the worker."""
        return await self._in_thread(partial(self._with_worker, task))

    async def run_on(
        self, connect: Callable[[], sqlite3.Connection], task: Callable[[_Worker], _Answer]
    ) -> _Answer:
        """Run *task* with a worker on another file; the lane's own is let go of before."""
        return await self._in_thread(partial(self._with_another, connect, task))

    @asynccontextmanager
    async def resting(self) -> AsyncIterator[None]:
        """Let go of the file: what is asked meanwhile waits, and then opens it again."""
        awake = Event()
        letting_go = self._in_thread(self._disconnect)
        self._executor.submit(awake.wait)
        try:
            await letting_go
            yield
        finally:
            awake.set()

    async def aclose(self) -> None:
        """End the thread, after what it still has to do."""
        async with self.resting():
            pass
        self._executor.shutdown()

    def _in_thread(self, work: Callable[[], _Answer]) -> asyncio.Future[_Answer]:
        return asyncio.get_running_loop().run_in_executor(self._executor, work)

    def _with_worker(self, task: Callable[[_Worker], _Answer]) -> _Answer:
        if self._worker is None:
            self._connection = self._connect()
            self._worker = self._build(self._connection)
        return task(self._worker)

    def _with_another(
        self, connect: Callable[[], sqlite3.Connection], task: Callable[[_Worker], _Answer]
    ) -> _Answer:
        self._disconnect()
        with closing(connect()) as connection:
            return task(self._build(connection))

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._worker = None
