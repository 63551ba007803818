"""Which items tell the same story, so that a search shows it once. Pure.

Candidates share an address, or both the least and the greatest hash of their titles' words (two
MinHashes for the price of one), as titles of nearly the same words do; whether they are the same
story is decided by all their words. When in doubt they are not: a story shown twice does less
harm than one hidden.
"""

from __future__ import annotations

import re
from zlib import crc32

from msgspec import Struct

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


class Keys(Struct, frozen=True):
    """By what other tellings of a story are looked up; None where there is nothing to go by."""

    url: int | None
    title: int | None


def keys(entry: Entry) -> Keys:
    """Work out the keys of an entry."""
    hashes = list(map(crc32, map(str.encode, set(tokens(entry.name).split()))))
    address = _address(entry.url)
    return Keys(
        url=crc32(address.encode()) if address else None,
        title=crc32(f"{min(hashes)} {max(hashes)}".encode()) if hashes else None,
    )


def same_story(one: Entry, other: Entry) -> bool:
    """Tell whether two entries of different digests tell the same story."""
    titles = set(tokens(one.name).split()), set(tokens(other.name).split())
    likeness = _likeness(*titles)
    if _address(one.url) and _address(one.url) == _address(other.url):
        return likeness >= _SOME
    if likeness < _NEARLY_ALL or _names(titles[0]) != _names(titles[1]):
        return False
    return _likeness(_lead(one), _lead(other)) >= _HALF


def _address(url: str | None) -> str:
    """Give the page that *url* names, or nothing for a site's front page."""
    address = _FORM.sub("", url or "").rstrip("/?&")
    return address if "/" in address else ""


def _names(words: set[str]) -> set[str]:
    """Give the names and numbers, by which otherwise equal titles differ: GLM-4.6, GLM-4.7."""
    return {word for word in words if _NAME.fullmatch(word)}


def _lead(entry: Entry) -> set[str]:
    return set(tokens(f"{entry.title}\n{entry.body[:_LEAD]}").split())


def _likeness(one: set[str], other: set[str]) -> float:
    """Give the share of words that both have (Jaccard)."""
    return len(one & other) / len(one | other) if one or other else 0.0
