"""Decides what speaks against pushing a digest by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import islice

from bot.digests.norms import categories_of
from bot.digests.plain import blocks_text, item_text
from bot.digests.problems import HIDING, SHOWING, STATES, Code, problem
from bot.digests.scripts import share_in, weight
from bot.model import Digest, Item, Problem, Source

STUB = 200  # letters; a Chinese character says as much as three
THIN = 1_500
FOREIGN = 0.1
BEGINNING = 2_000
ENOUGH = 6
LONGEST_PLACE = 80

# An empty field says nothing.
_NO = frozenset({"false", "no", "0", "off", "n", "否"})
_FINISHED = frozenset(
    {"published", "publish", "public", "final", "done", "finished", "complete", "completed"}
    | {"ready", "live", "released", "true", "yes", "1", "发布", "已发布", "公开", "完成", "已完成"}
)
# What stands where a text shall be written, or where there is nothing to tell.
_TO_BE_WRITTEN = re.compile(
    r"\W*+(?:todo|tb[ad]|wip|to be (?:written|done|added|continued)|coming soon|placeholder|"
    r"待(?:补充?|完善|更新|定|续|写|填写?)|[暂此]?略|占位|(?:此处)?(?:正文|内容|标题)|"
    r"(?:今[日天])?[暂尚]?无(?:新|重要|重大)?(?:内容|消息|新闻|资讯|更新|动态)?|"
    r"none|null|nan|n/?a|nothing(?: new)?)?\W*+",
    re.IGNORECASE,
)
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
    named = categories_of(values.get("category"))
    if named and source.categories == ():
        yield problem(Code.UNCLEAR_CATEGORY, about=", ".join(named))
    elif named and source.categories and not set(named) & set(source.categories):
        yield problem(Code.OTHER_CATEGORY, about=", ".join(named))
    if _is_unfinished(values):
        yield problem(Code.DRAFT)


def _is_unfinished(values: Mapping[str, object]) -> bool:
    """Tell whether a field speaks of a draft; a word that nobody knows may mean one, too."""
    hidden = any(_word(values, name) not in _NO | {""} for name in HIDING)
    unshown = any(_word(values, name) in _NO for name in SHOWING)
    return hidden or unshown or any(_word(values, name) not in _FINISHED | {""} for name in STATES)


def _word(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return "" if value is None else str(value).strip().lower()


def of_digest(digest: Digest, source: Source, today: date | None) -> Iterator[Problem]:
    """Judge a digest by its text and its day."""
    written = list(islice(_written(digest.items), ENOUGH))
    text = " ".join(written)
    if _is_empty_day(digest, text):
        yield problem(Code.EMPTY_DAY)
    elif len(written) <= 1 and weight(text) < STUB:
        yield problem(Code.STUB)
    elif not digest.headlines:
        yield problem(Code.NO_HEADLINE)
    if _is_foreign(digest, text, source) or _is_beside_the_point(digest, text, source):
        yield problem(Code.GARBAGE)
    if today and digest.day > today + timedelta(days=1):
        yield problem(Code.FUTURE_DAY, about=digest.day.isoformat())


def _is_foreign(digest: Digest, text: str, source: Source) -> bool:
    """Tell another script than those of the source and of the language that the file names."""
    whole = f"{digest.title} {text[:BEGINNING]}"
    named = (source.language, digest.language)
    return bool(source.language) and all(share_in(name, whole) < FOREIGN for name in named)


def _is_beside_the_point(digest: Digest, text: str, source: Source) -> bool:
    """Tell a short text that leads nowhere and names nothing that the source speaks of."""
    if not source.is_topical or any(item.topics for item in digest.items):
        return False
    return weight(text) < THIN and not any(item.url or item.links for item in digest.items)


def _written(items: Iterable[Item]) -> Iterator[str]:
    """Yield the words of stories, not those of places that are kept for them."""
    for item in items:
        text = item_text(item)
        own = "" if len(text) > LONGEST_PLACE else blocks_text(item.body) or item.title
        if not own or not _TO_BE_WRITTEN.fullmatch(own):
            yield text


def _is_empty_day(digest: Digest, text: str) -> bool:
    if len(digest.items) > 1 or weight(text) >= STUB:
        return False
    named = re.split("[:：]", digest.title)[-1]
    only_stops = not any(map(str.isalnum, named)) and "。" in named
    return only_stops or bool(_NO_NEWS.search(text)) or not text
