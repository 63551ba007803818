"""What is asked for, understood. Pure."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from bot.search.phrases import Part, Phrase


class Topics(Protocol):
    """What search needs to know of the topic table."""

    @property
    def digest(self) -> str:
        """Change whenever the table changes."""

    @property
    def names(self) -> tuple[str, ...]:
        """Give all canonical names."""

    def find(self, text: str) -> tuple[str, ...]:
        """Name the topics of a text."""

    def resolve(self, name: str) -> str | None:
        """Find the topic that has this name or alias."""

    def aliases(self, name: str) -> tuple[str, ...]:
        """Give all names of a topic, the canonical one first."""

    def family(self, name: str) -> tuple[str, ...]:
        """Give a topic and those below it."""


class Term(Struct, frozen=True):
    """One word as typed: all of its parts must occur, or else one of the *aliases*.

    Where one of several is enough, it may be *topics* instead, of which one is enough.
    """

    text: str
    parts: tuple[Part, ...] = ()
    aliases: tuple[Part, ...] = ()
    topics: tuple[str, ...] = ()


class SourceName(Struct, frozen=True):
    """The name of a source, or how it begins."""

    text: str
    is_whole: bool = False


class Query(Struct, frozen=True):
    """A query, understood: of each clause one term is enough; *aliases* name all words at once.

    *topics* are families, of each of which one topic is enough; of *sources* one is enough, too.
    """

    clauses: tuple[tuple[Term, ...], ...] = ()
    aliases: tuple[Part, ...] = ()
    excluded: tuple[Term, ...] = ()
    topics: tuple[tuple[str, ...], ...] = ()
    excluded_topics: tuple[tuple[str, ...], ...] = ()
    sources: tuple[SourceName, ...] = ()
    excluded_sources: tuple[SourceName, ...] = ()
    since: date | None = None
    until: date | None = None
    in_title: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is asked for."""
        return self == Query()

    @property
    def as_typed(self) -> Query:
        """Ask for the words alone that were typed, not for their translations."""
        clauses = (tuple(replace(term, aliases=()) for term in each) for each in self.clauses)
        return replace(self, clauses=tuple(clauses), aliases=())

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """Give all that may be marked where it is found, each once."""
        terms = [term for clause in self.clauses for term in clause]
        parts = [part for term in terms for part in (*term.parts, *term.aliases)]
        return tuple(dict.fromkeys(chain(*parts, *self.aliases)))
