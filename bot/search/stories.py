"""Which items tell the same story, so that a search shows it once. Pure.

Candidates share an address, or both the least and the greatest hash of their titles' words (two
MinHashes for the price of one), as titles of nearly the same words do; whether they are the same
story is decided by all their words. When in doubt they are not: a story shown twice does less
harm than one hidden.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from bot.search.entries import Entry
from bot.search.tokens import tokens

# Raise it when other items are taken for the same story: an index of another version is rebuilt.
VERSION = 1
NEAR_DAYS = 14

_LEAD = 200
_NEARLY_ALL = 0.8
_HALF = 0.5
_SOME = 0.3
_NAME = re.compile(r"[a-z0-9+#]+")
_FORM = re.compile(r"^https?://(?:www\.|m\.)?|#.*$|(?<=[?&])utm_[^&#]*&?")


class Keys(NamedTuple):
    """By what other tellings of a story are looked up; 0 where there is nothing to go by."""

    url: int
    title: int


def keys(entry: Entry) -> Keys:
    """Work out the keys of an entry."""
    hashes = list(map(crc32, tokens(entry.name).encode().split()))
    address = _address(entry.url)
    return Keys(
        url=crc32(address.encode()) if address else 0,
        title=crc32(b"%d %d" % (min(hashes), max(hashes))) if hashes else 0,
    )


def same_story(one: Entry, other: Entry) -> bool:
    """Tell whether two entries of different digests tell the same story."""
    titles = _words(one.name), _words(other.name)
    likeness = _likeness(*titles)
    if likeness < _SOME:
        return False
    if _address(one.url) and _address(one.url) == _address(other.url):
        return True
    if likeness < _NEARLY_ALL or _names(titles[0]) != _names(titles[1]):
        return False
    return _likeness(_lead(one), _lead(other)) >= _HALF


@lru_cache(1024)
def _words(text: str) -> frozenset[str]:
    return frozenset(tokens(text).split())


def _address(url: str | None) -> str:
    """Give the page that *url* names, or nothing for a site's front page."""
    if not url:
        return ""
    address = _FORM.sub("", url).rstrip("/?&")
    return address if "/" in address else ""


def _names(words: frozenset[str]) -> set[str]:
    """Give the names and numbers, by which otherwise equal titles differ: GLM-4.6, GLM-4.7."""
    return {word for word in words if _NAME.fullmatch(word)}


def _lead(entry: Entry) -> frozenset[str]:
    return _words(f"{entry.title}\n{entry.body[:_LEAD]}")


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Give the share of words that both have (Jaccard)."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if one or other else 0.0
