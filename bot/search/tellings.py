"""Looks up, while the index is written, which story an item tells once more."""

from __future__ import annotations

import sqlite3
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from secrets import randbits

from bot.search.days import Days
from bot.search.entries import Entry
from bot.search.schema import as_written
from bot.search.stories import NEAR_DAYS, keys, same_story

_CANDIDATES = 4
_NOTHING = 0
_KEYS_AN_ITEM = 2
# What the keys of an item take in the index.
KEYS_BYTES = _KEYS_AN_ITEM * array("I").itemsize


class Tellings:
    """The stories of some days by their keys, the newest first."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        days: Days,
        entries_of: Callable[[int], Sequence[Entry]],
    ) -> None:
        self._connection = connection
        self._entries_of = entries_of
        self._days = days
        self._near = days.span_of(NEAR_DAYS)
        self._digests: deque[tuple[int, array[int]]] = deque()
        self._by_key: dict[int, list[tuple[int, int, int]]] = {}

    def look_around(self, item: int) -> None:
        """Take in the digests of the days around an item."""
        for number, first, written in self._connection.execute(
            "SELECT number, first, keys FROM digests"
            " WHERE first BETWEEN ? AND ? ORDER BY first DESC",
            (item - self._near, item + self._near),
        ):
            with as_written():
                known = array("I", written)
            self._remember(number, first, known)

    def take(self, number: int, first: int, titles: Iterable[str]) -> bytes:
        """Join the stories of a digest to those that they tell again, and give its keys.

        *titles* are the words of their titles.
        """
        self._forget_before(first - self._near)
        told = self._entries_of(number)
        found = list(map(keys, told, titles))
        for place, entry in enumerate(told):
            other = self._other_telling(entry, found[place], first + place)
            if other is not None:
                self._join(first + place, other)
        known = array("I", [key for both in found for key in both])
        self._remember(number, first, known)
        return known.tobytes()

    def _remember(self, number: int, first: int, known: array[int]) -> None:
        self._digests.append((first, known))
        for at, key in enumerate(known):
            if key != _NOTHING:
                place = at // _KEYS_AN_ITEM
                self._by_key.setdefault(key, []).append((first + place, number, place))

    def _forget_before(self, item: int) -> None:
        while self._digests and self._digests[0][0] < item:
            for key in filter(None, self._digests.popleft()[1]):
                del self._by_key[key][0]
                if not self._by_key[key]:
                    del self._by_key[key]

    def _other_telling(self, entry: Entry, by: Sequence[int], item: int) -> int | None:
        """Find the nearest item of another digest that tells the same story."""
        for key in by:
            for other, number, place in reversed(self._by_key.get(key, ())[-_CANDIDATES:]):
                days = abs(self._days.ordinal_of(item) - self._days.ordinal_of(other))
                if same_story(entry, self._entries_of(number)[place], days):
                    return other
        return None

    def _join(self, item: int, other: int) -> None:
        query = "SELECT story FROM stories WHERE item = ?"
        row = self._connection.execute(query, (other,)).fetchone()
        # Drawn by chance: ids are used again, and two stories must never share a label.
        story = row[0] if row else randbits(62)
        self._connection.executemany(
            "INSERT OR REPLACE INTO stories (item, story) VALUES (?, ?)",
            ((item, story), (other, story)),
        )
