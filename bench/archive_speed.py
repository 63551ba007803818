"""How long an archive takes to load, as ratios to the bare parsers on the same files.

The machine's own speed changes within seconds, so each load is compared with what the bare parsers
take right before and after it: the median of these ratios, and between which half of them are.

python -m bench.archive_speed [ARCHIVE] [ROUNDS]
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

import frontmatter
import structlog
from markdown_it import MarkdownIt

from bench.archive_scale import made
from bot.digests.library import Library
from bot.digests.topics import Topics
from bot.search.index import Index
from bot.services.archive import Archive

HERE = Path(__file__).parent.parent
LARGER = 250


def bare(paths: list[Path]) -> float:
    """Time python-frontmatter and markdown-it-py alone."""
    markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    start = time.process_time()
    for path in paths:
        markdown.parse(frontmatter.loads(path.read_text("utf-8")).content)
    return time.process_time() - start


def library(root: Path, topics: Topics) -> float:
    """Time the library alone: listing, parsing, headlines, topics."""
    start = time.process_time()
    for _ in Library(root, topics).load():
        pass
    return time.process_time() - start


async def start(root: Path, topics: Topics, index_path: Path) -> tuple[float, float]:
    """Time a start of the archive, index included: processor and clock."""
    async with Index.open(index_path, topics) as index:
        archive = Archive(root, Library(root, topics), index, lambda: None)
        processor, clock = time.process_time(), time.perf_counter()
        await archive.sync()
        return time.process_time() - processor, time.perf_counter() - clock


def cores(given: Path, topics: Topics, folder: Path, rounds: int) -> tuple[float, float]:
    """Time cold starts of a larger archive by the clock, with one core and with all."""
    root = folder / "larger"
    made(given, root, LARGER)
    every, best = os.sched_getaffinity(0), [float("inf")] * 2
    try:
        for _ in range(rounds):
            for place, allowed in enumerate(({min(every)}, every)):
                os.sched_setaffinity(0, allowed)
                (folder / "larger.db").unlink(missing_ok=True)
                clock = asyncio.run(start(root, topics, folder / "larger.db"))[1]
                best[place] = min(best[place], clock)
    finally:
        os.sched_setaffinity(0, every)
    return best[0], best[1]


async def noticed(root: Path, topics: Topics, index_path: Path) -> float:
    """Time from a file's last write until it is found."""
    async with Index.open(index_path, topics) as index, asyncio.TaskGroup() as tasks:
        archive = Archive(root, Library(root, topics), index, lambda: None)
        tasks.create_task(archive.run())
        await archive.loaded.wait()
        await asyncio.sleep(1)
        text = "---\ntitle: New\ndate: 2026-03-01\n---\n\n## Zebra\n\nA zebra was seen here.\n"
        (root / "new.md").write_text(text, "utf-8")
        began = time.perf_counter()
        while not (await index.search("zebra")).total:  # noqa: ASYNC110  # it tells nobody
            await asyncio.sleep(0.01)
        archive.stop()
        return time.perf_counter() - began


def rested(source: Path, folder: Path) -> Path:
    """Copy an archive; its files keep their times, so nothing waits for them."""
    return Path(shutil.copytree(source, folder / "archive"))


def _ratio(times: Sequence[float], before: Sequence[float], after: Sequence[float]) -> str:
    """Compare each time with the mean of its neighbours."""
    ratios = [2 * one / (a + b) for one, a, b in zip(times, before, after, strict=False)]
    lower, middle, upper = quantiles(ratios, n=4)
    return f"{middle:.2f} ({lower:.2f} to {upper:.2f})"


def _ms(times: Sequence[float]) -> str:
    return f"{median(times) * 1e3:.0f} ms, {min(times) * 1e3:.0f} at best"


def main() -> None:
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "../shared/corpora/ai-daily"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    topics = Topics.load(HERE / "data/topics.toml")
    with tempfile.TemporaryDirectory() as name:
        root = rested(given, Path(name))
        paths = [root / file.path for file in Library(root, topics).files()]
        index = Path(name) / "index.db"
        bares, rows = [bare(paths)], []
        for _ in range(rounds):
            alone = library(root, topics)
            bares.append(bare(paths))
            index.unlink(missing_ok=True)
            cold = asyncio.run(start(root, topics, index))[0]
            bares.append(bare(paths))
            rows.append((alone, cold, asyncio.run(start(root, topics, index))[0]))
        libraries, colds, warms = zip(*rows, strict=True)
        print(f"{len(paths)} files, processor time, {rounds} rounds: bare {_ms(bares)}")
        print(f"library {_ratio(libraries, bares[::2], bares[1::2])} × bare")
        cold_ratio = _ratio(colds, bares[1::2], bares[2::2])
        print(f"cold start, index included ({_ms(colds)}) {cold_ratio} × bare")
        print(f"warm start {median(warms) / median(colds):.1%} of the cold one ({_ms(warms)})")
        one, every = cores(given, topics, Path(name), min(rounds, 3))
        count = len(os.sched_getaffinity(0))
        print(f"{LARGER} files by the clock, index included: one core {one:.1f} s, ", end="")
        print(f"{count} cores {every / one:.2f} × that")
        seconds = asyncio.run(noticed(root, topics, index))
        print(f"a new file is found {seconds:.2f} s after its last write")


if __name__ == "__main__":
    main()
