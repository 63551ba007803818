"""Topics: canonical names with their aliases in several scripts, found in any text."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from bot.text.normalise import normalise

# Of names that are shorter, a number makes another one: o1, x86.
_LEAST_NUMBERED = 3
_FIELDS = frozenset({"aliases", "parent", "except"})


class TopicsError(Exception):
    """The table of topics cannot be used; the message says what to mend."""


class Topic(NamedTuple):
    """A canonical name, its other names as written, and the wider topic it belongs to.

    *exceptions* are words in which a name of it means something else; a name among them does so
    unless it is written as in the table or in capitals.
    """

    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    exceptions: tuple[str, ...] = ()


class _Name(NamedTuple):
    """A normalised name, and which of its ends must be the end of a word."""

    text: str
    topic: int
    closed_left: bool
    closed_right: bool


class Topics:
    """The table of topics; *digest* changes whenever the table does."""

    def __init__(self, topics: tuple[Topic, ...], digest: str = "") -> None:
        self._topics = topics
        self._by_name: dict[str, Topic] = {}
        self.digest = digest
        self._exceptions: dict[int, tuple[str, ...]] = {}
        self._excepted: dict[int, dict[str, _Name]] = {}
        self._spelt: dict[str, str] = {}
        self._names: list[_Name] = []
        for index, topic in enumerate(topics):
            for name in (topic.name, *topic.aliases):
                self._learn(name, index)
            if topic.exceptions:
                own = {normalise(name).strip(): name for name in (topic.name, *topic.aliases)}
                self._spelt |= own
                self._exceptions[index] = tuple(map(normalise, topic.exceptions))
                self._excepted[index] = {
                    text: _name(name, index) for text, name in own.items() if _is_name(text)
                }
        self._finder = AhoCorasick([name.text for name in self._names])

    def __reduce__(self) -> tuple[type[Topics], tuple[tuple[Topic, ...], str]]:
        """Let another process make its own: what finds names cannot be sent there."""
        return Topics, (self._topics, self.digest)

    @classmethod
    def load(cls, path: Path) -> Topics:
        """Read the table.

        Raises:
            TopicsError: the file is missing or broken, or two topics share a name.
        """
        try:
            data = path.read_bytes()
            topics = _topics(tomllib.loads(data.decode("utf-8-sig")))
            return cls(topics, blake2b(data, digest_size=8).hexdigest())
        except OSError as error:
            remedy = "name a table of topics, if only an empty file"
            raise TopicsError(f"{path}: {error.strerror}: {remedy}") from error
        except (ValueError, TopicsError) as error:
            raise TopicsError(f"{path}: {error}") from error

    def become(self, other: Topics) -> None:
        """Take over another table, for all who hold this one."""
        self.__dict__.update(other.__dict__)

    @property
    def names(self) -> tuple[str, ...]:
        """All canonical names, in the table's order."""
        return tuple(topic.name for topic in self._topics)

    def find(self, text: str) -> tuple[str, ...]:
        """Name the topics of a text, in the table's order."""
        return self.find_folded(normalise(text), text)

    def find_folded(self, text: str, written: str) -> tuple[str, ...]:
        """Name the topics of a text that is normalised already; *written* is how it was."""
        found: set[int] = set()
        for place, start, end in self._finder.find_matches_as_indexes(text, overlapping=True):
            name = self._names[place]
            if name.topic not in found and _stands_alone(name, text, start, end):
                found.add(name.topic)
        return tuple(
            self._topics[index].name
            for index in sorted(found)
            if index not in self._exceptions or self._is_meant(index, text, written)
        )

    def _is_meant(self, index: int, text: str, written: str) -> bool:
        """Tell whether a topic whose names occur is named outside its exceptions, too."""
        exceptions = [words for words in self._exceptions[index] if words in text]
        if not exceptions:
            return True
        names = dict(self._excepted[index])
        for words in exceptions:
            if words in names and not _is_written(self._spelt[words], written):
                del names[words]
            elif words not in names:
                text = text.replace(words, "\n")
        return any(_occurs(name, text) for name in names.values())

    def resolve(self, name: str) -> str | None:
        """Give the canonical name for any of a topic's names, however written."""
        topic = self._called(name)
        return topic.name if topic else None

    def aliases(self, name: str) -> tuple[str, ...]:
        """Give all names of the topic called *name*, the canonical one first."""
        topic = self._called(name)
        return (topic.name, *topic.aliases) if topic else ()

    def family(self, name: str) -> tuple[str, ...]:
        """Give a topic and those below it."""
        canonical = self.resolve(name)
        below = (topic.name for topic in self._topics if topic.parent == canonical)
        return (canonical, *below) if canonical else ()

    def _called(self, name: str) -> Topic | None:
        """A hashtag may be closed by its mark, and a name may end in it, too."""
        key = _key(name)
        return self._by_name.get(key) or self._by_name.get(key.rstrip("#"))

    def _learn(self, name: str, index: int) -> None:
        owner = self._by_name.setdefault(_key(name), self._topics[index])
        if owner is not self._topics[index]:
            raise TopicsError(f"{owner.name} and {self._topics[index].name} share the name {name}")
        one = _name(name, index)
        if _is_name(one.text):
            self._names.append(one)


