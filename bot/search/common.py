"""The most common characters, of which the index keeps which stories hold them. Pure.

A single character begins thousands of pairs, whose lists FTS5 would merge for every search: for
those that stand in every tenth story or more, a list of their own is far cheaper.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence

_CHARACTERS = (
    "能动用新模态型多成发大的出开与更化推在有和提等为业是源资力可生产讯作理应人一全工行品性智"
    "上对闻实现合本中其文升技方布建将法者不高年体通务数入术机时构度重于解题自式持会级程超场分"
    "算但过向面优研具决进还前团代系设问展个支国强队要了来基从量创统据需心效主元计到标平让制架"
    "定公件手速器下规商内地台加户关这正部示核线集已以同接流美亿最万达首而"
)
COMMON = frozenset(_CHARACTERS)

# Held by every story: what a search begins with that only narrows.
EVERY = "0"
_IN_TITLE = "1"


def characters_of_each(titles: Sequence[str], *others: Sequence[str]) -> list[str]:
    """Give the common characters of each story's folded texts, those of its title twice.

    Each is named as often as it stands there: to name it once takes longer than to index it again.
    """
    anywhere = _apart(map("".join, zip(titles, *others, strict=True)))
    both = zip(anywhere, _apart(titles, _IN_TITLE), strict=True)
    return [f"{EVERY} {held} {in_title}" for held, in_title in both]


def character(text: str, *, in_title: bool) -> str:
    """Name a common character in the index."""
    return f"{_IN_TITLE}{text}" if in_title else text


def _apart(texts: Iterable[str], before: str = "") -> list[str]:
    """Write only the common characters of each text, apart and with something *before* each."""
    codes, _ = codecs.charmap_encode(_END.join(texts), "ignore", _TABLE)
    end = f"{before}{_END} "
    written = bytearray(map(_WRITTEN.index, end)) * len(codes)
    written[len(before) :: len(end)] = codes
    return codecs.charmap_decode(written, "strict", _WRITTEN)[0].split(end)


# A character set that has nothing but them, a byte each: so a text is looked through in C.
_END = "\0"
_TABLE = codecs.charmap_build(f"{_END}{_CHARACTERS}".ljust(256, "\ufffe"))
_WRITTEN = f"{_END}{_CHARACTERS} {_IN_TITLE}"
