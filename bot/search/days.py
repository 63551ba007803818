"""How the id of an item holds its day. Pure.

The newest day has the least ids, and each day has them in its own order: so the order of ids is the
order in which people read, and that in which SQLite's lists are read fastest.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

# For an index that grows digest by digest: nobody has said yet how much a day brings.
_USUAL_BITS = 10
_LEAST_BITS = 7
_LAST_DAY = date.max.toordinal()


class DayIsFullError(Exception):
    """A day has more items than its ids have room for."""


class Days(Struct, frozen=True):
    """The ids of each day's items; the fewer bits, the smaller the lists of the index."""

    bits: int = _USUAL_BITS

    @classmethod
    def for_most(cls, items: int) -> Days:
        """Leave room for twice the items of the fullest day."""
        return cls(max(_LEAST_BITS, (2 * items).bit_length()))

    def first_item(self, day: date) -> int:
        """Give the least id of a day's items."""
        return _LAST_DAY - day.toordinal() << self.bits

    def last_item(self, day: date) -> int:
        """Give the greatest id of a day's items."""
        return self.first_item(day) + (1 << self.bits) - 1

    def ordinal_of(self, item: int) -> int:
        """Give the day of an item as an ordinal."""
        return _LAST_DAY - (item >> self.bits)

    def span_of(self, days: int) -> int:
        """Give how far apart the ids of items are that are so many days apart."""
        return days << self.bits
