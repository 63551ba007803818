"""The stories of a digest in the index's words: what its full-text tables hold of each. Pure.

Each column is made for all stories at once, as most texts are too short to be worth a call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bot.search.common import characters
from bot.search.entries import Entry
from bot.search.expression import source_token, topic_token
from bot.search.tokens import camel_parts, tokens_of_each
from bot.text.normalise import normalise


class Columns(NamedTuple):
    """An entry in the index's words, a column each, and its common characters."""

    body: str
    title: str
    headline: str
    section: str
    title_camel: str
    camel: str
    characters: str


def columns(told: Sequence[Entry], source: str) -> list[Columns]:
    """Give the columns of each entry of a source."""
    titles = _folded(entry.title for entry in told)
    headlines = _folded(entry.headline for entry in told)
    sections = _folded(entry.section for entry in told)
    bodies = _folded(entry.body for entry in told)
    others = [" \n ".join((entry.headline, entry.section, entry.body)) for entry in told]
    return list(
        map(
            Columns,
            map(" ".join, zip(tokens_of_each(bodies), _facets(told, source), strict=True)),
            tokens_of_each(titles),
            tokens_of_each(headlines),
            tokens_of_each(sections),
            tokens_of_each([camel_parts(entry.title) for entry in told]),
            tokens_of_each(list(map(camel_parts, others))),
            map(characters, titles, headlines, sections, bodies),
        )
    )


def _folded(texts: Iterable[str]) -> list[str]:
    return list(map(normalise, texts))


def _facets(told: Iterable[Entry], source: str) -> Iterator[str]:
    token = source_token(source)
    for entry in told:
        yield " ".join((token, *map(topic_token, entry.topics)))
