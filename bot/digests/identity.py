"""Names that outlive edits: a digest's id, an item's key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from hashlib import blake2b

from msgspec.structs import replace

from bot.digests.dates import in_path
from bot.model import Digest, Report

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,16}")
_TIME = re.compile(r"[-_T ](?P<hour>[01]\d|2[0-3])[-_:]?(?P<minute>[0-5]\d)(?!\d)")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[-_ ](\d{1,2})$")


def digest_id(path: str, source: str, day: date) -> str:
    """Name a digest after its source, its day, and what else its file's name says.

    Nothing of other files: a digest that joins another of its day must not change its name.
    """
    return f"{_prefix(source)}{day:%Y%m%d}{_edition(_rest(path))}"


def told_apart(reports: Iterable[Report]) -> Iterator[Report]:
    """Make ids unique also where names say the same: the first keeps its id, others get letters.

    The reports come in order of their paths. The result depends on the paths and days alone,
    whatever ids the reports came with, so any set that holds all digests of the days concerned
    gives the same ids as the whole archive.
    """
    taken: set[str] = set()
    for report in reports:
        if report.digest:
            own = _free_id(report.path, report.digest, taken)
            taken.add(own)
            yield replace(report, digest=replace(report.digest, id=own))
        else:
            yield report


def _free_id(path: str, digest: Digest, taken: set[str]) -> str:
    own = digest_id(path, digest.source, digest.day)
    if own not in taken:
        return own
    told = f"{own}-{letters(_rest(path), 4)}"
    return told if told not in taken else f"{told}{letters(path, 4)}"


def item_keys(names: Iterable[str]) -> list[str]:
    """Give each item a short key from what names it; equal names get a number."""
    counts: dict[str, int] = {}
    keys = []
    for name in names:
        key = letters(name, 6)
        counts[key] = counts.get(key, 0) + 1
        keys.append(key if counts[key] == 1 else f"{key}{counts[key]}")
    return keys


def letters(text: str, count: int) -> str:
    """Hash a text to a few letters and digits, eight at most, that are safe in links."""
    data = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).digest()
    number = int.from_bytes(data[:5], "big")
    return "".join([_LETTERS[number >> place & 31] for place in range(35, 35 - 5 * count, -5)])


def _prefix(source: str) -> str:
    if not source:
        return ""
    return f"{source if _SLUG.fullmatch(source) else letters(source, 6)}-"


def _rest(path: str) -> str:
    """Give what a file's name says beside its day."""
    stem = path.rpartition("/")[2].rpartition(".")[0]
    named = in_path(path)
    return named.rest if named else stem


def _edition(rest: str) -> str:
    """Tell a digest from others of its day: by time, by number, else by letters of its name."""
    if time := _TIME.match(rest):
        return f"-{time['hour']}{time['minute']}"
    if number := _NUMBER.search(rest):
        return f"-{int(number[1])}"
    name = _WORD.findall(rest)
    return f"-{letters(' '.join(name), 4)}" if name else ""
