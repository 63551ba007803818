"""What sections and stories are called, also where their author gave no title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.locale import Words
from bot.model import Block, Digest, Heading, Item, List, Paragraph, Quote
from bot.rendering.markup import block
from bot.rendering.rich import line

# A full stop inside 3.5 or example.com ends nothing.
_LABELLED_DAY = re.compile(r"[^:：]+[:：] ?\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}[\d日 :：T.。]*")
_SENTENCE_END = re.compile(r"[。！？][”’」』）]*|[.!?](?=\s)")


def item_name(item: Item, w: Words) -> str:
    """Name a story in one line."""
    return line(item.title).text or first_sentence(item) or w("Untitled")


def section_name(digest: Digest, section: int, w: Words) -> str:
    """Name a section in one line; one without a title opens the digest, or goes on with it."""
    title = line(digest.sections[section].title).text
    if not title and len(digest.sections) == 1:
        title = line(digest.title).text
    return title or (w("More") if section else w("Opening"))


def first_sentence(item: Item) -> str:
    """Give the beginning of a story's running text.

    A table or code says nothing in one line, and a label with a day no more than the day.
    """
    texts = (line(block(one).text).text for one in _running(item.body))
    text = next((text for text in texts if text and not _LABELLED_DAY.fullmatch(text)), "")
    end = _SENTENCE_END.search(text)
    return text[: end.end()] if end else text


def _running(blocks: Iterable[Block]) -> Iterator[Block]:
    for one in blocks:
        match one:
            case Paragraph() | Heading():
                yield one
            case Quote(children):
                yield from _running(children)
            case List(entries):
                yield from _running(inner for entry in entries for inner in entry)
            case _:
                continue
