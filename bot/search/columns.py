"""The stories of a digest in the index's words: what its full-text tables hold of each. Pure.

Each column is made for all stories at once, as most texts are too short to be worth a call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from bot.search.common import characters_of_each
from bot.search.entries import Entry
from bot.search.expression import source_token, topic_token
from bot.search.tokens import camel_words_of_each, words_of_each
from bot.text.normalise import normalise_each


class Columns(Struct, frozen=True):
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
    texts = [text for one in told for text in (one.title, one.headline, one.section, one.body)]
    folded = normalise_each(texts)
    words = words_of_each(folded)
    others = ("  ".join((one.headline, one.section, one.body)) for one in told)
    camel = camel_words_of_each([*(one.title for one in told), *others])
    return list(
        map(
            Columns,
            map(" ".join, zip(words[3::4], _facets(told, source), strict=True)),
            words[::4],
            words[1::4],
            words[2::4],
            camel,
            camel[len(told) :],
            characters_of_each(folded[::4], folded[1::4], folded[2::4], folded[3::4]),
        )
    )


def _facets(told: Iterable[Entry], source: str) -> Iterator[str]:
    token = source_token(source)
    for entry in told:
        yield " ".join((token, *map(topic_token, entry.topics)))
