"""Topics: canonical names with their aliases in several scripts, found in any text."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from operator import add
from pathlib import Path
from typing import NamedTuple

from bot.text.normalise import normalise

# A word of a script that sets words apart by blanks.
# Its first letter stands apart: what begins with one character is looked for twice as fast.
_WORD = re.compile(r"[^\u2e80-\U0010ffff\W_][^\u2e80-\U0010ffff\W_]*+")
# A name to which a number is glued: gemini3, gpt4o.
_NUMBERED = re.compile(r"(?<![a-z0-9])[a-z]{3,}+(?=\d)")


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
        self._words: dict[str, int] = {}
        self.digest = digest
        self._exceptions: dict[int, tuple[str, ...]] = {}
        self._excepted: dict[int, dict[str, _Name]] = {}
        self._spelt: dict[str, str] = {}
        names: list[_Name] = []
        for index, topic in enumerate(topics):
            for name in (topic.name, *topic.aliases):
                self._learn(name, index, names)
            if topic.exceptions:
                own = {normalise(name).strip(): name for name in (topic.name, *topic.aliases)}
                self._spelt |= own
                self._exceptions[index] = tuple(map(normalise, topic.exceptions))
                self._excepted[index] = {
                    text: _name(name, index) for text, name in own.items() if self._is_name(text)
                }
        self._names = _by_clue(names)
        self._single = frozenset(self._words)
        self._clues = frozenset(self._names)
        self._may_be_pair = _pairs_among(self._single | self._clues)

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
        words = set(_WORD.findall(text))
        words.update(_NUMBERED.findall(" ".join(words)), self._may_be_pair.findall(text))
        found = {self._words[word] for word in self._single.intersection(words)}
        for clue in self._clues.intersection(words):
            for name in self._names[clue]:
                if name.text in text and name.topic not in found and _occurs(name, text):
                    found.add(name.topic)
        return tuple(
            self._topics[index].name
            for index in sorted(found)
            if index not in self._exceptions or self._is_meant(index, text, written)
        )

    def _is_meant(self, index: int, text: str, written: str) -> bool:
        """Tell whether a topic whose names occur is named outside its exceptions, too."""
        names = dict(self._excepted[index])
        for words in self._exceptions[index]:
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

    def _is_name(self, text: str) -> bool:
        """A single Chinese character names nothing."""
        return len(text) > 1 or text in self._words

    def _learn(self, name: str, index: int, names: list[_Name]) -> None:
        owner = self._by_name.setdefault(_key(name), self._topics[index])
        if owner is not self._topics[index]:
            raise TopicsError(f"{owner.name} and {self._topics[index].name} share the name {name}")
        one = _name(name, index)
        if _WORD.fullmatch(one.text) or _is_pair(one):
            self._words[one.text] = index
        elif self._is_name(one.text):
            names.append(one)


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


def _is_pair(name: _Name) -> bool:
    """Tell a name of two Chinese characters, which is found wherever they stand together."""
    return len(name.text) == 2 and not name.closed_left and not name.closed_right


def _key(name: str) -> str:
    """Names are the same without case, width, blanks, hyphens and the mark before a hashtag."""
    return "".join(char for char in normalise(name).lstrip("# ") if char.isalnum() or char in "+.#")


def _by_clue(names: list[_Name]) -> dict[str, list[_Name]]:
    """File each name under that word or pair of characters of it which fewest others have."""
    counts = Counter(clue for name in names for clue in _clues(name.text))
    found: dict[str, list[_Name]] = {}
    for name in names:
        clue = min(_clues(name.text), key=lambda clue: counts[clue])
        found.setdefault(clue, []).append(name)
    return found


def _clues(text: str) -> list[str]:
    """Give the pairs of Chinese characters, else the words, else any pairs."""
    pairs = list(map(add, text, text[1:]))
    return [pair for pair in pairs if min(pair) >= "\u2e80"] or _WORD.findall(text) or pairs


def _pairs_among(clues: Iterable[str]) -> re.Pattern[str]:
    """Find what may be a pair: few characters begin one, so most of a text is passed over in C."""
    pairs = [clue for clue in clues if not _WORD.fullmatch(clue)]
    first, second = ("".join({re.escape(pair[at]) for pair in pairs}) for at in (0, 1))
    # Looks at a character's next one, but goes on by one only.
    return re.compile(f"(?=([{first}][{second}]))[{first}]" if pairs else "(?!)")


def _occurs(name: _Name, text: str) -> bool:
    """Tell whether a name occurs as a word of its own."""
    start = text.find(name.text)
    while start >= 0:
        end = start + len(name.text)
        left = not name.closed_left or start == 0 or not _is_latin(text[start - 1])
        right = not name.closed_right or end == len(text) or _may_follow(text[end - 1], text[end])
        if left and right:
            return True
        start = text.find(name.text, start + 1)
    return False


def _may_follow(last: str, char: str) -> bool:
    """Tell whether a name may end before a character: a number may be glued to its letters."""
    return not _is_latin(char) or (char.isdigit() and not last.isdigit())


def _is_written(name: str, text: str) -> bool:
    """Tell whether a name stands in a text in its own spelling or in capitals."""
    forms = (name, name.upper())
    return any(_occurs(_Name(form, 0, closed_left=True, closed_right=True), text) for form in forms)


def _is_latin(char: str) -> bool:
    """Tell whether words of this character's script are set apart by blanks."""
    return char.isalnum() and char < "\u2e80"
