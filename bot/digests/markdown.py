"""markdown-it-py, made faster: what is simple is read without it, and only marks begin rules.

The tree that comes of it is that of the library's own parser; tests hold the two against each
other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.ruler import Ruler
from markdown_it.rules_core.state_core import StateCore
from markdown_it.rules_inline.state_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from bot.digests import simple_text
from bot.digests.markdown_blocks import SIMPLE, read_blocks, read_simple

MAX_DEPTH = 20

_InlineRule = Callable[[StateInline, bool], bool]

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
_MARKS = re.compile(r"[]\n\\`~*_[!<&]")
_PLAIN_ADDRESS = re.compile(simple_text.ADDRESS)


def tokens(markdown: str) -> list[Token]:
    """Parse Markdown, of lines that end alike; what is simple is read already."""
    return parser().parse(markdown)


class _Markdown(MarkdownIt):
    """Leaves addresses alone in which nothing needs escaping, and takes all: the tree chooses."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802  # the library's name
        """Escape what an address may not hold."""
        return url if _PLAIN_ADDRESS.fullmatch(url) else super().normalizeLink(url)

    def validateLink(self, url: str) -> bool:  # noqa: N802  # the library's name
        """Take any address: a refused one would be shown as it was typed, marks and all."""
        return True


@cache
def parser() -> MarkdownIt:
    """Make the parser, once: it keeps nothing of what it parses."""
    # Options that are not named are looked for at every entry and link.
    options = {"maxNesting": MAX_DEPTH, "tasklists": False, "store_labels": False}
    made = _Markdown("commonmark", options)
    made.enable(["table", "strikethrough"]).use(footnote_plugin, inline=False)
    made.disable(["normalize", "text_join"])
    made.core.ruler.at("block", read_blocks)
    made.core.ruler.at("inline", _read_running_texts)
    made.core.ruler.before("footnote_tail", "flat_notes", flat_notes)
    made.block.ruler.before("table", SIMPLE, read_simple)
    made.inline.ruler = _one_rule(made.inline.ruler)
    made.inline.terminator_re = _MARKS
    return made


def flat_notes(state: StateCore) -> None:
    """Make notes within a note text of it: the library would lose their ends, and its words."""
    depth = 0
    kept = []
    for token in state.tokens:
        before = depth
        if token.type.startswith("footnote_reference"):
            depth += token.nesting
        if depth == before or not min(depth, before):
            kept.append(token)
    state.tokens = kept


def _one_rule(ruler: Ruler[_InlineRule]) -> Ruler[_InlineRule]:
    """Make one rule of all: it knows which of them may begin where."""
    rules = {rule.name: rule.fn for rule in ruler.__rules__}
    starts = {char for chars in _INLINE_STARTS.values() for char in chars}
    beginning = {
        char: [rules[name] for name, chars in _INLINE_STARTS.items() if char in chars]
        for char in starts
    }
    words = [rules["text"]]

    def rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # the library's form
        """Try the rules that the next character may begin."""
        return any(one(state, silent) for one in beginning.get(state.src[state.pos], words))

    one = Ruler[_InlineRule]()
    one.push("one", rule)
    return one


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
