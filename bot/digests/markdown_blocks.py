"""The blocks of Markdown: simple ones are read as they stand, all others by markdown-it."""

from __future__ import annotations

from itertools import accumulate
from operator import add

from markdown_it import MarkdownIt
from markdown_it.rules_block.state_block import StateBlock
from markdown_it.rules_core.state_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType

from bot.digests import simple_blocks
from bot.digests.simple_blocks import Simple

# The token of simple blocks, and where it and those of simple text keep what was read.
SIMPLE = "simple"


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
        widened = (indent.expandtabs(4) for indent in indents) if "\t" in src else indents
        self.sCount = [*map(len, widened), 0]
        self.bsCount = [0] * (len(lines) + 1)
        self.lineMax = len(lines)


def read_blocks(state: StateCore) -> None:
    """Read a text's blocks; the running text of those that are not simple stays as it is."""
    blocks = _StateBlock(state.src, state.md, state.env, state.tokens)
    state.md.block.tokenize(blocks, blocks.line, blocks.lineMax)


def read_simple(state: StateBlock, line: int, _: int, __: bool) -> bool:  # noqa: FBT001
    """Read as many simple blocks as follow one another, where none is open around them."""
    found: list[tuple[int, Simple]] = []
    while not state.level and (simple := simple_blocks.read(state.src, state.bMarks[line])):
        found.append((line, simple))
        state.line = line + simple.height
        line = state.skipEmptyLines(state.line)
    if found:
        state.push(SIMPLE, "", 0).meta = {SIMPLE: found}
    return bool(found)
