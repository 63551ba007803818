"""The blocks of Markdown, read by markdown-it-py's rules with less work for each line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import accumulate
from operator import add
from types import MappingProxyType
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.rules_block.paragraph import paragraph
from markdown_it.rules_block.state_block import StateBlock
from markdown_it.rules_core.state_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType

_BlockRule = Callable[[StateBlock, int, int, bool], bool]
_Guard = Callable[[StateBlock, int, int], bool]

# What a block of each kind begins with, indentation aside; those not named begin with anything.
_BLOCK_STARTS = {
    "fence": "`~",
    "blockquote": ">",
    "hr": "*-_",
    "list": "*-+0123456789",
    "reference": "[",
    "footnote_def": "[",
    "html_block": "<",
    "heading": "#",
}
# How rules, entries of lists, and the lines that make headings of those above them begin.
_RULE = re.compile(r"([-*_])[ \t]*\1")
_ENTRY = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)])(?![^ \t\n])")
_DELIMITERS = re.compile(r"[|:-][|: \t-]*$")
_UNDERLINE = re.compile(r"[^\n]\n[ \t>]*(?:=+|-+)[ \t]*$", re.MULTILINE)
_UNDERLINES = "underlines"
_DEFINITIONS = "definitions"


class _Token(Token):
    """A token whose fields need not be set to have their defaults."""

    attrs = MappingProxyType[str, str | int | float]({})  # type: ignore[assignment]  # never changed in place
    map = None
    level = 0
    children = None
    content = ""
    markup = ""
    info = ""
    meta = MappingProxyType[Any, Any]({})  # type: ignore[assignment]  # likewise
    block = True
    hidden = False

    def __init__(self, type: str, tag: str, nesting: Literal[-1, 0, 1]) -> None:
        self.type = type
        self.tag = tag
        self.nesting = nesting


class _StateBlock(StateBlock):
    """Knows where lines begin and end without a look at each of their characters."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__("", md, env, tokens)
        self.src = src
        lines = src.split("\n")
        # After the last line there is none, nor is one of blanks alone.
        if not lines[-1].strip(" \t"):
            lines.pop()
        widths = [len(line) for line in lines]
        self.bMarks = [0, *accumulate(width + 1 for width in widths)]
        self.bMarks[-1] = len(src)
        self.eMarks = [*map(add, self.bMarks, widths), len(src)]
        indents = [line[: len(line) - len(line.lstrip(" \t"))] for line in lines]
        self.tShift = [*map(len, indents), 0]
        self.sCount = [*(len(indent.expandtabs(4)) for indent in indents), 0]
        self.bsCount = [0] * (len(lines) + 1)
        self.lineMax = len(lines)

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Append a token."""
        token = _Token(ttype, tag, nesting)
        if nesting < 0:
            self.level -= 1
        if self.level:
            token.level = self.level
        if nesting > 0:
            self.level += 1
        self.tokens.append(token)
        return token


def block_rule(rules: Mapping[str, _BlockRule]) -> _BlockRule:
    """Make one rule of those of a chain: it tries only what may begin at a line."""
    starts = {char for chars in _BLOCK_STARTS.values() for char in chars}
    beginning = {char: _of(rules, _BLOCK_STARTS, char) for char in starts}
    anywhere = _of(rules, _BLOCK_STARTS, "")

    def rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001
        """Try the rules that the first character of a line may begin."""
        place = state.bMarks[line] + state.tShift[line]
        char = state.src[place] if place < state.eMarks[line] else ""
        for guard, one in beginning.get(char, anywhere):
            if (guard is None or guard(state, line, end)) and one(state, line, end, silent):
                return True
        return False

    return rule


def _of(
    rules: Mapping[str, _BlockRule], starts: Mapping[str, str], char: str
) -> list[tuple[_Guard | None, _BlockRule]]:
    return [
        (_GUARDS.get(name), rule)
        for name, rule in rules.items()
        if name not in starts or (char and char in starts[name])
    ]


def _may_be_code(state: StateBlock, line: int, _: int) -> bool:
    return state.sCount[line] - state.blkIndent >= 4


def _may_be_rule(state: StateBlock, line: int, _: int) -> bool:
    return bool(_RULE.match(state.src, state.bMarks[line] + state.tShift[line]))


def _may_be_list(state: StateBlock, line: int, _: int) -> bool:
    return bool(_ENTRY.match(state.src, state.bMarks[line] + state.tShift[line]))


def _may_be_definition(state: StateBlock, _: int, __: int) -> bool:
    has_definitions: bool = state.env[_DEFINITIONS]
    return has_definitions


def _may_be_underlined(state: StateBlock, line: int, end: int) -> bool:
    has_underlines: bool = state.env[_UNDERLINES]
    return has_underlines and line + 1 < end and not state.isEmpty(line + 1)


def _may_be_table(state: StateBlock, line: int, end: int) -> bool:
    """A table's second line tells it."""
    if line + 2 > end:
        return False
    place = state.bMarks[line + 1] + state.tShift[line + 1]
    return bool(_DELIMITERS.match(state.src, place, state.eMarks[line + 1]))


_GUARDS: dict[str, _Guard] = {
    "code": _may_be_code,
    "hr": _may_be_rule,
    "list": _may_be_list,
    "reference": _may_be_definition,
    "footnote_def": _may_be_definition,
    "lheading": _may_be_underlined,
    "table": _may_be_table,
}


def read_paragraph(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Read a paragraph of one line without looking for its end."""
    if not _ends_here(state, line + 1):
        return paragraph(state, line, end, silent)
    state.line = line + 1
    state.push("paragraph_open", "p", 1).map = [line, state.line]
    text = state.push("inline", "", 0)
    text.content = mdTrim(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
    text.map = [line, state.line]
    text.children = []
    state.push("paragraph_close", "p", -1)
    return True


def _ends_here(state: StateBlock, after: int) -> bool:
    """Tell for certain that a paragraph ends above a line: no text, or the next of a list."""
    if after >= state.lineMax or state.isEmpty(after):
        return True
    outside = 0 <= state.sCount[after] < min(state.blkIndent, state.listIndent + 4)
    return outside and _may_be_list(state, after, 0)


def read_blocks(state: StateCore) -> None:
    """Read a text's blocks; their running text stays as it is."""
    state.env[_UNDERLINES] = bool(_UNDERLINE.search(state.src))
    state.env[_DEFINITIONS] = "]:" in state.src
    blocks = _StateBlock(state.src, state.md, state.env, state.tokens)
    state.md.block.tokenize(blocks, blocks.line, blocks.lineMax)
