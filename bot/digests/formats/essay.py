"""Newsletters: headings over prose; paragraphs that each begin in bold are items as well."""

from __future__ import annotations

from bot.digests.inlines import plain, trim
from bot.digests.outline import Chapter, Part, Story, chapters
from bot.digests.tree import Node
from bot.model import Paragraph, Rule, Strong

_SHORTEST = 12


def matches(root: Part) -> bool:
    """Tell whether there are headings."""
    return bool(root.children)


def read(root: Part) -> tuple[Chapter, ...]:
    """Read each heading without subheadings as an item."""
    return chapters(root, _several)


def _several(part: Part) -> tuple[Story, ...] | None:
    nodes = [node for node in part.nodes if not isinstance(node.block, Rule)]
    stories = tuple(found for node in nodes if (found := _bold_story(node)))
    return stories if len(stories) == len(nodes) >= 3 else None


def _bold_story(node: Node) -> Story | None:
    match node.block:
        case Paragraph((Strong() as lead, *rest)) if len(plain((lead,))) >= _SHORTEST:
            body = trim(tuple(rest), "：:")
            return Story((lead,), (Paragraph(body),) if body else (), node.line)
        case _:
            return None
