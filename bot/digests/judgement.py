"""Decides what speaks against pushing a digest by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from bot.digests.plain import item_text
from bot.digests.problems import Code, problem
from bot.digests.scripts import share_in, weight
from bot.model import Digest, Problem, Source

STUB = 200  # letters; a Chinese character says as much as three
FOREIGN = 0.1
BEGINNING = 4_000
ENOUGH = 12

_UNFINISHED = frozenset({"draft", "hidden", "private", "pending", "wip"})
_NO_NEWS = re.compile(
    r"没有新的?(?:文章|内容|资讯|消息)|暂无(?:新|更新|内容|资讯)|(?:今日|今天)(?:无|没有)(?:更新|新|资讯)|"
    r"no new (?:articles|posts|items|stories|news)|nothing new|no news",
    re.IGNORECASE,
)
_INDEX = re.compile(r"(?:^|/)(?:_?index|readme|contributing|license|changelog)\.", re.IGNORECASE)


def is_index_page(path: str) -> bool:
    """Tell whether a file's name is that of a page about the archive."""
    return bool(_INDEX.search(path))


def of_header(values: Mapping[str, object], source: Source) -> Iterator[Problem]:
    """Judge what the author says about the file."""
    category = values.get("category")
    if source.categories and category and str(category) not in source.categories:
        yield problem(Code.OTHER_CATEGORY, about=str(category))
    unfinished = str(values.get("status", "")).lower() in _UNFINISHED
    if values.get("draft") is True or unfinished or values.get("published") is False:
        yield problem(Code.DRAFT)


def of_digest(digest: Digest, source: Source, today: date | None) -> Iterator[Problem]:
    """Judge a digest by its text and its day."""
    text = " ".join(item_text(item) for item in digest.items[:ENOUGH])
    if _is_empty_day(digest, text):
        yield problem(Code.EMPTY_DAY)
    elif len(digest.items) <= 1 and weight(text) < STUB:
        yield problem(Code.STUB)
    beginning = f"{digest.title} {text[:BEGINNING]}"
    if source.language and share_in(source.language, beginning) < FOREIGN:
        yield problem(Code.GARBAGE)
    if today and digest.day > today + timedelta(days=1):
        yield problem(Code.FUTURE_DAY, about=digest.day.isoformat())


def _is_empty_day(digest: Digest, text: str) -> bool:
    if len(digest.items) > 1 or weight(text) >= STUB:
        return False
    named = re.split("[:：]", digest.title)[-1]
    only_stops = not any(map(str.isalnum, named)) and "。" in named
    return only_stops or bool(_NO_NEWS.search(text)) or not text
