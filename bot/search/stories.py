"""Which items tell the same story, so that a search shows it once. Pure.

Candidates share an address, or both the least and the greatest of their titles' words in the order
of characters, as titles of nearly the same words do (the least is mostly a number or a name, which
must be the same anyway); whether they are the same story is decided by all their words. When in
doubt they are not: a story shown twice does less harm than one hidden.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from bot.search.entries import Entry
from bot.search.tokens import tokens
from bot.text.normalise import normalise

# Raise it when other items are taken for the same story: an index of another version is rebuilt.
VERSION = 4
NEAR_DAYS = 14
_FEW_DAYS = 3
_SEVERAL = 2

_LEAD = 200
_NEARLY_ALL = 0.8
_HALF = 0.5
_SOME = 0.3
_NAME = re.compile(r"[a-z]+[+#]*|[0-9]+")
_BEGINNING = re.compile(r"(?:https?://(?:www\.|m\.)?)?")
_TRACKING = re.compile(r"(?<=[?&])utm_[^&]*&?")


class Keys(NamedTuple):
    """By what other tellings of a story are looked up; 0 where there is nothing to go by."""

    url: int
    title: int


def keys(entry: Entry, title: str) -> Keys:
    """Work out the keys of an entry; *title* are the words of its title, if it has one."""
    words = title.split() or tokens(entry.name).split()
    ends = f"{min(words)} {max(words)}" if words else ""
    return Keys(_hash(_address(entry.url)), _hash(ends))


def _hash(text: str) -> int:
    return crc32(text.encode())


def same_story(one: Entry, other: Entry, days_apart: int) -> bool:
    """Tell whether two entries of different digests tell the same story."""
    if _address(one.url) and _address(one.url) == _address(other.url):
        return _likeness(_words(one.name), _words(other.name)) >= _SOME
    if _names(one.name) != _names(other.name):
        return False
    if days_apart <= _FEW_DAYS and _is_of_the_same_names(one, other):
        return True
    if _likeness(_words(one.name), _words(other.name)) < _NEARLY_ALL:
        return False
    return _likeness(_lead(one), _lead(other)) >= _HALF


def _is_of_the_same_names(one: Entry, other: Entry) -> bool:
    """Tell whether titles of several names say the same of them, whatever their texts say."""
    names = _names(one.name)
    said, again = (_words(entry.name) - names for entry in (one, other))
    return len(names) >= _SEVERAL and _likeness(said, again) >= _HALF


@lru_cache(1024)
def _words(text: str) -> frozenset[str]:
    return frozenset(tokens(text).split())


def _address(url: str | None) -> str:
    """Give the page that *url* names, or nothing for a site's front page."""
    if not url:
        return ""
    page, _, _ = _BEGINNING.sub("", url, 1).partition("#")
    address = (_TRACKING.sub("", page) if "utm_" in page else page).rstrip("/?&")
    return address if "/" in address else ""


@lru_cache(1024)
def _names(text: str) -> frozenset[str]:
    """Give the names and numbers, by which otherwise equal titles differ: GLM-4.6, GLM-4.7."""
    return frozenset(_NAME.findall(normalise(text)))


def _lead(entry: Entry) -> frozenset[str]:
    return _words(f"{entry.title}\n{entry.body[:_LEAD]}")


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Give the share of words that both have (Jaccard)."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if one or other else 0.0
