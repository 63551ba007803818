"""What can be found of a digest: its items, and the headlines that announce none of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from bot.model import Digest, Item
from bot.search.plain import item_text

_LONGEST_TITLE = 80


class Entry(Struct, frozen=True):
    """One story of a digest, as plain text; *key* is empty for a headline without an item."""

    key: str
    section: str
    title: str
    headline: str
    body: str
    url: str | None = None
    topics: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Give the title, or the beginning of the text where there is none."""
        return self.title or _beginning(self.body)


def entries(digest: Digest) -> tuple[Entry, ...]:
    """Give all that can be found of a digest, in order."""
    return (*_items(digest), *_lone_headlines(digest))


def entry_at(digest: Digest, place: int) -> Entry:
    """Give one of the entries without working out the others."""
    items = [(item, section.title) for section in digest.sections for item in section.items]
    if place >= len(items):
        return tuple(_lone_headlines(digest))[place - len(items)]
    return _item(*items[place], _announced(digest))


def _items(digest: Digest) -> Iterator[Entry]:
    announced = _announced(digest)
    for section in digest.sections:
        for item in section.items:
            yield _item(item, section.title, announced)


def _announced(digest: Digest) -> dict[str | None, list[str]]:
    """Give the headlines of each item that has any, by its key."""
    announced: dict[str | None, list[str]] = {}
    for headline in digest.headlines:
        announced.setdefault(headline.item, []).append(headline.text)
    return announced


def _item(item: Item, section: str, announced: Mapping[str | None, Sequence[str]]) -> Entry:
    headline = "\n".join(text for text in announced.get(item.key, ()) if text != item.title)
    return Entry(item.key, section, item.title, headline, item_text(item), item.url, item.topics)


def _lone_headlines(digest: Digest) -> Iterator[Entry]:
    keys = {item.key for item in digest.items}
    for headline in digest.headlines:
        if headline.item not in keys:
            yield Entry(key="", section="", title=headline.text, headline="", body="")


def _beginning(text: str) -> str:
    line = text.split("\n", 1)[0]
    return line if len(line) <= _LONGEST_TITLE else line[: _LONGEST_TITLE - 1].rstrip() + "…"
