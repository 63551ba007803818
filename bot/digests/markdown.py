"""markdown-it-py, made faster: each rule is tried only where it can begin.

The tokens are those of the library's own parser, which tries every rule at every line and every
mark; tests hold the two against each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.ruler import Ruler
from markdown_it.rules_core.state_core import StateCore
from markdown_it.rules_inline.state_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from bot.digests import simple_text
from bot.digests.markdown_blocks import block_rule, read_blocks, read_paragraph

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


# Where a token of running text keeps what was read of it without tokens.
SIMPLE = "simple"


def tokens(markdown: str) -> list[Token]:
    """Parse Markdown; texts next to each other are not joined, simple ones are read already."""
    return parser().parse(markdown)


class _Markdown(MarkdownIt):
    """Leaves addresses alone in which nothing needs escaping, and takes all: the tree chooses."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802  # the library's name
        """Escape what an address may not hold."""
        return url if _PLAIN_ADDRESS.fullmatch(url) else super().normalizeLink(url)

    def validateLink(self, url: str) -> bool:  # noqa: N802  # the library's name
        """Take any address: a refused one would be shown as it was typed, marks and all."""
        return True


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
    made.core.ruler.at("block", read_blocks)
    made.core.ruler.at("inline", _read_running_texts)
    made.block.ruler.at("paragraph", read_paragraph, {"alt": []})
    made.block.ruler = _OneRule(made.block.ruler, block_rule)
    made.inline.ruler = _OneRule(made.inline.ruler, _inline_rule)
    made.inline.terminator_re = _MARKS
    return made


def _inline_rule(rules: Mapping[str, _InlineRule]) -> _InlineRule:
    starts = {char for chars in _INLINE_STARTS.values() for char in chars}
    beginning = {
        char: [rules[name] for name, chars in _INLINE_STARTS.items() if char in chars]
        for char in starts
    }
    words = [rules["text"]]

    def rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # the library's form
        """Try the rules that the next character may begin."""
        return any(one(state, silent) for one in beginning.get(state.src[state.pos], words))

    return rule


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
