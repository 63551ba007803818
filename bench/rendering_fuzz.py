"""Hold the messages of random digests against Telegram's own parser, any number of them.

    python -m bench.rendering_fuzz COUNT [FIRST_SEED]

Two processes; most digests are small, one in fifty is of any size. Prints each digest with a
message that is refused, over a limit or changed, and at the end the counts. Exit status 1 where
there was one.
"""

from __future__ import annotations

import multiprocessing
import sys
import time

from bot.locale import words
from bot.model import Digest
from bot.rendering.days import DayView, today, today_in_group
from bot.rendering.links import Links
from bot.rendering.posts import post
from tests.rendering.conftest import judged, quiet
from tests.rendering.expecting import assert_all_said, post_ends
from tests.rendering.walking import bare, pages_of
from tests.strategies import draw_digest

W = words("zh-CN")
LINKS = Links("digest_bot")
PROCESSES = 2
CHUNK = 50
PROGRESS = 10_000
SHOWN = 300


def main() -> int:
    """Judge digest after digest."""
    count = int(sys.argv[1])
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    started = time.monotonic()
    messages = failures = done = 0
    with multiprocessing.get_context("spawn").Pool(PROCESSES, quiet) as pool:
        for judged_messages, fault in pool.imap_unordered(
            judge_seed, range(first, first + count), CHUNK
        ):
            done += 1
            messages += judged_messages
            failures += bool(fault)
            if fault or done % PROGRESS == 0:
                print(fault or f"{done} digests, {messages} messages", flush=True)
    seconds = time.monotonic() - started
    print(f"{count} digests, {messages} messages, {failures} digests with a fault, {seconds:.0f} s")
    return 1 if failures else 0


def judge_seed(seed: int) -> tuple[int, str]:
    """Judge the digest of a seed; give the count of its messages, and its fault if it has one."""
    try:
        return judge(draw_digest(seed, size_of(seed))), ""
    except AssertionError as error:
        return 0, f"seed {seed}: {error}"[:SHOWN]


def size_of(seed: int) -> int:
    """Give most digests two or three stories, one in fifty any number up to fourteen."""
    return 1 + seed // 50 % 14 if seed % 50 == 0 else 2 + seed % 2


def judge(digest: Digest) -> int:
    """Judge all messages of a digest, and say how many there were."""
    view = DayView(digest.day, (digest,), {"source": "AI 日报"})
    posted = post(digest, "AI 日报", W, LINKS)
    assert bare("".join(map(judged, posted))).endswith(post_ends(digest)), "the post is not whole"
    others = (today(view, W, LINKS), today_in_group(view, W, LINKS))
    for message in others:
        judged(message)
    pages = pages_of(digest, W, LINKS)
    texts = {at: judged(message) for at, message in pages.items()}
    assert_all_said(digest, texts, W)
    return len(posted) + len(others) + len(pages)


if __name__ == "__main__":
    sys.exit(main())
