"""Frequent names that no topic covers, so that an operator's table can grow."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from bot.digests.plain import item_text
from bot.digests.topics import Topics
from bot.model import Digest

# Words with a capital, none the rest of iPhone or 3.5 Pro; what stands in the marks of a title.
_NAME = re.compile(
    r"(?<![A-Za-z0-9])(?<!\.\d )[A-Z][A-Za-z0-9+-]+(?: (?:[A-Z][A-Za-z0-9+-]*|\d[\w.]*))*"
    r"|(?<=[《「])[^《》「」\s]{2,12}(?=[》」])"
)
_WORD = re.compile(r"\b[a-z]{2,}\b")
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9+-]*s?|SaaS|PaaS")
_SHORTEST = 3


def uncovered(
    digests: Iterable[Digest], topics: Topics, *, items: int = 3, days: int = 2
) -> list[tuple[str, int]]:
    """Name what so many items of so many days speak of and no topic covers, most frequent first.

    Abbreviations are no names, nor are words that also occur in small letters or behind the name
    of a topic, as Pro does.
    """
    found: defaultdict[str, list[date]] = defaultdict(list)
    words: set[str] = set()
    for digest in digests:
        for text in map(item_text, digest.items):
            words.update(_WORD.findall(text))
            for name in set(_NAME.findall(text)):
                found[name].append(digest.day)
    words.update(word for name in found if " " in name for word in _behind(name, topics))
    frequent = [
        (name, len(told))
        for name, told in found.items()
        if len(told) >= items and len(set(told)) >= days
    ]
    frequent.sort(key=lambda one: -one[1])
    return [one for one in frequent if _is_name(one[0], words) and not topics.find(one[0])]


def _behind(name: str, topics: Topics) -> list[str]:
    first, *others = name.lower().split()
    return others if topics.find(first) else []


def _is_name(name: str, words: set[str]) -> bool:
    if _ABBREVIATION.fullmatch(name) or (name.isascii() and len(name) < _SHORTEST):
        return False
    return not words.issuperset(name.lower().split())
