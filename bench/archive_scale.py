"""Ten thousand digests made from an archive: time, memory, and how long the loop waits.

python -m bench.archive_scale [ARCHIVE] [COUNT…]
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from datetime import date, timedelta
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import NamedTuple

import structlog

from bot.digests.library import Library
from bot.digests.parallel import Helpers
from bot.digests.topics import Topics
from bot.search.index import Index
from bot.services.archive import Archive

HERE = Path(__file__).parent.parent
FEW = 2_000
FIRST = date(1999, 1, 1)


def made(given: Path, root: Path, count: int) -> None:
    """Write digests of days of their own, which tell stories of their own."""
    texts = [path.read_text("utf-8") for path in sorted(given.glob("*.md"))]
    root.mkdir()
    long_ago = time.time() - 3600
    for number, text in enumerate(islice(cycle(texts), count)):
        day = (FIRST + timedelta(number)).isoformat()
        body = text.partition("\n---\n")[2].replace("https://", f"https://{number}.")
        file = root / f"{day}.md"
        file.write_text(f"---\ntitle: Number {number}\ndate: {day}\n---\n{body}", "utf-8")
        os.utime(file, (long_ago, long_ago))


async def longest_wait(
    done: asyncio.Event, clock: Callable[[], float] = time.perf_counter
) -> float:
    """Measure how late the loop comes back to whom it promised a millisecond."""
    longest = 0.0
    while not done.is_set():
        began = clock()
        await asyncio.sleep(0.001)
        longest = max(longest, clock() - began - 0.001)
    return longest


def idle(done: Event, answer: Connection) -> None:
    """Measure how long the loop of a process waits that has nothing to do: so busy is the rest."""

    async def until_done() -> float:
        watched = asyncio.Event()
        waiting = asyncio.create_task(longest_wait(watched))
        while not done.is_set():  # noqa: ASYNC110  # another process tells
            await asyncio.sleep(0.1)
        watched.set()
        return await waiting

    answer.send(asyncio.run(until_done()))


@contextmanager
def beside_idle() -> Iterator[list[float]]:
    """Have an idle process beside; give its longest wait in the end."""
    context, found = get_context("spawn"), list[float]()
    done, (mine, theirs) = context.Event(), context.Pipe()
    process = context.Process(target=idle, args=(done, theirs))
    process.start()
    yield found
    done.set()
    found.append(mine.recv())
    process.join()


class Load(NamedTuple):
    """What a load took: seconds by the clock and of processors, and the loop's longest wait.

    Of the wait that part is the bot's *own* in which its threads had a processor.
    """

    seconds: float
    worked: float
    wait: float
    own: float


def worked() -> float:
    """Give the seconds in which this process and those that it has ended had a processor."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


async def load(root: Path, index_path: Path, topics: Topics) -> Load:
    """Load an archive."""
    done = asyncio.Event()
    async with Index.open(index_path, topics) as index, asyncio.TaskGroup() as tasks:
        waits = [
            tasks.create_task(longest_wait(done, clock))
            for clock in (time.perf_counter, time.process_time)
        ]
        began = time.perf_counter(), worked()
        await Archive(root, Library(root, topics), index, lambda: None).sync()
        ended = time.perf_counter(), worked()
        done.set()
    return Load(ended[0] - began[0], ended[1] - began[1], waits[0].result(), waits[1].result())


def readers(root: Path, topics: Topics) -> None:
    """Compare one process with two."""
    library = Library(root, topics)
    files = list(library.files())[:1000]
    times = []
    for processes in (1, 2):
        began = time.perf_counter()
        with closing(Helpers(processes - 1)) as helpers:
            for _ in helpers.each(library.as_of_today().read, files):
                pass
        times.append(time.perf_counter() - began)
    ratio = times[1] / times[0]
    print(f"{len(files)} files read by two processes: {ratio:.2f} × the time of one", flush=True)


def measured(given: Path, count: int) -> str:
    """Load so many digests, in a process whose memory is not yet used."""
    topics = Topics.load(HERE / "data/topics.toml")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "archive"
        made(given, root, count)
        with beside_idle() as idle_waits:
            took = asyncio.run(load(root, Path(name) / "index.db", topics))
        if count < FEW:
            readers(root, topics)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{count} digests: {took.seconds:.1f} s, {took.seconds / count * 1e3:.1f} ms each, "
        f"{took.worked / count * 1e3:.1f} of a processor, "
        f"peak {peak:.0f} MB, the loop waited {took.wait * 1e3:.0f} ms at most, "
        f"{took.own * 1e3:.0f} ms at most for the bot's own threads, "
        f"an idle process beside it {idle_waits[0] * 1e3:.0f} ms"
    )


def main() -> None:
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "../shared/corpora/ai-daily"
    counts = [int(count) for count in sys.argv[2:]] or [1_000, 5_000, 10_000]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    for count in counts:
        with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
            print(pool.submit(measured, given, count).result(), flush=True)


if __name__ == "__main__":
    main()
