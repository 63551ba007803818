"""Paragraphs that are headings in all but name: wholly bold, above a list."""

from __future__ import annotations

from bot.digests.inlines import plain, trim
from bot.digests.outline import Part
from bot.digests.tree import Node
from bot.model import List, Paragraph, Rule, Strong

_LONGEST = 140


def with_bold_headings(part: Part) -> Part:
    """Give each bold line above a list a part of its own, below its heading."""
    nodes = [node for node in part.nodes if not isinstance(node.block, Rule)]
    whole = Part(part.title, part.name, part.level, part.line)
    here = whole
    for index, node in enumerate(nodes):
        after = nodes[index + 1].block if index + 1 < len(nodes) else None
        if isinstance(after, List) and (title := _bold(node)):
            name = plain(title.children)
            here = Part(title.children, name, part.level + 1, node.line)
            whole.children.append(here)
        else:
            here.nodes.append(node)
    whole.children += [with_bold_headings(child) for child in part.children]
    return whole


def _bold(node: Node) -> Strong | None:
    if not isinstance(node.block, Paragraph):
        return None
    match trim(node.block.children, "：:"):
        case (Strong() as title,) if len(plain((title,))) <= _LONGEST:
            return title
        case _:
            return None
