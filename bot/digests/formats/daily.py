"""AI 日报 and its kin: sections of items with labelled comments, and bits and pieces as bullets."""

from __future__ import annotations

import re

from bot.digests.entries import entry_stories, is_list_of, is_misc
from bot.digests.labels import without_labels
from bot.digests.outline import Chapter, Part, Story, chapters
from bot.model import Link, Strong

_NEWS = re.compile(r"动态|资讯|更新|要闻|快讯|news", re.IGNORECASE)


def matches(root: Part) -> bool:
    """Tell whether any item has a labelled comment, or any section is of bits and pieces."""
    return any(is_misc(part) or without_labels(part.blocks)[1] for part in root.leaves())


def read(root: Part) -> tuple[Chapter, ...]:
    """Read each heading without subheadings as an item, and lists of news as items each."""
    return chapters(root, _several)


def _several(part: Part) -> tuple[Story, ...] | None:
    of_news = is_list_of(Link, part) or (is_list_of(Strong, part) and _NEWS.search(part.name))
    return entry_stories(part) if of_news or is_misc(part) else None