def _topics(table: Mapping[str, object]) -> tuple[Topic, ...]:
    entries = table.get("topic", [])
    if unknown := table.keys() - {"topic"}:
        raise TopicsError(f"{min(unknown)} is read by nobody: write each topic under [[topic]]")
    if not isinstance(entries, list):
        raise TopicsError("topic is no list: write each topic under [[topic]]")
    topics = tuple(map(_topic, entries))
    known = {topic.name for topic in topics} | {None}
    for topic in topics:
        if topic.parent not in known:
            raise TopicsError(
                f"{topic.name} has the parent {topic.parent}, which is no topic's `name`: "
                "add that topic, or name another"
            )
    return topics


def _topic(entry: object) -> Topic:
    match entry:
        case {"name": str(name), **rest} if name.strip():
            parent = rest.get("parent")
        case _:
            raise TopicsError(f"a topic has no `name`: {entry}")
    if unknown := rest.keys() - _FIELDS:
        known = ", ".join(["name", *sorted(_FIELDS)])
        raise TopicsError(
            f"{name} has what no topic has: {min(map(str, unknown))}; a topic has {known}"
        )
    if parent is not None and not isinstance(parent, str):
        raise TopicsError(f"the parent of {name} is no text: write another topic's `name`")
    aliases, exceptions = (_texts(name, rest, field) for field in ("aliases", "except"))
    return Topic(name, aliases, parent, exceptions)


def _texts(name: str, entry: Mapping[object, object], field: str) -> tuple[str, ...]:
    found = entry.get(field, [])
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise TopicsError(f'`{field}` of {name} is no list of texts: write ["one", "another"]')
    return tuple(found)


def _name(name: str, index: int) -> _Name:
    text = normalise(name).strip()
    return _Name(text, index, _is_latin(text[:1]), _is_latin(text[-1:]))


def _is_name(text: str) -> bool:
    """A single Chinese character names nothing."""
    return len(text) > 1 or _is_latin(text)


def _key(name: str) -> str:
    """Names are the same without case, width, blanks, hyphens and the mark before a hashtag."""
    return "".join(char for char in normalise(name).lstrip("# ") if char.isalnum() or char in "+.#")


def _occurs(name: _Name, text: str) -> bool:
    """Tell whether a name occurs as a word of its own."""
    start = text.find(name.text)
    while start >= 0:
        if _stands_alone(name, text, start, start + len(name.text)):
            return True
        start = text.find(name.text, start + 1)
    return False


def _stands_alone(name: _Name, text: str, start: int, end: int) -> bool:
    """Tell whether what stands at a place is a name rather than a part of a word."""
    if name.closed_left and start and _is_latin(text[start - 1]):
        return False
    return not name.closed_right or end == len(text) or _may_follow(name.text, text[end])


def _may_follow(name: str, char: str) -> bool:
    """Tell whether a name may end before a character: a number may be glued to its letters."""
    is_numbered = char.isdigit() and len(name) >= _LEAST_NUMBERED and not name[-1].isdigit()
    return is_numbered or not _is_latin(char)


def _is_written(name: str, text: str) -> bool:
    """Tell whether a name stands in a text in its own spelling or in capitals."""
    forms = (name, name.upper())
    return any(_occurs(_Name(form, 0, closed_left=True, closed_right=True), text) for form in forms)


def _is_latin(char: str) -> bool:
    """Tell whether words of this character's script are set apart by blanks."""
    return char.isalnum() and char < "\u2e80"
