"""The post of a digest: what a group or a subscriber gets on its day."""

from __future__ import annotations

from bot.locale import Words
from bot.model import Button, Digest, Headline, Message, Preview
from bot.rendering.bidi import isolated
from bot.rendering.buttons import Rows, label, row, rows
from bot.rendering.buttons import button as callback_button
from bot.rendering.callbacks import Contents
from bot.rendering.hashtags import hashtags
from bot.rendering.links import Links
from bot.rendering.markup import linked
from bot.rendering.packing import pack
from bot.rendering.rich import Kind, Rich, bold, html, joined, line, wrapped
from bot.rendering.titles import short_title
from bot.rendering.urls import acceptable


def post(digest: Digest, source_title: str, w: Words, links: Links) -> tuple[Message, ...]:
    """Render the post for a group or channel: its buttons lead into the private chat."""
    read = Button(label(w("Read in full")), url=links.digest(digest.id))
    search = Button(label(w("Search")), url=links.search())
    return _messages(digest, source_title, w, links, rows([read, search]))


def personal_post(digest: Digest, source_title: str, w: Words, links: Links) -> tuple[Message, ...]:
    """Render the post for a private chat: reading goes on where the post stands."""
    read = callback_button(w("Read in full"), Contents(digest.id))
    return _messages(digest, source_title, w, links, rows(row(read)))


def headline_list(digest: Digest, links: Links, limit: int | None = None) -> Rich:
    """Render a digest's headlines as a list, each leading to its story."""
    return joined((_headline(digest, one, links) for one in digest.headlines[:limit]), "\n")


def digest_heading(digest: Digest, source_title: str, w: Words) -> Rich:
    """Say which digest it is; its title where that says more than the headlines below."""
    title = bold(short_title(digest, source_title))
    place = dateline(digest, source_title, w)
    return joined([place, title], "\n") if title.text else wrapped(place, Kind.BOLD)


def dateline(digest: Digest, source_title: str, w: Words) -> Rich:
    """Say which source a digest is of, and of which day."""
    return joined([isolated(line(source_title)), line(w.day(digest.day))], " · ")


def digest_name(digest_id: str, digest: Digest | None, source_title: str, w: Words) -> str:
    """Name a digest to admins; one that the archive no longer has goes by its id alone."""
    return f"{dateline(digest, source_title, w).text} · {digest_id}" if digest else digest_id


def _messages(
    digest: Digest, source_title: str, w: Words, links: Links, buttons: Rows
) -> tuple[Message, ...]:
    heading = digest_heading(digest, source_title, w)
    tags = line(hashtags(digest.topics))
    first, *rest = pack(joined([heading, headline_list(digest, links), tags], "\n\n"))
    cover = acceptable(digest.cover)
    top = Message(html(first), buttons, Preview(cover) if cover else None)
    return (top, *(Message(html(part)) for part in rest))


def _headline(digest: Digest, headline: Headline, links: Links) -> Rich:
    text = linked(line(headline.text), _target(digest, headline, links))
    return joined([Rich("• "), text]) if text.text else text


def _target(digest: Digest, headline: Headline, links: Links) -> str:
    """Find the story: its source, else the bot's own page of it, else the digest's."""
    item = digest.item(headline.item) if headline.item else None
    if item is None:
        return links.digest(digest.id)
    return links.story(digest.id, item.key, item.url)
