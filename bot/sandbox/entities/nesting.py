"""Bring entities into the only shapes that Telegram knows: nested, split, joined, sorted."""

from collections.abc import Iterable, Sequence

from bot.sandbox.entities.model import CLOSED, CONTINUOUS, QUOTES, SPLITTABLE, Entity
from bot.sandbox.entities.ordering import in_order

_SPLITTABLE = frozenset(SPLITTABLE)
_END_OF_ALL = 1 << 31
_MOST = 100


def nested(entities: Iterable[Entity]) -> list[Entity]:
    """Sort entities, without the empty ones, and resolve all that may not overlap."""
    ordered = in_order(entity for entity in entities if entity.length > 0)
    if _are_valid(ordered):
        return ordered
    return split(*_apart(ordered))


def limited(entities: list[Entity]) -> list[Entity]:
    """Keep as many entities as Telegram does; bold and its like are the first to go."""
    if len(entities) <= _MOST:
        return entities
    splittable = [entity for entity in entities if entity.kind in _SPLITTABLE]
    others: list[Entity] = []
    count = 0
    for entity in entities:
        if entity.kind == "custom_emoji":
            others.append(entity)
        elif entity.kind not in _SPLITTABLE and count < _MOST:
            others.append(entity)
            count += 1
    return split(split(splittable, [])[: _MOST - count], others)


def merged(entities: list[Entity], found: list[Entity]) -> list[Entity]:
    """Add what Telegram finds by itself wherever nothing else is."""
    if not found:
        return entities
    splittable = [entity for entity in entities if entity.kind in _SPLITTABLE]
    quotes = [entity for entity in entities if entity.kind in QUOTES]
    others = [entity for entity in entities if entity.kind not in _SPLITTABLE | QUOTES]
    others = _fill_gaps(others, _inside_quotes(found, quotes))
    return split(splittable, in_order(others + quotes))


def split(splittable: list[Entity], others: list[Entity]) -> list[Entity]:
    """Cut bold and its like at the borders of all others, joining what touches."""
    if not splittable:
        return others
    return in_order(others + _Splitter(splittable).split(others))


def _apart(ordered: list[Entity]) -> tuple[list[Entity], list[Entity]]:
    splittable = [entity for entity in ordered if entity.kind in _SPLITTABLE]
    quotes = _disjoint(entity for entity in ordered if entity.kind in QUOTES)
    others = _disjoint(entity for entity in ordered if entity.kind not in _SPLITTABLE | QUOTES)
    if quotes:
        others = in_order(_inside_quotes(others, quotes) + quotes)
    return splittable, others


def _disjoint(ordered: Iterable[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    end = 0
    for entity in ordered:
        if entity.offset >= end:
            end = entity.end
            kept.append(entity)
    return kept


def _inside_quotes(entities: list[Entity], quotes: Sequence[Entity]) -> list[Entity]:
    """Drop what crosses the border of a quote, or holds one."""
    kept: list[Entity] = []
    at = 0
    for entity in entities:
        while at < len(quotes) and quotes[at].end <= entity.offset:
            at += 1
        if at == len(quotes) or not _crosses(entity, quotes[at]):
            kept.append(entity)
    return kept


def _crosses(entity: Entity, quote: Entity) -> bool:
    return quote.end < entity.end or entity.offset < quote.offset < entity.end


def _fill_gaps(old: list[Entity], new: list[Entity]) -> list[Entity]:
    result: list[Entity] = []
    at = 0
    for entity in old:
        while at < len(new) and new[at].end <= entity.offset:
            result.append(new[at])
            at += 1
        result.append(entity)
        while at < len(new) and new[at].offset < entity.end:
            at += 1
    return result + new[at:]


def _are_valid(ordered: list[Entity]) -> bool:
    ends: dict[str, int] = {}
    stack: list[Entity] = []
    for entity in ordered:
        while stack and entity.offset >= stack[-1].end:
            stack.pop()
        if stack and not _may_be_in(entity, stack):
            return False
        if entity.kind in _SPLITTABLE:
            if ends.get(entity.kind, -1) >= entity.offset:
                return False
            ends[entity.kind] = entity.end
        stack.append(entity)
    return True


def _may_be_in(entity: Entity, stack: list[Entity]) -> bool:
    parent = stack[-1]
    kinds = {around.kind for around in stack}
    if entity.end > parent.end or parent.kind in CLOSED or entity.kind in kinds:
        return False
    if entity.kind in CLOSED and not kinds <= QUOTES:
        return False
    is_quote = entity.kind in QUOTES
    if (is_quote or entity.kind in CONTINUOUS) and kinds & CONTINUOUS:
        return False
    return not (is_quote and kinds & QUOTES) and not kinds & _SPLITTABLE


class _Splitter:
    """Go through bold, italic and so on once, from border to border of the others."""

    def __init__(self, splittable: list[Entity]) -> None:
        self._waiting = splittable[::-1]
        self._running: dict[str, tuple[int, int]] = {}
        self._result: list[Entity] = []

    def split(self, others: list[Entity]) -> list[Entity]:
        """Split at the borders of *others*; give the pieces."""
        stack: list[Entity] = []
        for other in others:
            self._advance(other.offset, stack)
            stack.append(other)
        self._advance(_END_OF_ALL, stack)
        return self._result

    def _advance(self, offset: int, stack: list[Entity]) -> None:
        while stack and offset >= stack[-1].end:
            before = len(self._result)
            self._take_until(stack[-1].end)
            if stack.pop().kind in CLOSED:
                del self._result[before:]
        self._take_until(offset)

    def _take_until(self, end: int) -> None:
        while self._waiting and self._waiting[-1].offset < end:
            self._take(self._waiting.pop())
        if self._running:
            self._flush(end)

    def _take(self, entity: Entity) -> None:
        begin, end = self._running.get(entity.kind, (0, -1))
        if entity.offset <= end:
            self._running[entity.kind] = (begin, max(end, entity.end))
            return
        self._flush(entity.offset)
        self._running[entity.kind] = (entity.offset, entity.end)

    def _flush(self, offset: int) -> None:
        for kind in SPLITTABLE:
            begin, end = self._running.get(kind, (offset, 0))
            if begin >= offset:
                continue
            self._result.append(Entity(kind, begin, min(end, offset) - begin))
            if end <= offset:
                del self._running[kind]
            else:
                self._running[kind] = (offset, end)
