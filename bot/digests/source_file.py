"""What a source's own file, source.toml, says about it."""

from __future__ import annotations

import re
import tomllib
from typing import NamedTuple

import msgspec

from bot.digests.problems import Code, problem
from bot.model import Problem, Source

NAME = "source.toml"
MAX_BYTES = 64_000
# What stands for a file that cannot be read: no text, as in one that is being written.
UNREADABLE = b""

# How the library names the key that it does not take.
_KEY = re.compile(r"`(?:\$\.)?([^`]*)`$")
_PUSH_AT = re.compile(r"now|(?:[01]?\d|2[0-3]):[0-5]\d")


class _Fields(msgspec.Struct, forbid_unknown_fields=True):
    title: str = ""
    language: str = ""
    categories: tuple[str, ...] | None = None
    drop: tuple[str, ...] = ()
    targets: tuple[str, ...] | None = None
    push_at: str | None = None


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
        fields = msgspec.convert(tomllib.loads(data.decode("utf-8-sig")), _Fields)
    except (ValueError, RecursionError) as error:
        key = _KEY.search(str(error))
        return _bad(name, str(error), key[1] if key else "")
    if fields.push_at is not None and not _PUSH_AT.fullmatch(fields.push_at):
        return _bad(name, "push_at is not HH:MM or now", "push_at")
    return Described(Source(name, **msgspec.structs.asdict(fields)), None)


def _bad(name: str, detail: str, key: str) -> Described:
    return Described(Source(name), problem(Code.BAD_SOURCE_FILE, about=key, detail=detail))
