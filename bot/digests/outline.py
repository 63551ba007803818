"""The headings of a body as a tree of parts, and its way back to chapters of stories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from bot.digests.inlines import Inlines, plain
from bot.digests.labels import Labelled, is_label, without_labels
from bot.digests.tree import Node
from bot.model import Block, Heading, List, Rule


@dataclass
class Part:
    """A heading with what stands below it; the whole body is the part without a title.

    *name* are the title's words.
    """

    title: Inlines = ()
    name: str = ""
    level: int = 0
    line: int = 0
    nodes: list[Node] = field(default_factory=list)
    children: list[Part] = field(default_factory=list)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The part's own blocks, above its first subheading; rules only separate."""
        return tuple(node.block for node in self.nodes if not isinstance(node.block, Rule))

    def leaves(self) -> Iterator[Part]:
        """Yield the parts without subheadings, in order."""
        for child in self.children:
            if child.children:
                yield from child.leaves()
            else:
                yield child


class Story(Struct, frozen=True):
    """A story as it stands in the body: what becomes an item."""

    title: Inlines
    blocks: tuple[Block, ...]
    line: int
    insights: tuple[Labelled, ...] = ()
    url: str | None = None


class Chapter(NamedTuple):
    """Stories under one title: what becomes a section."""

    title: str
    stories: tuple[Story, ...]


# What a part is beside a single story: several, or None where it is a single one.
Several = Callable[[Part], tuple[Story, ...] | None]


def outline(nodes: Iterable[Node]) -> Part:
    """Arrange a body by its headings; a heading that only labels is no heading here."""
    root = Part()
    path = [root]
    for node in nodes:
        block = node.block
        if not isinstance(block, Heading) or is_label(name := plain(block.children)):
            path[-1].nodes.append(node)
            continue
        while path[-1].level >= block.level:
            path.pop()
        part = Part(block.children, name, block.level, node.line)
        path[-1].children.append(part)
        path.append(part)
    return root


def story(part: Part) -> Story:
    """Make one story of a part's own text."""
    blocks, insights = without_labels(part.blocks)
    return Story(part.title, blocks, part.line or _first_line(part), insights)


def untitled(part: Part) -> tuple[Story, ...]:
    """Make a story without a title of what stands between a heading and its first subheading."""
    blocks, insights = without_labels(part.blocks)
    return (Story((), blocks, _first_line(part), insights),) if blocks or insights else ()


def chapters(root: Part, several: Several) -> tuple[Chapter, ...]:
    """Read parts with subheadings as sections, parts without as stories or, if so, several."""
    writer = _Writer(several)
    writer.write(root, ())
    return writer.chapters


class _Writer:
    """Collects stories into chapters, so that the title of each heading is shown once."""

    def __init__(self, several: Several) -> None:
        self._several = several
        self._shown: set[int] = set()
        self._chapters: list[tuple[Part, str, list[Story]]] = []

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """Give what was written."""
        return tuple(Chapter(title, tuple(stories)) for _, title, stories in self._chapters)

    def write(self, part: Part, above: tuple[Part, ...]) -> None:
        """Write a part: a section where it has subheadings or several stories, else a story."""
        own = self._several(part)
        here = (*above, part)
        if own is None and not part.children and above:
            self._add(above, (story(part),))
        else:
            self._add(here, untitled(part) if own is None else own)
        for child in part.children:
            self.write(child, here)

    def _add(self, path: tuple[Part, ...], stories: tuple[Story, ...]) -> None:
        if not stories:
            return
        part = path[-1]
        if not self._chapters or self._chapters[-1][0] is not part:
            self._chapters.append((part, self._title(path), []))
        self._chapters[-1][2].extend(stories)

    def _title(self, path: tuple[Part, ...]) -> str:
        fresh = [part for part in path[:-1] if part.title and id(part) not in self._shown]
        self._shown.update(id(part) for part in path)
        return " › ".join(part.name for part in (*fresh, path[-1]) if part.name)


def list_share(parts: Iterable[Part]) -> float:
    """Tell how much of what stands under headings stands in lists, by blocks."""
    blocks = [block for part in parts for block in part.blocks]
    entries = sum(len(block.entries) for block in blocks if isinstance(block, List))
    others = sum(not isinstance(block, List) for block in blocks)
    return entries / (entries + others) if blocks else 0.0


def _first_line(part: Part) -> int:
    return part.nodes[0].line if part.nodes else part.line
