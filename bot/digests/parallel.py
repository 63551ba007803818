"""Reads many files with further processes, so that every core works and no loop waits."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection

import msgspec

from bot.digests.library import ArchiveFile, Library
from bot.model import Report

# A process takes longer to start than fewer files take to be read.
WORTH_A_PROCESS = 100
# Small enough that little waits in memory, large enough that nobody waits for the next.
_CHUNK = 8
# A chunk under way is finished first.
_FAREWELL_SECONDS = 3

_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Report])
# New objects after which to look for cycles, while many digests are read; seven hundred usually.
_OBJECTS = 50_000


def read_all(
    library: Library, files: Sequence[ArchiveFile], processes: int | None = None
) -> Iterator[Report]:
    """Read files, in their order; ids are not yet told apart."""
    most = len(os.sched_getaffinity(0)) if processes is None else processes
    count = min(most, len(files) // WORTH_A_PROCESS)
    if count < 2:
        yield from map(library.read, files)
        return
    with contextlib.ExitStack() as stack:
        helpers = [_Helper(library, stack) for _ in range(count)]
        yield from _in_turn(helpers, files)


@contextlib.contextmanager
def rarely_looking_for_cycles() -> Iterator[None]:
    """Let little time go into the search for cycles, as digests hold none."""
    first, *others = gc.get_threshold()
    gc.set_threshold(max(first, _OBJECTS), *others)
    try:
        yield
    finally:
        gc.set_threshold(first, *others)


def _in_turn(helpers: Sequence[_Helper], files: Sequence[ArchiveFile]) -> Iterator[Report]:
    chunks = (files[start : start + _CHUNK] for start in range(0, len(files), _CHUNK))
    asked: deque[Callable[[], list[Report]]] = deque()
    for place, chunk in enumerate(chunks):
        if place >= 2 * len(helpers):
            yield from asked.popleft()()
        asked.append(helpers[place % len(helpers)].ask(chunk))
    for answer in asked:
        yield from answer()


class _Helper:
    """A process that reads what it is told; what it dies over is read here."""

    def __init__(self, library: Library, stack: contextlib.ExitStack) -> None:
        # Not forked: this process has threads, and locks that they may hold.
        context = get_context("spawn")
        self._library = library
        self._connection, theirs = context.Pipe()
        process = context.Process(
            target=_serve, args=(theirs, library.as_of_today()), daemon=True, name="digest-reader"
        )
        process.start()
        theirs.close()
        # Backwards: it ends by itself once nobody asks, and is killed if it does not.
        stack.callback(process.join)
        stack.callback(process.kill)
        stack.callback(process.join, _FAREWELL_SECONDS)
        stack.callback(self._connection.close)

    def ask(self, files: Sequence[ArchiveFile]) -> Callable[[], list[Report]]:
        """Have files read; what is returned waits for the answer."""
        with contextlib.suppress(OSError):
            self._connection.send(files)
        return lambda: self._answer(files)

    def _answer(self, files: Sequence[ArchiveFile]) -> list[Report]:
        try:
            return _DECODER.decode(self._connection.recv_bytes())
        except (EOFError, OSError):
            return list(map(self._library.read, files))


def _serve(connection: Connection, library: Library) -> None:
    """Answer until there is nobody to answer, however that came about."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whoever asked has a loop that others wait for.
    os.nice(5)
    # Digests hold no cycles, and looking for some takes a fifth of the time.
    gc.disable()
    with contextlib.suppress(EOFError, OSError):
        while True:
            files = connection.recv()
            connection.send_bytes(_ENCODER.encode([library.read(file) for file in files]))
