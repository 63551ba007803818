"""The most common characters, of which the index keeps which stories hold them. Pure.

A single character begins thousands of pairs, whose lists FTS5 would merge for every search: for
those that stand in every tenth story or more, a list of their own is far cheaper.
"""

from __future__ import annotations

import codecs

_CHARACTERS = (
    "能动用新模态型多成发大的出开与更化推在有和提等为业是源资力可生产讯作理应人一全工行品性智"
    "上对闻实现合本中其文升技方布建将法者不高年体通务数入术机时构度重于解题自式持会级程超场分"
    "算但过向面优研具决进还前团代系设问展个支国强队要了来基从量创统据需心效主元计到标平让制架"
    "定公件手速器下规商内地台加户关这正部示核线集已以同接流美亿最万达首而"
)
COMMON = frozenset(_CHARACTERS)

# Held by every story: what a search begins with that only narrows.
EVERY = "0"


def characters(title: str, *others: str) -> str:
    """Give the common characters of a story's folded text, those of its title twice."""
    in_title = set(_common_in(title))
    anywhere = in_title.union(_common_in("".join(others)))
    return " ".join(
        [EVERY, *map(_NAMES.__getitem__, anywhere), *map(_TITLES.__getitem__, in_title)]
    )


def character(text: str, *, in_title: bool) -> str:
    """Name a common character in the index."""
    return f"1{text}" if in_title else text


def _common_in(text: str) -> bytes:
    return codecs.charmap_encode(text, "ignore", _TABLE)[0]


# A character set that has nothing but them, a byte each: so a text is looked through in C.
_TABLE = codecs.charmap_build(f"\0{_CHARACTERS}".ljust(256, "\ufffe"))
_NAMES = ["", *(character(text, in_title=False) for text in _CHARACTERS)]
_TITLES = ["", *(character(text, in_title=True) for text in _CHARACTERS)]
