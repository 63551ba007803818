"""Reads many files with further processes, so that every core works and no loop waits."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection

import msgspec

from bot.digests.library import ArchiveFile, Library
from bot.model import Report

# A process takes longer to start than fewer files take to be read.
WORTH_A_PROCESS = 100
# Small enough that little waits in memory, large enough that nobody waits for the next.
_CHUNK = 8
# What may wait in memory for an answer that comes late.
_MOST_ASKED = 12
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
    most = _processors() if processes is None else processes
    # This process reads as well.
    count = min(most, len(files) // WORTH_A_PROCESS) - 1
    if count < 1:
        yield from map(library.read, files)
        return
    with contextlib.ExitStack() as stack:
        helpers = [_Helper(library, stack) for _ in range(count)]
        yield from _in_turn(library, helpers, files)


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


def _in_turn(
    library: Library, helpers: Sequence[_Helper], files: Sequence[ArchiveFile]
) -> Iterator[Report]:
    """Ask whoever is free; read here rather than wait for those who start or get no processor."""
    chunks = deque(files[start : start + _CHUNK] for start in range(0, len(files), _CHUNK))
    # One chunk to read, and one to go on with.
    free = deque([*helpers, *helpers])
    asked: deque[_Helper | list[Report]] = deque()
    while asked or chunks:
        if chunks and free:
            asked.append(free.popleft().ask(chunks.popleft()))
        elif chunks and len(asked) < _MOST_ASKED and not _is_there(asked[0]):
            asked.append(list(map(library.read, chunks.popleft())))
        elif isinstance(first := asked.popleft(), list):
            yield from first
        else:
            yield from first.answer()
            free.append(first)


def _is_there(asked: _Helper | list[Report]) -> bool:
    return isinstance(asked, list) or asked.has_answer


class _Helper:
    """A process that reads what it is told; what it dies over is read here."""

    def __init__(self, library: Library, stack: contextlib.ExitStack) -> None:
        # Not forked: this process has threads, and locks that they may hold.
        context = get_context("spawn")
        self._library = library
        self._asked: deque[Sequence[ArchiveFile]] = deque()
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

    def ask(self, files: Sequence[ArchiveFile]) -> _Helper:
        """Have files read."""
        with contextlib.suppress(OSError):
            self._connection.send(files)
        self._asked.append(files)
        return self

    @property
    def has_answer(self) -> bool:
        """Tell whether there is an answer, if only that it died."""
        try:
            return self._connection.poll()
        except OSError:
            return True

    def answer(self) -> list[Report]:
        """Wait for what was asked for first."""
        files = self._asked.popleft()
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
