"""Read the entities that a bot gives with a text."""

import re
from typing import NoReturn

from bot.sandbox.entities.borders import in_code_points
from bot.sandbox.entities.cleanup import cleaned_string
from bot.sandbox.entities.dates import date_format
from bot.sandbox.entities.links import check_link, linked_user
from bot.sandbox.entities.model import (
    CLOSED,
    CONTINUOUS,
    FOUND,
    PRE_CODE,
    QUOTES,
    SPLITTABLE,
    Entity,
    EntityError,
    is_unicode,
)
from bot.sandbox.entities.nesting import nested
from bot.sandbox.entities.numbers import strict_int64
from bot.sandbox.entities.urls import LinkError

_KINDS = (CLOSED | CONTINUOUS | QUOTES | set(SPLITTABLE)) - FOUND - {PRE_CODE}
_FARTHEST = 1_000_000
_UNCLEAN = re.compile(r"[\x00-\x1f\u200e\u200f\u2028-\u202e\u0333\u033f\u030a\ud800-\udfff]|\Atg:")


def given_entities(text: str, entities: list[dict[str, object]]) -> list[Entity]:
    """Check the entities that a bot gives and count them in code points."""
    read = [entity for given in entities if (entity := _read(given))]
    read = [_rechecked(entity) for entity in read]
    for entity in read:
        _check_range(entity)
    return in_code_points(text, nested(read))


def rechecked(entities: list[Entity]) -> list[Entity]:
    """Clean the links and languages that a parser found; they may become something else."""
    return [_rechecked(entity) if _is_unclean(entity) else entity for entity in entities]


def _is_unclean(entity: Entity) -> bool:
    argument = entity.extra.get("url") or entity.extra.get("language")
    return isinstance(argument, str) and _UNCLEAN.search(argument) is not None


def _rechecked(entity: Entity) -> Entity:
    match entity.kind:
        case "text_link":
            return _rechecked_link(entity, str(entity.extra["url"]))
        case "pre_code":
            return _rechecked_language(entity, str(entity.extra["language"]))
        case "custom_emoji" if entity.extra["custom_emoji_id"] == "0":
            raise EntityError("invalid custom emoji identifier specified")
        case "date_time" if not entity.extra["unix_time"]:
            raise EntityError("invalid date specified")
        case _:
            return entity


def _rechecked_language(entity: Entity, language: str) -> Entity:
    if not is_unicode(language):
        raise EntityError("messageEntityPreCode.language must be encoded in UTF-8")
    return entity._replace(extra={"language": cleaned_string(language)})


def _rechecked_link(entity: Entity, link: str) -> Entity:
    if not is_unicode(link):
        raise EntityError("messageEntityTextUrl.url must be encoded in UTF-8")
    link = cleaned_string(link)
    user = linked_user(link)
    if user:
        return entity._replace(kind="text_mention", extra={"user": {"id": user}})
    try:
        return entity._replace(extra={"url": check_link(link)})
    except LinkError as error:
        raise EntityError(f"entity URL '{link}' is invalid: {error}") from error


def _read(given: object) -> Entity | None:
    if not isinstance(given, dict):
        _refuse("expected an Object")
    offset = _number(given, "offset", 32)
    length = _number(given, "length", 32)
    kind = _string(given, "type")
    if not kind:
        _refuse("Type is not specified")
    if kind in FOUND:
        return None
    if kind not in _KINDS:
        _refuse("Unsupported type specified")
    if kind == "pre" and _optional_string(given, "language"):
        kind = PRE_CODE
    return Entity(kind, offset, length, _extra(kind, given))


def _extra(kind: str, given: dict[str, object]) -> dict[str, object]:
    match kind:
        case "pre_code":
            return {"language": _string(given, "language")}
        case "text_link":
            return {"url": _string(given, "url")}
        case "text_mention":
            return {"user": {"id": _user(given)}}
        case "custom_emoji":
            return {"custom_emoji_id": str(_number(given, "custom_emoji_id", 64))}
        case "date_time":
            return _moment(given)
        case _:
            return {}


def _user(given: dict[str, object]) -> int:
    if "user" not in given:
        _refuse('Can\'t find field "user"')
    user = given["user"]
    if not isinstance(user, dict):
        _refuse('Field "user" must be of type Object')
    return _number(user, "id", 64)


def _moment(given: dict[str, object]) -> dict[str, object]:
    unix_time = _number(given, "unix_time", 32)
    written = date_format(_optional_string(given, "date_time_format"))
    if written is None:
        _refuse("Invalid date-time format specified")
    return {"unix_time": max(unix_time, 0), "date_time_format": written}


def _number(given: dict[str, object], name: str, bits: int) -> int:
    if name not in given:
        _refuse(f'Can\'t find field "{name}"')
    value = given[name]
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        _refuse(f'Field "{name}" must be a Number')
    number = strict_int64(str(value))
    if number is None or not -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
        _refuse(f'Field "{name}" must be a valid Number')
    return number


def _string(given: dict[str, object], name: str) -> str:
    if name not in given:
        _refuse(f'Can\'t find field "{name}"')
    return _optional_string(given, name)


def _optional_string(given: dict[str, object], name: str) -> str:
    value = given.get(name, "")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        _refuse(f'Field "{name}" must be of type String')
    return str(value)


def _check_range(entity: Entity) -> None:
    for name, value in (("offset", entity.offset), ("length", entity.length)):
        if not 0 <= value <= _FARTHEST:
            raise EntityError(f"receive an entity with incorrect {name} {value}")


def _refuse(reason: str) -> NoReturn:
    raise EntityError(f"can't parse MessageEntity: {reason}")
