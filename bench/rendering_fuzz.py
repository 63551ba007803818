"""Hold the messages of random digests against Telegram's own parser, any number of them.

    python -m bench.rendering_fuzz COUNT [FIRST_SEED]

Prints each digest with a message that is refused, over a limit or changed, and at the end the
counts. Exit status 1 where there was one.
"""

from __future__ import annotations

import sys

from bot.locale import words
from bot.model import Digest
from bot.rendering.days import DayView, today, today_in_group
from bot.rendering.links import Links
from bot.rendering.posts import post
from tests.rendering.conftest import judged, quiet
from tests.rendering.walking import cells_of_item, pages_of, said, shown_of, words_of_item
from tests.strategies import draw_digest

W = words("zh-CN")
LINKS = Links("digest_bot")


def main() -> int:
    """Judge digest after digest."""
    count = int(sys.argv[1])
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    quiet()
    messages = failures = 0
    for seed in range(first, first + count):
        try:
            messages += judge(draw_digest(seed))
        except AssertionError as error:
            failures += 1
            print(f"seed {seed}: {error}", flush=True)
    print(f"{count} digests, {messages} messages, {failures} digests with a fault")
    return 1 if failures else 0


def judge(digest: Digest) -> int:
    """Judge all messages of a digest, and say how many there were."""
    view = DayView(digest.day, (digest,), {"source": "AI 日报"})
    posted = post(digest, "AI 日报", W, LINKS)
    others = (*posted, today(view, W, LINKS), today_in_group(view, W, LINKS))
    for message in others:
        judged(message)
    pages = pages_of(digest, W, LINKS)
    texts = {at: judged(message) for at, message in pages.items()}
    for item in digest.items:
        shown = shown_of(texts, item.key)
        for piece in (*words_of_item(item), *cells_of_item(item)):
            assert said(piece) in shown, f"{item.key} lost {piece[:80]!r}"
    return len(others) + len(pages)


if __name__ == "__main__":
    sys.exit(main())
