"""Clean a parsed text as Telegram does before it is sent."""

import re
from bisect import bisect_left

from bot.sandbox.entities.model import Entity
from bot.sandbox.entities.nesting import nested
from bot.sandbox.entities.ordering import in_order

_REMOVED = "\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a"
_UNCLEAN = re.compile(r"[\x00-\x09\x0b-\x1f\u2028-\u202e\u0333\u033f\u030a]")
_REPLACED = dict.fromkeys(range(32), " ") | {10: "\n"} | dict.fromkeys(map(ord, _REMOVED))
_GONE = re.compile(f"[{_REMOVED}]")
_MARKS = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")
_INVISIBLE = re.compile(
    "[ \n\x00\t\r\v\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufffc\ufeff\xa0"
    "\U000e0000-\U000e007f]*"
)


def cleaned(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Drop what Telegram does not keep: characters, and shapes of entities."""
    result = nested(entities)
    if _UNCLEAN.search(text):
        result = nested(_moved(text, result))
    return cleaned_string(text), result


def cleaned_string(text: str) -> str:
    """Replace control characters and drop what Telegram does not keep."""
    if _UNCLEAN.search(text):
        text = text.translate(_REPLACED)
    if "\u200e" in text or "\u200f" in text:
        text = _MARKS.sub(lambda marks: "\u200c" * len(marks[0]), text)
    return text


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Cut blanks off the ends; at the beginning only up to the first entity."""
    text = text.rstrip(" \n")
    if entities and max(entity.end for entity in entities) > len(text):
        entities = _cut_to(len(text), entities)
    blanks = len(text) - len(text.lstrip(" \n"))
    cut = min(blanks, entities[0].offset) if entities else blanks
    if cut:
        entities = [entity._replace(offset=entity.offset - cut) for entity in entities]
    return text[cut:], entities


def _cut_to(length: int, entities: list[Entity]) -> list[Entity]:
    kept = (entity for entity in entities if entity.offset < length)
    return in_order(
        entity._replace(length=min(entity.length, length - entity.offset)) for entity in kept
    )


def is_invisible(text: str) -> bool:
    """Tell whether nothing of a text would be seen."""
    match = _INVISIBLE.match(text)
    return match is not None and match.end() == len(text)


def _moved(text: str, entities: list[Entity]) -> list[Entity]:
    """Shift entities to where they are once the removed characters are gone."""
    gone = [match.start() for match in _GONE.finditer(text)]
    if not gone:
        return entities
    moved = []
    for entity in entities:
        offset = entity.offset - bisect_left(gone, entity.offset)
        end = entity.end - bisect_left(gone, entity.end)
        moved.append(entity._replace(offset=offset, length=end - offset))
    return moved
