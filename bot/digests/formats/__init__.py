"""The formats of digests that real publishers write, each tried in order.

A format is a module with ``matches(root)`` and ``read(root)``; adding one is a file here, a line
below, and its fixtures in tests/fixtures/digests.
"""

from __future__ import annotations

from typing import Protocol

from bot.digests.formats import daily, essay, listing, plain_text, reading_hub
from bot.digests.outline import Chapter, Part


class Format(Protocol):
    """What each module of this package offers."""

    def matches(self, root: Part, /) -> bool:
        """Tell whether a body is written this way."""

    def read(self, root: Part, /) -> tuple[Chapter, ...]:
        """Read a body that is."""


FORMATS: tuple[Format, ...] = (
    reading_hub,  # short items, each with a link that says "read the original"
    daily,  # sections of items with labelled comments, and a section of bullets
    listing,  # headings over lists whose entries are the items
    essay,  # headings over prose
    plain_text,  # no headings at all
)


def read(root: Part, tried: tuple[Format, ...] = FORMATS) -> tuple[Chapter, ...]:
    """Read a body by the first format that it matches."""
    return next(chosen for chosen in tried if chosen.matches(root)).read(root)
