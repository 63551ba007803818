"""Headings, rules, paragraphs and flat lists of simple text, which most of a digest is.

What it reads, it reads as markdown-it does, in a small part of the time; tests hold the two
against each other. Whatever could mean anything else is left to markdown-it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it.common.utils import mdTrim
from msgspec import Struct

from bot.digests.inlines import Inlines
from bot.digests.simple_text import LINE, LINE_BREAK, inlines
from bot.model import Block, Heading, List, Paragraph, Rule

_BLANK = r"\n[ \t]*+(?=\n|\Z)"
_NUMBER = r"[0-9]{1,9}[.)](?![^ \t\n])"
_MARK = rf"[-+*](?![^ \t\n])|{_NUMBER}"
# Simple text that begins as nothing else does: heading, quote, entry, underline, row of a table.
_WORDS = rf"(?![\s#>=:|+-]|{_NUMBER}){LINE}"
_PARAGRAPH = (
    rf"{_WORDS}(?>(?:{LINE_BREAK}{_WORDS})*)(?={_BLANK}|\n(?:#{{1,6}}|[-+*])[ \t]++[^ \t\n]|\Z)"
)
# A bar may make it the first row of a table, and marks at its end are none of its words.
_HEADING = rf"#{{1,6}}[ \t]++(?![^\n]*[#|]){LINE}$"
_RULE = r"(?:-{3,}+|\*{3,}+|_{3,}+)[ \t]*+$"
# Entries of one kind and one line each, below which nothing may belong to the last of them.
_LIST = (
    rf"([0-9]{{1,9}}+)?((?(2)[.)]|[-+*])) {{1,4}}{_WORDS}"
    rf"(?>(?:(?>(?:{_BLANK})*)\n(?(2)[0-9]{{1,9}})\3 {{1,4}}{_WORDS})*)"
    rf"(?=(?>(?:{_BLANK})*)(?:\Z|\n#{{1,6}}[ \t])|(?>(?:{_BLANK})+)\n(?![ \t]|{_MARK}))"
)
_BLOCK = re.compile(
    rf"(?P<list>{_LIST})|(?P<heading>{_HEADING})|(?P<rule>{_RULE})|(?P<paragraph>{_PARAGRAPH})",
    re.MULTILINE,
)


class Simple(Struct, frozen=True):
    """A block, the number of its lines, and on which of them a list's entries begin."""

    block: Block
    height: int
    entries: tuple[int, ...] = ()


def read(markdown: str, start: int) -> Simple | None:
    """Read the block at a place where none is open; None where it is not simple."""
    found = _BLOCK.match(markdown, start)
    return _READERS[str(found.lastgroup)](found.group()) if found else None


def _heading(text: str) -> Simple:
    title = text.lstrip("#")
    return Simple(Heading(len(text) - len(title), _inlines(title)), 1)


def _rule(_: str) -> Simple:
    return Simple(Rule(), 1)


def _paragraph(text: str) -> Simple:
    return Simple(Paragraph(_inlines(text)), text.count("\n") + 1)


def _list(text: str) -> Simple:
    lines = text.split("\n")
    places = tuple([place for place, line in enumerate(lines) if line.strip()])
    words = [lines[place].split(" ", 1)[1] for place in places]
    entries = tuple([(Paragraph(_inlines(entry)),) for entry in words])
    number = lines[0].split(" ", 1)[0][:-1]
    return Simple(List(entries, int(number) if number else None), len(lines), places)


def _inlines(text: str) -> Inlines:
    return inlines(mdTrim(text))


_READERS: dict[str, Callable[[str], Simple]] = {
    "heading": _heading,
    "rule": _rule,
    "paragraph": _paragraph,
    "list": _list,
}
