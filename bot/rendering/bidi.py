"""Keeping right-to-left and left-to-right text apart where they share a line. Pure."""

from __future__ import annotations

import re

from bot.rendering.rich import Rich, joined

# First strong isolate: the direction of what is inside is its own, and does not reach outside.
ISOLATE, END = "\u2068", "\u2069"
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def has_right_to_left(text: str) -> bool:
    """Tell whether any letter runs from right to left."""
    return bool(_RIGHT_TO_LEFT.search(text))


def isolated(rich: Rich) -> Rich:
    """Set a name or title apart from the line that it is put into, where direction matters."""
    if not has_right_to_left(rich.text):
        return rich
    return joined([Rich(ISOLATE), rich, Rich(END)])
