"""Topics: canonical names with their aliases in several scripts, found in any text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from bot.text.normalise import normalise

# A word of a script that sets words apart by blanks.
_WORD = re.compile(r"[^\W_\u2e80-\U0010ffff]+")
_PAIR = re.compile(r"[\W_\u2e80-\U0010ffff]{2}")


class TopicsError(Exception):
    """The table of topics cannot be used; the message says what to mend."""


class Topic(NamedTuple):
    """A canonical name, its other names as written, and the wider topic it belongs to."""

    name: str
    aliases: tuple[str, ...]
    parent: str | None = None


class _Name(NamedTuple):
    """A normalised name that is not one word, and which of its ends must be the end of a word."""

    text: str
    topic: int
    closed_left: bool
    closed_right: bool
    words: frozenset[str]


class Topics:
    """The table of topics; *digest* changes whenever the table does."""

    def __init__(self, topics: tuple[Topic, ...], digest: str = "") -> None:
        self._topics = topics
        self._by_name: dict[str, Topic] = {}
        self._words: dict[str, int] = {}
        self._names: dict[str, list[_Name]] = {}
        self.digest = digest
        for index, topic in enumerate(topics):
            for name in (topic.name, *topic.aliases):
                self._learn(name, index)
        self._pairs = _pairs(clue for clue in self._names if not _WORD.match(clue))

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

    def become(self, other: Topics) -> None:
        """Take over another table, for all who hold this one."""
        self.__dict__.update(other.__dict__)

    @property
    def names(self) -> tuple[str, ...]:
        """All canonical names, in the table's order."""
        return tuple(topic.name for topic in self._topics)

    def find(self, text: str) -> tuple[str, ...]:
        """Name the topics of a text, in the table's order."""
        return self.find_folded(normalise(text))

    def find_folded(self, text: str) -> tuple[str, ...]:
        """Name the topics of a text that is normalised already."""
        words = set(_WORD.findall(text))
        found = {self._words[word] for word in words & self._words.keys()}
        found.update(name.topic for name in self._likely(words, text) if _occurs(name, text))
        return tuple(self._topics[index].name for index in sorted(found))

    def _likely(self, words: set[str], text: str) -> Iterator[_Name]:
        """Leave out the names of which a word or a pair of other characters is absent."""
        pairs = {first + second for first, second in self._pairs.findall(text)}
        for clue in (words | pairs) & self._names.keys():
            yield from (name for name in self._names[clue] if name.words <= words)

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
        if _WORD.fullmatch(text):
            self._words[text] = index
        elif len(text) > 1:
            ends = _is_latin(text[0]), _is_latin(text[-1])
            one = _Name(text, index, *ends, frozenset(_WORD.findall(text)))
            self._names.setdefault(_clue(text), []).append(one)


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


def _clue(text: str) -> str:
    """Give a pair of characters that are in no word, which few texts have, else a word."""
    pair = _PAIR.search(text)
    return pair[0] if pair else max(_WORD.findall(text), key=len)


def _pairs(clues: Iterable[str]) -> re.Pattern[str]:
    """Find the pairs of characters that may be clues, those within one another, too."""
    pairs = list(clues)
    first, second = (re.escape("".join(sorted({pair[i] for pair in pairs}))) for i in (0, 1))
    return re.compile(f"([{first}])(?=([{second}]))") if pairs else re.compile("(?!)()()")


def _occurs(name: _Name, text: str) -> bool:
    """Tell whether a name occurs as a word of its own."""
    start = text.find(name.text)
    while start >= 0:
        end = start + len(name.text)
        left = not name.closed_left or start == 0 or not _is_latin(text[start - 1])
        right = not name.closed_right or end == len(text) or not _is_latin(text[end])
        if left and right:
            return True
        start = text.find(name.text, start + 1)
    return False


def _is_latin(char: str) -> bool:
    """Tell whether words of this character's script are set apart by blanks."""
    return char.isalnum() and ord(char) < 0x2E80
