"""One story in full, and what a reader can do with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.locale import Words
from bot.model import Button, Digest, Item
from bot.rendering.bidi import isolated
from bot.rendering.buttons import button, grid, label, row
from bot.rendering.callbacks import Topic
from bot.rendering.links import Links
from bot.rendering.markup import blocks, insight, linked
from bot.rendering.names import item_name
from bot.rendering.rich import Kind, Rich, bold, joined, line, plain, wrapped
from bot.rendering.urls import MAX_URL, acceptable, host
from bot.text.units import shorten

MAX_TOPICS = 6
TOPICS_A_ROW = 3
MAX_SECTION = 100
MAX_SHARED = 100


def story(item: Item, section: str, day: date, w: Words) -> Rich:
    """Write a story: where it stands, its title, text, insights and sources."""
    place = [isolated(line(shorten(section, MAX_SECTION))), line(w.short_day(day))]
    head = joined([joined(place, " · "), linked(bold(item.title), item.url)], "\n")
    insights = (insight(one) for one in item.insights)
    return joined([head, blocks(item.body), *insights, _sources(item, w)], "\n\n")


def story_buttons(
    digest: Digest, item: Item, w: Words, links: Links, keep: Button | None
) -> Iterator[tuple[Button, ...]]:
    """Offer the story's topics, to share it, and to *keep* it."""
    topics = (button(f"#{name}", Topic(name)) for name in item.topics[:MAX_TOPICS])
    yield from grid(topics, TOPICS_A_ROW)
    yield row(keep, Button(label(w("Share")), url=_share(digest, item, w, links)))


def _share(digest: Digest, item: Item, w: Words, links: Links) -> str:
    """Share the story's source, else the bot's own page of it."""
    title = shorten(item_name(item, w), MAX_SHARED)
    source = acceptable(item.url)
    here = links.share(links.item(digest.id, item.key), title)
    shared = links.share(source, title) if source else here
    return shared if len(shared) <= MAX_URL else here


def _sources(item: Item, w: Words) -> Rich:
    """List all addresses of a story by their sites; its title has the first one too."""
    urls = dict.fromkeys(filter(None, map(acceptable, (item.url, *item.links))))
    sites = joined((isolated(wrapped(line(host(url)), Kind.LINK, url)) for url in urls), " · ")
    return joined([plain(w("Sources: ")), sites]) if sites.text else sites
