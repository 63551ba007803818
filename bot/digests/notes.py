"""Footnotes: each goes below the first story that refers to it, as stories are read one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from typing import TypeAlias

from msgspec.structs import replace

from bot.digests.inlines import Inlines
from bot.digests.outline import Chapter, Story
from bot.digests.plain import running_texts
from bot.model import Block, Emphasis, Link, List, Paragraph, Strike, Strong, Text

Notes: TypeAlias = tuple[tuple[Block, ...], ...]

_REFERENCE = re.compile(r"\[([1-9][0-9]{0,5})\]")


def with_notes(chapters: tuple[Chapter, ...], notes: Notes) -> tuple[Chapter, ...]:
    """Put notes below their stories; those that no story refers to, below the last one."""
    if not notes or not chapters:
        return chapters
    left = set(range(1, len(notes) + 1))
    stories = [story for chapter in chapters for story in chapter.stories]
    placed = [_take(story, notes, left) for story in stories]
    placed[-1] |= left
    written = (_with(*one, notes) for one in zip(stories, placed, strict=True))
    return tuple(
        chapter._replace(stories=tuple(islice(written, len(chapter.stories))))
        for chapter in chapters
    )


def _take(story: Story, notes: Notes, left: set[int]) -> set[int]:
    """Take from *left* what a story refers to, and what those notes refer to."""
    comments = chain.from_iterable(comment.blocks for comment in story.insights)
    waiting = [(Paragraph(story.title), *story.blocks, *comments)]
    taken: set[int] = set()
    while waiting:
        found = left.intersection(_references(waiting.pop()))
        left -= found
        taken |= found
        waiting += [notes[number - 1] for number in found]
    return taken


def _references(blocks: tuple[Block, ...]) -> Iterator[int]:
    for text in running_texts(blocks):
        yield from map(int, _REFERENCE.findall("".join(_words(text))))


def _words(inlines: Inlines) -> Iterator[str]:
    for inline in inlines:
        match inline:
            case Text(text):
                yield text
            case Strong(children) | Emphasis(children) | Strike(children) | Link(_, children):
                yield from _words(children)
            case _:
                yield " "


def _with(story: Story, numbers: set[int], notes: Notes) -> Story:
    return replace(story, blocks=(*story.blocks, *_lists(numbers, notes)))


def _lists(numbers: Iterable[int], notes: Notes) -> Iterator[List]:
    """Number notes as they are referred to: a list for each run of numbers."""
    for _, run in groupby(enumerate(sorted(numbers)), lambda placed: placed[1] - placed[0]):
        chosen = [number for _, number in run]
        yield List(tuple(notes[number - 1] for number in chosen), chosen[0])
