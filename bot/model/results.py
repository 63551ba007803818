"""What the index is told and what it answers."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from bot.model.digest import Status


class Stamp(Struct, frozen=True, gc=False):
    """By what a changed file is recognised without reading it."""

    path: str
    size: int
    mtime_ns: int


class DigestHead(Struct, frozen=True, gc=False):
    """What lists of digests show."""

    id: str
    source: str
    day: date
    published: datetime | None
    title: str
    status: Status


class Also(Struct, frozen=True, gc=False):
    """Where else a story stands."""

    digest_id: str
    source: str
    day: date
    item_key: str


class Hit(Struct, frozen=True, gc=False):
    """One story that was found.

    *item_key* is empty for a headline that announces no item of its digest. *title* is the
    item's, or the beginning of its text where it has none. *snippet* is runs of the original
    text, each with whether it matched. *also_on* are the same story's other places.
    """

    digest_id: str
    source: str
    day: date
    digest_title: str
    section: str
    item_key: str
    title: str
    url: str | None
    snippet: tuple[tuple[str, bool], ...]
    topics: tuple[str, ...]
    also_on: tuple[Also, ...] = ()


class Results(Struct, frozen=True, gc=False):
    """A page of hits.

    *total* counts the stories; where *more* is set there are more than that. *suggestions* are
    queries that do find something, given only where this one finds nothing. *topics* are carried
    by some of the first stories, on whichever page; those of most stories come first, for a topic
    those that go with it most. *newest* is the last day on which any of the stories was told.
    """

    total: int
    hits: tuple[Hit, ...] = ()
    suggestions: tuple[str, ...] = ()
    more: bool = False
    topics: tuple[str, ...] = ()
    newest: date | None = None
