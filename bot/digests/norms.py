"""What prevails in a source: its category and its language, from the heads of its files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from bot.digests.scripts import language_of
from bot.model import Source

SAMPLE = 64
HEAD = 3_000

_CATEGORY = re.compile(r"^category\s*[:=]\s*(.+?)\s*$", re.MULTILINE | re.IGNORECASE)
_LANGUAGE = re.compile(r"^lang(?:uage)?\s*[:=]\s*[\"']?([A-Za-z-]{2,10})[\"']?\s*$", re.MULTILINE)
_PREVAILS = 0.6
_RULES = 0.8
_FEWEST = 3


def sample(names: Sequence[str]) -> list[str]:
    """Choose some, evenly spread."""
    step = max(1, len(names) // SAMPLE)
    return list(names[::step][:SAMPLE])


def completed(source: Source, heads: Iterable[str]) -> Source:
    """Complete what a source does not say itself by what prevails in its files."""
    heads = list(heads)
    if source.categories is None:
        category = _prevailing((_category(head) for head in heads), _PREVAILS)
        source = replace(source, categories=(category,) if category else None)
    if not source.language:
        source = replace(source, language=_prevailing(map(_language, heads), _RULES))
    return source


def _prevailing(values: Iterable[str], share: float) -> str:
    """Give the value of most of those that have one, where it is clear."""
    counts = Counter(value for value in values if value)
    if counts.total() < _FEWEST:
        return ""
    value, count = counts.most_common(1)[0]
    return value if count >= share * counts.total() else ""


def _category(head: str) -> str:
    found = _CATEGORY.search(head)
    return found[1].strip("\"' ") if found else ""


def _language(head: str) -> str:
    found = _LANGUAGE.search(head)
    return found[1] if found else language_of(head)
