"""What prevails in a source: its category and its language, from the heads of its files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from bot.digests.scripts import language_of
from bot.digests.topics import Topics
from bot.model import Source

SAMPLE = 64
HEAD = 3_000

# A list in YAML's form begins on the next line.
_CATEGORY = re.compile(
    r"^category[ \t]*[:=](?:[ \t]*\n[ \t]*-)?[ \t]*(\S.*)$", re.MULTILINE | re.IGNORECASE
)
_LANGUAGE = re.compile(
    r"^lang(?:uage)?[ \t]*[:=][ \t]*[\"']?([A-Za-z-]{2,10})[\"']?[ \t]*$", re.MULTILINE
)
# What digests of the day are called, among other things that lie in the same folder.
_DAILY = re.compile(
    r"[日早晚周週月]报|日報|早報|晚報|简报|簡報|快讯|快訊|资讯|速递|新闻|新聞|ニュース|日刊|뉴스|новост|"
    r"\b(?:daily|digest|news|newsletter|briefing|roundup)\b",
    re.IGNORECASE,
)
_PREVAILS = 0.6
_RULES = 0.8
_BY_FAR = 0.9
_FEWEST = 3
_MANY = 10
# Of a source of so many files, so many are asked for the table's topics.
_MANY_FILES = 10
_ASKED = 3


def sample(names: Sequence[str]) -> list[str]:
    """Choose some, evenly spread."""
    step = max(1, len(names) // SAMPLE)
    return list(names[::step][:SAMPLE])


def completed(source: Source, heads: Sequence[str]) -> Source:
    """Complete what a source does not say itself by what prevails in its files.

    No category at all, where files have several, means that nobody knows which the digests are.
    """
    if source.categories is None:
        counts = Counter(name for head in heads for name in categories_of(_category(head)))
        source = replace(source, categories=_digests(counts, len(heads)))
    if not source.language:
        source = replace(source, language=_prevailing(map(_language, heads), _RULES))
    return source


def are_topical(heads: Sequence[str], topics: Topics) -> bool:
    """Tell whether a source of many files speaks of the table's topics; all but one of a few do."""
    if len(heads) < _MANY_FILES:
        return False
    some = heads[:: len(heads) // _ASKED]
    return sum(map(bool, map(topics.find, some))) >= len(some) - 1


def categories_of(value: object) -> tuple[str, ...]:
    """Give the categories that a field names: one, or a list in YAML's form or as text."""
    if isinstance(value, list):
        return tuple(str(name).strip() for name in value)
    text = "" if value is None else str(value)
    names = text.strip("[] ").split(",") if text.startswith("[") else [text]
    return tuple(name for part in names if (name := part.strip(" -\"'")))


def _digests(counts: Counter[str], files: int) -> tuple[str, ...] | None:
    """Choose the categories of digests: by far the most, else what is named so, else most."""
    most = counts.most_common(1)[0] if counts else ("", 0)
    if counts.total() >= _MANY and most[1] >= _BY_FAR * counts.total():
        return (most[0],)
    if daily := tuple(name for name in sorted(counts) if _DAILY.search(name)):
        return daily
    if len(counts) < 2 or counts.total() * 2 < files:
        return (most[0],) if most[1] >= _FEWEST else None
    return (most[0],) if most[1] >= max(_FEWEST, _PREVAILS * counts.total()) else ()


def _prevailing(values: Iterable[str], share: float) -> str:
    """Give the value of most of those that have one, where it is clear."""
    counts = Counter(value for value in values if value)
    if counts.total() < _FEWEST:
        return ""
    value, count = counts.most_common(1)[0]
    return value if count >= share * counts.total() else ""


def _category(head: str) -> str:
    found = _CATEGORY.search(head)
    return found[1].strip() if found else ""


def _language(head: str) -> str:
    found = _LANGUAGE.search(head)
    return found[1] if found else language_of(head)
