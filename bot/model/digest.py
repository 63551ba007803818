"""A digest as authored, its source, and what the library thinks of its file."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from bot.model.tree import Block


class Source(Struct, frozen=True, gc=False):
    """One series of digests: a folder of the archive; the archive itself is named ``""``.

    *push_at* and *targets* are None where the settings decide. *is_topical* tells that its digests
    name topics of the table.
    """

    name: str
    title: str = ""
    language: str = ""
    categories: tuple[str, ...] | None = None
    drop: tuple[str, ...] = ()
    targets: tuple[str, ...] | None = None
    push_at: str | None = None
    is_topical: bool = False


class Insight(Struct, frozen=True, gc=False, array_like=True):
    """The author's comment on an item, apart from its body; *label* such as ``影响``."""

    label: str
    body: tuple[Block, ...]


class Item(Struct, frozen=True, gc=False, array_like=True):
    """One story.

    *key* names it within its digest and outlives corrections of its text; *title* may be empty
    for text that stands under no heading; *url* is the story's source; *links* are all further
    ones, in order; *topics* are canonical names.
    """

    key: str
    title: str
    body: tuple[Block, ...] = ()
    url: str | None = None
    links: tuple[str, ...] = ()
    insights: tuple[Insight, ...] = ()
    topics: tuple[str, ...] = ()
    line: int = 0


class Section(Struct, frozen=True, gc=False, array_like=True):
    """A titled group of items; the title is empty for what stands before the first heading."""

    title: str
    items: tuple[Item, ...]


class Origin(StrEnum):
    """Where a headline came from."""

    SUMMARY = "summary"
    HIGHLIGHTS = "highlights"
    ITEMS = "items"
    SENTENCES = "sentences"


class Headline(Struct, frozen=True, gc=False, array_like=True):
    """One summary bullet; *item* is the key of the item that it announces, where one matches."""

    text: str
    origin: Origin
    item: str | None = None


class Digest(Struct, frozen=True, gc=False, array_like=True):
    """One issue, as authored.

    *id* is stable, short and of ``[A-Za-z0-9_-]``, so that it fits into links and buttons.
    *published* is the instant that the author gave, if any; *day* is the digest's day.
    """

    id: str
    source: str
    language: str
    day: date
    title: str
    headlines: tuple[Headline, ...]
    sections: tuple[Section, ...]
    content_hash: str
    cover: str | None = None
    published: datetime | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in order."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics of all items, the most frequent first."""
        counts: dict[str, int] = {}
        for item in self.items:
            for topic in item.topics:
                counts[topic] = counts.get(topic, 0) + 1
        return tuple(sorted(counts, key=lambda topic: -counts[topic]))

    def item(self, key: str) -> Item | None:
        """Find an item by its key."""
        return next((item for item in self.items if item.key == key), None)


class Status(StrEnum):
    """What the library thinks of a file (docs/archive.md)."""

    READY = "ready"
    HELD = "held"
    SKIPPED = "skipped"
    INVALID = "invalid"


DOUBTFUL = frozenset({Status.HELD, Status.INVALID})
"""What is not pushed by itself, and admins are told of."""


class Problem(Struct, frozen=True, gc=False):
    """Something wrong with a file: a code for programs, what and the remedy for publishers.

    *about* is the value or key of the file that is meant, if one is.
    """

    code: str
    message: str
    line: int | None = None
    about: str = ""


class Report(Struct, frozen=True, gc=False):
    """What the library made of one file; *digest* is None for skipped and invalid ones.

    *path* is relative to the archive where the file lies in it.
    """

    path: str
    status: Status
    digest: Digest | None = None
    problems: tuple[Problem, ...] = ()
