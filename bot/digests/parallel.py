"""Does much with further processes, so that every core works and no loop waits."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

_Thing = TypeVar("_Thing")
_Made = TypeVar("_Made")

# A process takes longer to start than fewer files take to be read.
WORTH_A_PROCESS = 100
# Small enough that little waits in memory, large enough that nobody waits for the next.
_CHUNK = 8
# What may wait in memory for an answer that comes late.
_MOST_ASKED = 12
# A chunk under way is finished first.
_FAREWELL_SECONDS = 3

# New objects after which to look for cycles, while many digests are read; seven hundred usually.
_OBJECTS = 50_000


def _processors() -> int:
    """Count the processors that this process may use, where the system says so."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextlib.contextmanager
def rarely_looking_for_cycles() -> Iterator[None]:
    """Let little time go into the search for cycles, as digests hold none."""
    first, *others = gc.get_threshold()
    gc.set_threshold(max(first, _OBJECTS), *others)
    try:
        yield
    finally:
        gc.set_threshold(first, *others)


class Helpers:
    """Further processes, which do what this one does; they start when they are first asked."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._stack = contextlib.ExitStack()
        self._helpers: list[_Helper] = []

    @classmethod
    def worth(cls, files: int) -> Helpers:
        """Have as many as are worth their start for so many files; this process works as well."""
        return cls(min(_processors(), files // WORTH_A_PROCESS) - 1)

    def close(self) -> None:
        """Let them end."""
        self._stack.close()

    def each(self, work: Callable[[_Thing], _Made], things: Iterable[_Thing]) -> Iterator[_Made]:
        """Do the same with each of many things; what comes of it is in their order."""
        if self._count < 1:
            yield from map(work, things)
            return
        while len(self._helpers) < self._count:
            self._helpers.append(_Helper(self._stack))
        yield from _in_turn([_Task(helper, work) for helper in self._helpers], work, things)


def _in_turn(
    tasks: Sequence[_Task[_Thing, _Made]],
    work: Callable[[_Thing], _Made],
    things: Iterable[_Thing],
) -> Iterator[_Made]:
    """Ask whoever is free; work here rather than wait for those who start or get no processor."""
    rest = iter(things)
    chunks = iter(lambda: list(islice(rest, _CHUNK)), [])
    # One chunk to work on, and one to go on with.
    free = deque([*tasks, *tasks])
    asked: deque[_Task[_Thing, _Made] | list[_Made]] = deque()
    chunk = next(chunks, None)
    while asked or chunk:
        if chunk and free:
            asked.append(free.popleft().ask(chunk))
            chunk = next(chunks, None)
        elif chunk and len(asked) < _MOST_ASKED and not _is_there(asked[0]):
            asked.append(list(map(work, chunk)))
            chunk = next(chunks, None)
        elif isinstance(first := asked.popleft(), list):
            yield from first
        else:
            yield from first.answer()
            free.append(first)


def _is_there(asked: _Task[_Thing, _Made] | list[_Made]) -> bool:
    return isinstance(asked, list) or asked.has_answer


class _Helper:
    """A process that does what it is told."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        # Not forked: this process has threads, and locks that they may hold.
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), daemon=True, name="digest-reader")
        process.start()
        theirs.close()
        # Backwards: it ends by itself once nobody asks, and is killed if it does not.
        stack.callback(process.join)
        stack.callback(process.kill)
        stack.callback(process.join, _FAREWELL_SECONDS)
        stack.callback(self.connection.close)


class _Task(Generic[_Thing, _Made]):
    """What a helper does with many things; what it dies over is done here."""

    def __init__(self, helper: _Helper, work: Callable[[_Thing], _Made]) -> None:
        self._connection = helper.connection
        self._work = work
        self._asked: deque[Sequence[_Thing]] = deque()
        with contextlib.suppress(OSError):
            self._connection.send(work)

    def ask(self, things: Sequence[_Thing]) -> _Task[_Thing, _Made]:
        """Have it done."""
        with contextlib.suppress(OSError):
            self._connection.send(things)
        self._asked.append(things)
        return self

    @property
    def has_answer(self) -> bool:
        """Tell whether there is an answer, if only that it died."""
        try:
            return self._connection.poll()
        except OSError:
            return True

    def answer(self) -> list[_Made]:
        """Wait for what was asked for first."""
        things = self._asked.popleft()
        try:
            made: list[_Made] = self._connection.recv()
        except (EOFError, OSError):
            return list(map(self._work, things))
        return made


def _serve(connection: Connection) -> None:
    """Answer until there is nobody to answer, however that came about."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whoever asked has a loop that others wait for.
    os.nice(5)
    # Digests hold no cycles, and looking for some takes a fifth of the time.
    gc.disable()
    told: SimpleQueue[Any] = SimpleQueue()
    # Whoever asks must not wait for an answer to be taken while that waits to be asked for.
    Thread(target=_listen, args=(connection, told), daemon=True).start()
    with contextlib.suppress(OSError):
        for asked in iter(told.get, None):
            if callable(asked):
                work = asked
            else:
                connection.send(list(map(work, asked)))


def _listen(connection: Connection, told: SimpleQueue[Any]) -> None:
    try:
        with contextlib.suppress(EOFError, OSError):
            while True:
                told.put(connection.recv())
    finally:
        # Also over what cannot be taken in: whoever asked does it where nobody answers.
        told.put(None)
