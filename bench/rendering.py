"""How long a post and a page take to render, after parsing.

    python -m bench.rendering [FOLDER]

FOLDER is an archive's, or a source's; the samples by default.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from bot.digests import tree
from bot.digests.library import Library
from bot.digests.topics import Topics
from bot.locale import words
from bot.model import Digest, Message
from bot.rendering.callbacks import Month
from bot.rendering.days import DayView, calendar, today
from bot.rendering.links import Links
from bot.rendering.posts import post
from bot.rendering.reading import contents, item_page, section_page

ROOT = Path(__file__).parent.parent
ROUNDS = 5
GOALS = {"post": 2.0}
"""Milliseconds; 1 where none is named."""
W = words("zh-CN")
LINKS = Links("digest_bot")
TITLE = "AI 日报"


def main() -> None:
    """Render everything several times and print the times of single calls."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "data" / "digests")
    folder = parser.parse_args().folder
    library = Library(folder, Topics.load(ROOT / "data" / "topics.toml"))
    digests = [report.digest for report in library.load() if report.digest]
    print(f"{len(digests)} digests, {sum(len(digest.items) for digest in digests)} items")
    reads = [partial(read, path) for path in folder.rglob("*.md")]
    parsing = median(timed(call) for _ in range(ROUNDS) for call in reads)
    print(f"parsing a digest: median {parsing:.3f} ms, the measure of the machine")
    for name, calls in kinds(digests).items():
        show(name, [timed(call) for _ in range(ROUNDS) for call in calls], parsing)


def kinds(digests: list[Digest]) -> dict[str, list[Callable[[], object]]]:
    """List what to measure: each kind of message for each digest, section, item and day."""
    return {
        "post": [partial(post, digest, TITLE, W, LINKS) for digest in digests],
        "contents": [partial(contents, digest, TITLE, W) for digest in digests],
        "section page": [partial(section_page, d, n, TITLE, W) for d, n in sections(digests)],
        "item page": [partial(item_page, d, key, W, LINKS) for d, key in items(digests)],
        "today": [partial(day_of, digest) for digest in digests],
        "calendar": [partial(month_of, digest) for digest in digests],
    }


def sections(digests: list[Digest]) -> Iterator[tuple[Digest, int]]:
    """Give the sections of all digests."""
    return ((digest, number) for digest in digests for number in range(len(digest.sections)))


def items(digests: list[Digest]) -> Iterator[tuple[Digest, str]]:
    """Give the items of all digests."""
    return ((digest, item.key) for digest in digests for item in digest.items)


def day_of(digest: Digest) -> Message:
    """Render the day of a digest."""
    return today(DayView(digest.day, (digest,), {digest.source: TITLE}), W, LINKS)


def month_of(digest: Digest) -> Message:
    """Render the month of a digest."""
    month = Month(digest.day.year, digest.day.month)
    return calendar(month, {digest.day}, W, digest.day, digest.day)


def timed(call: Callable[[], object]) -> float:
    """Measure one call, in milliseconds of CPU: a busy machine does not count."""
    start = time.thread_time()
    call()
    return (time.thread_time() - start) * 1000


def read(path: Path) -> None:
    """Parse a digest, as a yardstick that is as slow as the machine is."""
    tree.read(path.read_text(encoding="utf-8", errors="replace"))


def show(name: str, times: list[float], parsing: float) -> None:
    """Print the figures of one kind: also against its goal, and against parsing a digest."""
    middle, last, goal = median(times), quantiles(times, n=100)[98], GOALS.get(name, 1.0)
    print(
        f"{name:>14}: median {middle:.3f} ms ({middle / goal:.2f} of the goal, "
        f"{middle / parsing:.3f} of parsing), p99 {last:.3f} ms, {len(times)} calls"
    )


if __name__ == "__main__":
    main()
