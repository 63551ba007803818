"""markdown-it-py, made faster: each rule is tried only where it can begin.

The tokens are those of the library's own parser, which tries every rule at every line and every
mark; tests hold the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import accumulate
from operator import add
from types import MappingProxyType
from typing import Any, Literal

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.ruler import Ruler
from markdown_it.rules_block.paragraph import paragraph
from markdown_it.rules_block.state_block import StateBlock
from markdown_it.rules_core.state_core import StateCore
from markdown_it.rules_inline.state_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.footnote import footnote_plugin

from bot.digests import simple_text

MAX_DEPTH = 20

_BlockRule = Callable[[StateBlock, int, int, bool], bool]
_InlineRule = Callable[[StateInline, bool], bool]
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
# What each kind of markup within a line begins with; the closing bracket only ends a link's text.
_INLINE_STARTS = {
    "newline": "\n",
    "escape": "\\",
    "backticks": "`",
    "strikethrough": "~",
    "emphasis": "*_",
    "link": "[",
    "image": "!",
    "footnote_ref": "[",
    "autolink": "<",
    "html_inline": "<",
    "entity": "&",
}
# How rules, entries of lists, and the lines that make headings of those above them begin.
_RULE = re.compile(r"([-*_])[ \t]*\1")
_ENTRY = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)])(?![^ \t\n])")
_DELIMITERS = re.compile(r"[|:-][|: \t-]*$")
_UNDERLINE = re.compile(r"[^\n]\n[ \t>]*(?:=+|-+)[ \t]*$", re.MULTILINE)
_UNDERLINES = "underlines"
_DEFINITIONS = "definitions"
_MARKS = re.compile(r"[]\n\\`~*_[!<&]")
_PLAIN_ADDRESS = re.compile(simple_text.ADDRESS)


# Where a token of running text keeps what was read of it without tokens.
SIMPLE = "simple"


def tokens(markdown: str) -> list[Token]:
    """Parse Markdown; texts next to each other are not joined, simple ones are read already."""
    return parser().parse(markdown)


class _Markdown(MarkdownIt):
    """Leaves addresses alone in which nothing needs escaping."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802  # the library's name
        """Escape what an address may not hold."""
        return url if _PLAIN_ADDRESS.fullmatch(url) else super().normalizeLink(url)


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


class _OneRule(Ruler[Any]):
    """In every chain one rule stands for all: it knows which of them may begin where."""

    def __init__(self, rules: Ruler[Any], unite: Callable[[Mapping[str, Any]], Any]) -> None:
        super().__init__()
        self.__rules__ = rules.__rules__
        self._names = {rule.fn: rule.name for rule in rules.__rules__}
        self._united = cache(lambda chain: [unite(self._named(chain))])

    def getRules(self, chainName: str = "") -> list[Any]:  # noqa: N802, N803  # the library's names
        """Give the one rule of a chain."""
        united: list[Any] = self._united(chainName)
        return united

    def _named(self, chain: str) -> Mapping[str, Any]:
        return {self._names[rule]: rule for rule in super().getRules(chain)}


@cache
def parser() -> MarkdownIt:
    """Make the parser, once: it keeps nothing of what it parses."""
    # Options that are not named are looked for at every entry and link.
    options = {"maxNesting": MAX_DEPTH, "tasklists": False, "store_labels": False}
    made = _Markdown("commonmark", options)
    made.enable(["table", "strikethrough"]).use(footnote_plugin, inline=False)
    made.disable("text_join")
    made.core.ruler.at("block", _read_blocks)
    made.core.ruler.at("inline", _read_running_texts)
    made.block.ruler.at("paragraph", _paragraph, {"alt": []})
    made.block.ruler = _OneRule(made.block.ruler, _block_rule)
    made.inline.ruler = _OneRule(made.inline.ruler, _inline_rule)
    made.inline.terminator_re = _MARKS
    return made


def _block_rule(rules: Mapping[str, _BlockRule]) -> _BlockRule:
    starts = {char for chars in _BLOCK_STARTS.values() for char in chars}
    beginning = {char: _of(rules, _BLOCK_STARTS, char) for char in starts}
    anywhere = _of(rules, _BLOCK_STARTS, "")

    def rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001
        place = state.bMarks[line] + state.tShift[line]
        char = state.src[place] if place < state.eMarks[line] else ""
        for guard, one in beginning.get(char, anywhere):
            if (guard is None or guard(state, line, end)) and one(state, line, end, silent):
                return True
        return False

    return rule


def _inline_rule(rules: Mapping[str, _InlineRule]) -> _InlineRule:
    starts = {char for chars in _INLINE_STARTS.values() for char in chars}
    beginning = {
        char: [rules[name] for name, chars in _INLINE_STARTS.items() if char in chars]
        for char in starts
    }
    words = [rules["text"]]

    def rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # the library's form
        return any(one(state, silent) for one in beginning.get(state.src[state.pos], words))

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


def _paragraph(state: StateBlock, line: int, end: int, silent: bool) -> bool:  # noqa: FBT001
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


def _read_blocks(state: StateCore) -> None:
    state.env[_UNDERLINES] = bool(_UNDERLINE.search(state.src))
    state.env[_DEFINITIONS] = "]:" in state.src
    blocks = _StateBlock(state.src, state.md, state.env, state.tokens)
    state.md.block.tokenize(blocks, blocks.line, blocks.lineMax)


def _read_running_texts(state: StateCore) -> None:
    for token in state.tokens:
        if token.type != "inline":
            continue
        found = simple_text.read(token.content)
        if found is None:
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        else:
            token.meta = {SIMPLE: found}
