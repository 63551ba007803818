"""Posts: everything that was announced, within the limits, as Telegram accepts it."""

from __future__ import annotations

import re
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings

from bot.locale import words
from bot.model import Digest, Message
from bot.rendering.links import Links
from bot.rendering.posts import post
from bot.rendering.rich import clean
from tests.strategies import digests

Judge = Callable[[Message], str]
LINKS = Links("digest_sandbox_bot")
BLANKS = re.compile(r"[\s\u2068\u2069]+")


def bare(text: str) -> str:
    return BLANKS.sub("", clean(text))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(digests())
def test_any_post_is_accepted_and_has_all_headlines_in_order(
    telegram_accepts: Judge, digest: Digest
) -> None:
    messages = post(digest, "AI 日报", words("zh-CN"), LINKS)

    text = bare("".join(telegram_accepts(message) for message in messages))

    position = 0
    for headline in digest.headlines:
        position = text.index(bare(headline.text), position) + len(bare(headline.text))
