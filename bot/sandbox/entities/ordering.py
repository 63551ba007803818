"""Sort entities in the very order of TDLib, also those that tie."""

from collections.abc import Iterable

from bot.sandbox.entities.model import PRIORITY, Entity

_SMALL = 16

_Keyed = list[tuple[tuple[int, int, int], Entity]]


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Sort by beginning, the longer first, then by kind."""
    keyed = [((entity[1], -entity[2], PRIORITY[entity[0]]), entity) for entity in entities]
    if len(keyed) > _SMALL:
        keys = [key for key, _ in keyed]
        if len(set(keys)) < len(keys) and keys != sorted(keys):
            _partition(keyed, 0, len(keyed))
    keyed.sort(key=_key)
    return [entity for _, entity in keyed]


def _key(item: tuple[tuple[int, int, int], Entity]) -> tuple[int, int, int]:
    return item[0]


def _partition(items: _Keyed, first: int, last: int) -> None:
    """Do what libstdc++'s unstable sort does to ties before its stable last pass."""
    while last - first > _SMALL:
        _median_to_front(items, first, last)
        cut = _cut(items, first, last)
        _partition(items, cut, last)
        last = cut


def _median_to_front(items: _Keyed, first: int, last: int) -> None:
    candidates = (first + 1, first + (last - first) // 2, last - 1)
    low, middle, high = (items[at][0] for at in candidates)
    if low < middle:
        chosen = 1 if middle < high else (2 if low < high else 0)
    else:
        chosen = 0 if low < high else (2 if middle < high else 1)
    at = candidates[chosen]
    items[first], items[at] = items[at], items[first]


def _cut(items: _Keyed, first: int, last: int) -> int:
    pivot = items[first][0]
    low, high = first + 1, last
    while True:
        while items[low][0] < pivot:
            low += 1
        high -= 1
        while pivot < items[high][0]:
            high -= 1
        if low >= high:
            return low
        items[low], items[high] = items[high], items[low]
        low += 1
