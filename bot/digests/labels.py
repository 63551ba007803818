"""Labels in an item, such as 深度解读 or 影响, and the author's comments that they introduce."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from bot.digests.inlines import Inlines, cut, plain, raw, trim
from bot.model import Block, Heading, Paragraph, Quote, Strong

_COMMENT = re.compile(
    r"(?:深度)?解读|洞察|影响|点评|短评|编者按|解析|分析|启示|意义|观点|小结|(?:実践)?ポイント|解説|考察|"
    r"insights?|analysis|impact|takeaways?|comment|opinion"
)
_SOME_COMMENT = re.compile(rf"[^a-z]*(?:{_COMMENT.pattern})")
_WHY = re.compile(r"why (it|this) matters|what (it|this) means|our take|bottom line", re.IGNORECASE)
# Most headings are told from labels by how they begin.
_BEGINNING = re.compile(rf"{_COMMENT.pattern}|[与和及]|and|why|what|our|bottom")
_FROM_WORD_TO_WORD = re.compile(r"\w(?:.*\w)?", re.DOTALL)
_JOINTS = re.compile(r"\s*(?:[&＆/、,，+与和及]|and)\s*")
_COLONS = ":："
_BULBS = ("💡", "🔍", "🧠", "📝", "👉")
_LONGEST = 14


class Labelled(NamedTuple):
    """A comment under its label."""

    label: str
    blocks: tuple[Block, ...]


def is_label(heading: str) -> bool:
    """Tell whether a heading is a label within an item rather than a title."""
    words = _trimmed(heading)
    if not _BEGINNING.match(words):
        return False
    pieces = [piece for piece in _JOINTS.split(words) if piece]
    return bool(pieces) and (all(map(_COMMENT.fullmatch, pieces)) or bool(_WHY.fullmatch(words)))


def without_labels(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Labelled, ...]]:
    """Separate a story from its comments: each runs from its label to the next one."""
    body: list[Block] = []
    comments: list[Labelled] = []
    for block in blocks:
        label, rest = _label(block)
        if label:
            comments.append(Labelled(label, rest))
        elif comments and not _is_closed(comments[-1]):
            comments[-1] = Labelled(comments[-1].label, (*comments[-1].blocks, block))
        else:
            body.append(block)
    return tuple(body), tuple(comments)


def _is_closed(comment: Labelled) -> bool:
    """A quotation is a comment of its own; what follows it is the story again."""
    return comment.label in _BULBS


def _label(block: Block) -> tuple[str, tuple[Block, ...]]:
    if isinstance(block, Paragraph):
        return _bold_label(block.children)
    match block:
        case Heading(_, children) if is_label(words := plain(children)):
            return _name(words), ()
        case Quote((Paragraph(children), *rest)):
            return _bulb(children, tuple(rest))
        case _:
            return "", ()


def _bold_label(children: Inlines) -> tuple[str, tuple[Block, ...]]:
    if not children or not isinstance(strong := children[0], Strong):
        return "", ()
    words = plain((strong,))
    if not _means_comment(words):
        return "", ()
    rest = trim(children[1:])
    if rest and words[-1:] not in _COLONS and raw(rest)[:1] not in _COLONS:
        return "", ()
    body = trim(rest, _COLONS)
    return _name(words), ((Paragraph(body),) if body else ())


def _bulb(children: Inlines, rest: tuple[Block, ...]) -> tuple[str, tuple[Block, ...]]:
    bulb = next((bulb for bulb in _BULBS if raw(children).startswith(bulb)), None)
    if bulb is None:
        return "", ()
    return bulb, (Paragraph(trim(cut(children, len(bulb))[1], "\ufe0f")), *rest)


def _means_comment(words: str) -> bool:
    words = _trimmed(words)
    return bool(_WHY.fullmatch(words)) or (len(words) <= _LONGEST and _names_comment(words))


@lru_cache(256)
def _names_comment(words: str) -> bool:
    return any(map(_SOME_COMMENT.fullmatch, _JOINTS.split(words)))


def _trimmed(words: str) -> str:
    """Drop the marks around words, and their case."""
    found = _FROM_WORD_TO_WORD.search(words)
    return found[0].lower() if found else ""


def _name(words: str) -> str:
    return words.strip(_COLONS + " ")
