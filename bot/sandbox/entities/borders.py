"""Find where the borders of given entities lie in a text."""

from typing import NoReturn

from bot.sandbox.entities.model import Entity, EntityError, byte_offset


def in_code_points(text: str, entities: list[Entity]) -> list[Entity]:
    """Count entities given in UTF-16 units in code points; they may not split any."""
    at = {0: 0}
    units = 0
    for index, character in enumerate(text, 1):
        units += 1 + (character > "\uffff")
        at[units] = index
    if any(entity.offset not in at or entity.end not in at for entity in entities):
        _refuse_borders(text, entities)
    return [
        entity._replace(offset=at[entity.offset], length=at[entity.end] - at[entity.offset])
        for entity in entities
    ]


def _refuse_borders(text: str, entities: list[Entity]) -> NoReturn:
    """Name the first border that Telegram stumbles over on its way through the text."""
    waiting, opened, units = list(entities), list[Entity](), 0
    for position in range(len(text) + 1):
        while opened and units >= opened[-1].end:
            _check_end(opened.pop(), units, text, position)
        while waiting and units >= waiting[0].offset:
            if units != waiting[0].offset:
                at = byte_offset(text, position)
                raise EntityError(
                    f"entity begins in a middle of a UTF-16 symbol at byte offset {at}"
                )
            opened.append(waiting.pop(0))
        units += 1 + (text[position : position + 1] > "\uffff")
    if waiting:
        raise EntityError(
            f"entity begins after the end of the text at UTF-16 offset {waiting[0].offset}"
        )
    last = opened[-1]
    raise EntityError(
        f"entity beginning at UTF-16 offset {last.offset} ends after the end of the text "
        f"at UTF-16 offset {last.end}"
    )


def _check_end(entity: Entity, units: int, text: str, position: int) -> None:
    if units != entity.end:
        raise EntityError(
            f"entity beginning at UTF-16 offset {entity.offset} ends in a middle of a UTF-16 "
            f"symbol at byte offset {byte_offset(text, position)}"
        )
