"""How the id of an item holds its day, so that the order of ids is the order of time. Pure."""

from __future__ import annotations

from datetime import date

# More items than that in a day would run into the next one's ids.
DAY_BITS = 14


def first_item(day: date) -> int:
    """Give the least id of a day's items."""
    return day.toordinal() << DAY_BITS


def last_item(day: date) -> int:
    """Give the greatest id of a day's items."""
    return (day.toordinal() + 1 << DAY_BITS) - 1


def ordinal_of(item: int) -> int:
    """Give the day of an item as an ordinal."""
    return item >> DAY_BITS
