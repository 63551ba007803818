"""Digests that are lists: headings, or bold lines, over entries that are the items."""

from __future__ import annotations

from bot.digests.entries import entry_stories
from bot.digests.outline import Chapter, Part, Story, chapters, list_share
from bot.digests.pseudo_headings import with_bold_headings


def matches(root: Part) -> bool:
    """Tell whether most of the text stands in lists."""
    return list_share((root, *root.leaves())) > 0.5


def read(root: Part) -> tuple[Chapter, ...]:
    """Read each entry as an item."""
    return chapters(with_bold_headings(root), _several)


def _several(part: Part) -> tuple[Story, ...] | None:
    return entry_stories(part) if list_share((part,)) >= 0.5 else None
