"""What some days were about: the stories that several digests tell, then those announced."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from itertools import count

from msgspec import Struct

from bot.model import Digest, Status
from bot.search.frame import Frame

_DIGESTS = (
    "SELECT number, first, count, body FROM digests JOIN bodies USING (number)"
    " WHERE day BETWEEN ? AND ? AND status = ? ORDER BY first"
)

# Later than any headline.
SILENT = 1 << 30


class _Telling(Struct, frozen=True):
    """One item of a story; *headline* is the place of the one that announces it, if any does."""

    item: int
    digest: int
    headline: int | None


def roundup(
    connection: sqlite3.Connection, frame: Frame, first: date, last: date
) -> list[tuple[int, ...]]:
    """Give the stories of the days, each as the ids of its items, the newest telling first.

    What most digests tell comes first. A story that one digest tells is given only if a headline
    announces it: the first headlines of all days, then the second ones, and so on.
    """
    stories: dict[int, list[_Telling]] = {}
    for story, telling in _tellings(connection, frame, first, last):
        stories.setdefault(story, []).append(telling)
    kept = [story for story in stories.values() if _count(story) > 1 or _place(story) < SILENT]

    def rank(story: list[_Telling]) -> tuple[int, int, int]:
        """Order stories by tellings, then by place, then by age."""
        return -_count(story), _place(story), story[0].item

    return [tuple(telling.item for telling in story) for story in sorted(kept, key=rank)]


def _tellings(
    connection: sqlite3.Connection, frame: Frame, first: date, last: date
) -> Iterator[tuple[int, _Telling]]:
    days = (first.isoformat(), last.isoformat(), Status.READY)
    for number, begin, size, body in connection.execute(_DIGESTS, days):
        announced = _announced(frame.packing.reread(body))
        for place in range(size):
            item = begin + place
            yield frame.labels.get(item, item), _Telling(item, number, announced.get(place))


def _announced(digest: Digest) -> dict[int, int]:
    """Give the place of the headline of each entry that has one, by the entry's own place."""
    places = {item.key: at for at, item in enumerate(digest.items)}
    lone = count(len(places))
    found: dict[int, int] = {}
    for at, headline in enumerate(digest.headlines):
        key = headline.item
        found.setdefault(places[key] if key in places else next(lone), at)
    return found


def _count(story: list[_Telling]) -> int:
    return len({telling.digest for telling in story})


def _place(story: list[_Telling]) -> int:
    return min((one.headline for one in story if one.headline is not None), default=SILENT)
