"""What a source's own file, source.toml, says about it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from bot.digests.problems import Code, problem
from bot.model import Problem, Source
from bot.model.notation import parse_push_at, parse_target

NAME = "source.toml"
MAX_BYTES = 64_000
# What stands for a file that cannot be read: no text, as in one that is being written.
UNREADABLE = b""

# How the library names the key that it does not take.
_KEY = re.compile(r"`(?:\$\.)?([^`]*)`$")


class _Fields(msgspec.Struct):
    title: str = ""
    language: str = ""
    categories: tuple[str, ...] | None = None
    drop: tuple[str, ...] = ()
    targets: tuple[str, ...] | None = None
    push_at: str | None = None


_KEYS = _Fields.__struct_fields__


class Described(NamedTuple):
    """A source, and what is wrong with its file."""

    source: Source
    problem: Problem | None


def describe(name: str, data: bytes | None) -> Described:
    """Read a source's file; None where it has none; a broken or empty one is a problem."""
    if data is None:
        return Described(Source(name), None)
    if not data.strip():
        return _bad(name, "it is empty or cannot be read", "")
    try:
        loaded = tomllib.loads(data.decode("utf-8-sig"))
        if unknown := loaded.keys() - set(_KEYS):
            key = min(unknown)
            return _bad(name, f"{key} is no key; the keys are {', '.join(_KEYS)}", key)
        fields = msgspec.convert(loaded, _Fields)
    except (ValueError, RecursionError) as error:
        named = _KEY.search(str(error))
        return _bad(name, str(error), named[1] if named else "")
    for key, text, read in _notations(fields):
        try:
            read(text)
        except ValueError as error:
            return _bad(name, f"{key}: {error}", key)
    chosen = msgspec.structs.asdict(fields) | {"categories": fields.categories or None}
    return Described(Source(name, **chosen), None)


def _notations(fields: _Fields) -> Iterator[tuple[str, str, Callable[[str], object]]]:
    """Yield what is a text here and is read later, with its key and its reader."""
    if fields.push_at is not None:
        yield "push_at", fields.push_at, parse_push_at
    for target in fields.targets or ():
        yield "targets", target, parse_target


def _bad(name: str, detail: str, key: str) -> Described:
    return Described(Source(name), problem(Code.BAD_SOURCE_FILE, about=key, detail=detail))
