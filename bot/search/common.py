"""The most common characters, of which the index keeps which stories hold them. Pure.

A single character begins thousands of pairs, whose lists FTS5 would merge for every search: for
the few that stand in every sixth story or more, a list of their own is far cheaper.
"""

from __future__ import annotations

COMMON = frozenset(
    "的能模用成型发一在与开布大人上可全生智为出新动工是力中入数和本理自个元推作年多提国行机化"
    "了内分美体合时不业下源实要这有到"
)

# Held by every story: what a search begins with that only narrows.
EVERY = "0"


def characters(title: str, *others: str) -> str:
    """Give the common characters of a story's folded text, those of its title twice."""
    everything = "".join((title, *others))
    anywhere = [text for text in COMMON if text in everything]
    in_title = [character(text, in_title=True) for text in anywhere if text in title]
    return " ".join([EVERY, *anywhere, *in_title])


def character(text: str, *, in_title: bool) -> str:
    """Name a common character in the index."""
    return f"1{text}" if in_title else text
