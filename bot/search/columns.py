"""The stories of a digest in the index's words: what its full-text tables hold of each. Pure.

Each column is made for all stories at once, as most texts are too short to be worth a call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter

from msgspec import Struct

from bot.search.common import characters_of_each
from bot.search.entries import Entry
from bot.search.expression import source_token, topic_token
from bot.search.tokens import camel_words_of_each, words_of_each
from bot.text.normalise import normalise_each

_FIELDS = ("title", "headline", "section", "body")


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
    fields = [list(map(attrgetter(name), told)) for name in _FIELDS]
    # Many stories share the name of a section.
    texts = list(dict.fromkeys(chain.from_iterable(fields)))
    each = normalise_each(texts)
    folded = dict(zip(texts, each, strict=True))
    words = dict(zip(texts, words_of_each(each), strict=True))
    titles, headlines, sections, bodies = ([words[text] for text in field] for field in fields)
    camel = camel_words_of_each([*fields[0], *map("  ".join, zip(*fields[1:], strict=True))])
    return list(
        map(
            Columns,
            map(" ".join, zip(bodies, _facets(told, source), strict=True)),
            titles,
            headlines,
            sections,
            camel,
            camel[len(told) :],
            characters_of_each(*([folded[text] for text in field] for field in fields)),
        )
    )


def _facets(told: Iterable[Entry], source: str) -> Iterator[str]:
    token = source_token(source)
    for entry in told:
        yield " ".join((token, *map(topic_token, entry.topics)))
