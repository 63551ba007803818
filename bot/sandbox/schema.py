"""The table of the Bot API, and the check of a call's parameters against it."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

import msgspec

from bot.sandbox import errors
from bot.sandbox.nouns import Json

TRUE = frozenset({"true", "1", "yes", "t", "y"})
# How Telegram names a parameter that it cannot read, where it is not by its own name.
NAMES = {"reply_markup": "reply keyboard markup", "scope": "BotCommandScope"}
# server, to_integer: no number has more than 64 bits
LARGEST = 2**63 - 1
FALSE = frozenset({"false", "0", "no", "f", "n", ""})


class Schema(msgspec.Struct, frozen=True):
    """What Bot API *version* knows: the parameters of methods, the fields of objects.

    *newer* are the methods that came later.
    """

    version: str
    methods: dict[str, dict[str, str]]
    newer: tuple[str, ...]
    types: dict[str, dict[str, str]]


@cache
def schema() -> Schema:
    """Read the table, which bench/sandbox_schema.py writes."""
    data = Path(__file__).with_name("schema.json").read_bytes()
    return msgspec.json.decode(data, type=Schema)


@cache
def method_names() -> dict[str, str]:
    """Map lower case to the names of methods: Telegram takes any case (server, to_lower)."""
    return {name.lower(): name for name in (*schema().methods, *schema().newer)}


def checked(method: str, given: Json) -> Json:
    """Bring a call's parameters to their types; refuse unknown, malformed and missing ones."""
    known = schema().methods[method]
    values: Json = {}
    for name, value in given.items():
        if name not in known:
            raise errors.sandbox(
                f"{method} has no parameter {name!r} in Bot API {schema().version}"
            )
        if value is not None and (value != "" or accepts_text(known[name].removesuffix("!"))):
            values[name] = parameter(name, value, known[name].removesuffix("!"))
    return values


def parameter(name: str, value: object, kinds: str) -> object:
    """Bring one parameter to its type: texts of forms hold numbers, truths and JSON."""
    if isinstance(value, str) and not accepts_text(kinds):
        value = decoded(name, value, kinds)
    return fit(name, value, kinds)


@cache
def accepts_text(kinds: str) -> bool:
    """Tell whether text may stay text."""
    return "str" in alternatives(kinds) or "file" in alternatives(kinds)


def decoded(name: str, text: str, kinds: str) -> object:
    """Read the text of a form's field."""
    if kinds == "bool" and text.lower() in TRUE | FALSE:
        return text.lower() in TRUE
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        if kinds in ("int", "float", "bool"):
            return text
        # server, get_reply_markup and its like
        words = f"can't parse {NAMES.get(name, name.replace('_', ' '))} JSON object"
        raise errors.bad_request(words) from None


@cache
def alternatives(kinds: str) -> tuple[str, ...]:
    """Split `a|[b|c]` at its outer bars."""
    parts, depth, start = [], 0, 0
    for index, sign in enumerate(kinds):
        depth += (sign == "[") - (sign == "]")
        if sign == "|" and not depth:
            parts.append(kinds[start:index])
            start = index + 1
    return (*parts, kinds[start:])


def fit(name: str, value: object, kinds: str) -> object:
    """Check a value against the alternatives of its type."""
    choices = alternatives(kinds)
    if isinstance(value, list):
        inner = next((choice[1:-1] for choice in choices if choice[0] == "["), None)
        if inner is not None:
            return [fit(name, entry, inner) for entry in value]
    elif isinstance(value, dict):
        return fit_object(name, value, choices)
    elif any(is_scalar(value, choice) for choice in choices):
        return value
    raise errors.sandbox(f"parameter {name} must be {kinds}")


def is_number(value: object) -> TypeGuard[float]:
    """Tell numbers from truths, which Python takes for numbers too."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_scalar(value: object, kind: str) -> bool:
    """Tell whether a number, truth, text or upload is of that *kind*."""
    if kind == "int":
        return is_number(value) and isinstance(value, int) and abs(value) <= LARGEST
    if kind == "float":
        return is_number(value) and abs(value) <= sys.float_info.max
    if kind == "bool":
        return isinstance(value, bool)
    return kind in ("str", "file") and isinstance(value, str)


def fit_object(name: str, value: dict[str, Any], choices: tuple[str, ...]) -> Json:
    """Check an object's fields against the first of its types that knows them all."""
    known = [schema().types[choice] for choice in choices if choice in schema().types]
    fields = next((one for one in known if value.keys() <= one.keys()), None)
    if fields is None:
        raise errors.sandbox(
            f"parameter {name} has a field that no {'|'.join(choices)} has: {sorted(value)}"
        )
    return {
        field: fit(f"{name}.{field}", entry, fields[field].removesuffix("!"))
        for field, entry in value.items()
        if entry is not None
    }
