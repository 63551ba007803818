"""Names that outlive edits: a digest's id, an item's key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from hashlib import blake2b
from types import MappingProxyType

from msgspec.structs import replace

from bot.digests.dates import in_path
from bot.digests.plain import item_text
from bot.digests.problems import Code, added, problem
from bot.model import Digest, Report

NONE: Mapping[str, str] = MappingProxyType({})
"""Nobody holds an id yet."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [one + other for one in _LETTERS for other in _LETTERS]
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,16}")
_TIME = re.compile(r"[-_T ](?P<hour>[01]\d|2[0-3])[-_:]?(?P<minute>[0-5]\d)(?!\d)")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[-_ ](\d{1,2})$")


def digest_id(path: str, source: str, day: date) -> str:
    """Name a digest after its source, its day, and what else its file's name says.

    Nothing of other files: a digest that joins another of its day must not change its name.
    """
    return _of_day(source, day) + _edition(_rest(path))


def told_apart(
    reports: Iterable[Report],
    held: Mapping[str, str] = NONE,
    texts: Mapping[str, str] = NONE,
    twins: Mapping[str, str] = NONE,
) -> Iterator[Report]:
    """Give each digest an id of its own, and whoever holds one keeps it.

    *held* are the ids of files by their paths; *texts* those of digests by what they said, for
    files whose path is new. Of new files that claim the same id, the first gets it. What claims
    the id of another's text waits for that one, so it may come later than it came in. A second
    file of the same content is held back; *twins* are the paths of other files by what they say.
    """
    register = _Register(held, texts, twins)
    late = []
    for report in reports:
        if report.digest and (first := register.twin(report.path, report.digest)):
            report = added(report, problem(Code.DUPLICATE, about=first))
        if report.digest is None:
            yield report
        elif own := register.held_by(report.path, report.digest):
            yield _named(report, report.digest, own)
        elif register.is_promised(report.path, report.digest):
            late.append((report, report.digest))
        else:
            yield _named(report, report.digest, register.free_for(report.path, report.digest))
    for report, digest in late:
        yield _named(report, digest, register.free_for(report.path, digest))


def content_of(digest: Digest) -> str:
    """Tell digests of one source and day by all that their files say."""
    return f"{digest.source}/{digest.day}/{digest.content_hash}"


def words_of(digest: Digest) -> str:
    """Hash all that a digest says beside its front matter; another source says something else."""
    words = "\0".join([digest.source, *map(item_text, digest.items)])
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class _Register:
    """Which ids are taken, which are promised to whoever says the same, and who said what."""

    def __init__(
        self, held: Mapping[str, str], texts: Mapping[str, str], twins: Mapping[str, str]
    ) -> None:
        self._held = held
        self._texts = texts
        self._said = dict(twins)
        self._holders = {own: path for path, own in held.items()}
        self._taken = set(held.values())
        self._promised = set(texts.values()) - self._taken

    def twin(self, path: str, digest: Digest) -> str | None:
        """Give the file that says the same, if another one does: it is not sent twice."""
        holder = self._holders.get(self._texts.get(digest.content_hash, ""), path)
        if holder != path and self._held[holder].startswith(_of_day(digest.source, digest.day)):
            return holder
        first = self._said.setdefault(content_of(digest), path)
        return first if first != path else None

    def held_by(self, path: str, digest: Digest) -> str | None:
        """Give the id that a file holds by its path, else by its text.

        The copy of a file that was posted and is gone goes on as that one.
        """
        own, posted = self._held.get(path), self._texts.get(digest.content_hash)
        if own and (posted not in self._promised or own in self._texts.values()):
            return own
        if posted not in self._promised:
            posted = self._texts.get(words_of(digest)) if self._promised else None
        return self._take(posted) if posted in self._promised else None

    def is_promised(self, path: str, digest: Digest) -> bool:
        """Tell whether somebody else may come for the id that a file would get."""
        return digest_id(path, digest.source, digest.day) in self._promised

    def free_for(self, path: str, digest: Digest) -> str:
        """Give a file the first id that nobody has."""
        own = digest_id(path, digest.source, digest.day)
        if own in self._taken:
            own = f"{own}-{letters(_rest(path), 4)}"
        if own in self._taken:
            own = f"{own}{letters(path, 4)}"
        return self._take(own)

    def _take(self, own: str) -> str:
        self._taken.add(own)
        self._promised.discard(own)
        return own


def _named(report: Report, digest: Digest, own: str) -> Report:
    return replace(report, digest=replace(digest, id=own))


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
    pairs = _PAIRS[number >> 30], _PAIRS[number >> 20 & 1023], _PAIRS[number >> 10 & 1023]
    return "".join((*pairs, _PAIRS[number & 1023]))[:count]


def _of_day(source: str, day: date) -> str:
    return f"{_prefix(source)}{day:%Y%m%d}"


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
