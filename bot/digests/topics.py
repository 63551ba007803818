"""Topics: canonical names with their aliases in several scripts, found in any text."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from itertools import accumulate
from operator import add
from pathlib import Path
from typing import NamedTuple

from bot.text.normalise import normalise

_WORD = re.compile(r"[a-z0-9]+")


class TopicsError(Exception):
    """The table of topics cannot be used; the message says what to mend."""


class Topic(NamedTuple):
    """A canonical name, its other names as written, and the wider topic it belongs to."""

    name: str
    aliases: tuple[str, ...]
    parent: str | None = None


class _Pattern(NamedTuple):
    """A normalised name and which of its ends must be the end of a word."""

    text: str
    topic: int
    closed_left: bool
    closed_right: bool
    parts: frozenset[str]


class Topics:
    """The table of topics; *digest* changes whenever the table does."""

    def __init__(self, topics: tuple[Topic, ...], digest: str = "") -> None:
        self._topics = topics
        self._by_name: dict[str, Topic] = {}
        self._patterns: dict[str, list[_Pattern]] = {}
        self.digest = digest
        for index, topic in enumerate(topics):
            for name in (topic.name, *topic.aliases):
                self._learn(name, index)

    @classmethod
    def load(cls, path: Path) -> Topics:
        """Read the table.

        Raises:
            TopicsError: the file is missing or broken, or two topics share a name.
        """
        try:
            data = path.read_bytes()
            entries = tomllib.loads(data.decode()).get("topic", [])
        except (OSError, ValueError) as error:
            raise TopicsError(f"{path}: {error}") from error
        if not isinstance(entries, list):
            raise TopicsError(f"{path}: write each topic as a [[topic]] table")
        topics = tuple(_topic(path, entry) for entry in entries)
        return cls(topics, blake2b(data, digest_size=8).hexdigest())

    @property
    def names(self) -> tuple[str, ...]:
        """All canonical names, in the table's order."""
        return tuple(topic.name for topic in self._topics)

    def find(self, text: str) -> tuple[str, ...]:
        """Name the topics of a text, in the table's order."""
        return self.find_each((text,))[0]

    def find_each(self, texts: Sequence[str]) -> list[tuple[str, ...]]:
        """Name the topics of each text; cheaper than one by one."""
        normalised = [normalise(text) for text in texts]
        whole = "\n".join(normalised)
        ends = list(accumulate(len(text) + 1 for text in normalised))
        found: list[set[int]] = [set() for _ in texts]
        for pattern in self._likely(whole):
            for place in _places(pattern, whole):
                found[bisect_right(ends, place)].add(pattern.topic)
        return [tuple(self._topics[index].name for index in sorted(indices)) for indices in found]

    def _likely(self, text: str) -> Iterator[_Pattern]:
        """Leave out the names of which some word, or pair of characters, occurs nowhere."""
        parts = frozenset(_parts(text))
        for last in parts & self._patterns.keys():
            for pattern in self._patterns[last]:
                if pattern.parts <= parts:
                    yield pattern

    def resolve(self, name: str) -> str | None:
        """Give the canonical name for any of a topic's names, however written."""
        topic = self._by_name.get(_key(name))
        return topic.name if topic else None

    def aliases(self, name: str) -> tuple[str, ...]:
        """Give all names of the topic called *name*, the canonical one first."""
        topic = self._by_name.get(_key(name))
        return (topic.name, *topic.aliases) if topic else ()

    def family(self, name: str) -> tuple[str, ...]:
        """Give a topic and those below it."""
        canonical = self.resolve(name)
        below = (topic.name for topic in self._topics if topic.parent == canonical)
        return (canonical, *below) if canonical else ()

    def _learn(self, name: str, index: int) -> None:
        owner = self._by_name.setdefault(_key(name), self._topics[index])
        if owner is not self._topics[index]:
            raise TopicsError(f"{owner.name} and {self._topics[index].name} share the name {name}")
        text = normalise(name).strip()
        if _parts(text):
            parts = _parts(text)
            ends = _is_latin(text[0]), _is_latin(text[-1])
            pattern = _Pattern(text, index, *ends, frozenset(parts))
            self._patterns.setdefault(parts[-1], []).append(pattern)


def _topic(path: Path, entry: object) -> Topic:
    match entry:
        case {"name": str(name), **rest}:
            aliases, parent = rest.get("aliases", []), rest.get("parent")
        case _:
            raise TopicsError(f"{path}: a topic has no `name`: {entry}")
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        raise TopicsError(f"{path}: the aliases of {name} are no list of texts")
    if parent is not None and not isinstance(parent, str):
        raise TopicsError(f"{path}: the parent of {name} is no text")
    return Topic(name, tuple(aliases), parent)


def _key(name: str) -> str:
    """Names are the same without case, width, blanks, hyphens and the mark of a hashtag."""
    return "".join(char for char in normalise(name) if char.isalnum() or char in "+.")


def _parts(text: str) -> list[str]:
    """Take a text apart: words of ASCII, and all else by pairs of characters."""
    dense = _WORD.sub("", text)
    return [*_WORD.findall(text), *map(add, dense, dense[1:])]


def _places(pattern: _Pattern, text: str) -> Iterator[int]:
    """Yield where a name occurs as a word of its own."""
    start = text.find(pattern.text)
    while start >= 0:
        end = start + len(pattern.text)
        left = not pattern.closed_left or start == 0 or not _is_latin(text[start - 1])
        right = not pattern.closed_right or end == len(text) or not _is_latin(text[end])
        if left and right:
            yield start
        start = text.find(pattern.text, start + 1)


def _is_latin(char: str) -> bool:
    """Tell whether words of this character's script are set apart by blanks."""
    return char.isalnum() and ord(char) < 0x2E80
