"""What rendering needs to know of search results, whoever found them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol


class Place(Protocol):
    """Where else a story stands."""

    @property
    def day(self) -> date:
        """Its day."""


class Hit(Protocol):
    """A story that was found."""

    @property
    def digest_id(self) -> str:
        """Its digest."""

    @property
    def source(self) -> str:
        """The digest's source."""

    @property
    def day(self) -> date:
        """The digest's day."""

    @property
    def item_key(self) -> str:
        """Its name in the digest; empty where only a headline tells of it."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def url(self) -> str | None:
        """Its own source."""

    @property
    def snippet(self) -> Iterable[tuple[str, bool]]:
        """Runs of its text, and whether they matched."""

    @property
    def topics(self) -> Sequence[str]:
        """Its topics."""

    @property
    def also_on(self) -> Sequence[Place]:
        """Where else it stands."""


class Results(Protocol):
    """One page of what was found."""

    @property
    def total(self) -> int:
        """How many stories there are."""

    @property
    def more(self) -> bool:
        """Whether there are more than that."""

    @property
    def hits(self) -> Sequence[Hit]:
        """The stories of the page."""

    @property
    def suggestions(self) -> Sequence[str]:
        """What to look for instead."""
