"""Text without headings: one item."""

from __future__ import annotations

from bot.digests.outline import Chapter, Part, untitled


def matches(root: Part) -> bool:
    """Accept whatever is left."""
    return not root.children


def read(root: Part) -> tuple[Chapter, ...]:
    """Read the whole as one item."""
    stories = untitled(root)
    return (Chapter("", stories),) if stories else ()
