"""What is offered to someone who types ``@bot words`` in any chat, and what they then send."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from bot.locale import Words
from bot.model import Button, Hit, Message, Preview, Results
from bot.rendering.bidi import isolated
from bot.rendering.buttons import label, rows
from bot.rendering.links import Links
from bot.rendering.packing import pack
from bot.rendering.results import story_count, story_line, story_places, story_snippet
from bot.rendering.rich import html, joined, line
from bot.rendering.urls import acceptable
from bot.text.units import shorten

OFFERS_A_PAGE = 20
"""Telegram takes 50; fewer are there sooner, and scrolling asks for more."""
MAX_TITLE = 120
MAX_DESCRIPTION = 160
MAX_BUTTON = 64


class Asked(Struct, frozen=True):
    """What was typed, and how many offers were given before."""

    query: str
    offset: int = 0


class Offer(Struct, frozen=True):
    """One story in the list, and the message that choosing it sends."""

    title: str
    description: str
    message: Message
    picture: str | None


class Offers(Struct, frozen=True):
    """A page of the list; *next* is where the following one begins; the button above it.

    *start* is what the button's press says to the bot in the private chat. *is_early*: soon there
    may be more.
    """

    offers: tuple[Offer, ...]
    next: int | None
    button: str
    start: str
    is_early: bool


class Found(Struct, frozen=True):
    """A page of results, with the titles of the sources and the covers of the digests.

    *is_early*: not all of the archive can be found yet.
    """

    asked: Asked
    results: Results
    titles: Mapping[str, str]
    covers: Mapping[str, str]
    is_early: bool = False


def offers(found: Found, w: Words, links: Links) -> Offers:
    """Offer each story that was found."""
    results, asked = found.results, found.asked
    after = asked.offset + len(results.hits)
    goes_on = bool(results.hits) and (results.more or after < results.total)
    return Offers(
        offers=tuple(_offer(hit, found, w, links) for hit in results.hits),
        next=after if goes_on else None,
        button=shorten(_button(found, w), MAX_BUTTON),
        start=links.search(asked.query).partition("start=")[2],
        is_early=found.is_early,
    )


def _button(found: Found, w: Words) -> str:
    if found.is_early:
        return w("I am just reading the archive. Search in our own chat")
    if not (found.results.hits or found.asked.offset):
        return w("Nothing found. Search in our own chat")
    search = w("Search in our own chat")
    return f"{story_count(found.results, w)} · {search}" if found.asked.query.strip() else search


def _offer(hit: Hit, found: Found, w: Words, links: Links) -> Offer:
    cover = found.covers.get(hit.digest_id)
    return Offer(
        title=shorten(line(hit.title).text, MAX_TITLE) or "…",
        description=shorten(_description(hit, w), MAX_DESCRIPTION),
        message=_message(hit, found.titles, w, links),
        picture=acceptable(cover),
    )


def _description(hit: Hit, w: Words) -> str:
    words = line("".join(text for text, _ in hit.snippet)).text
    return f"{w.day(hit.day)} · {words}" if words else w.day(hit.day)


def _message(hit: Hit, titles: Mapping[str, str], w: Words, links: Links) -> Message:
    lines = [isolated(story_line(hit, links)), story_places(hit, titles, w), story_snippet(hit)]
    source = acceptable(hit.url)
    return Message(
        html(pack(joined(lines, "\n"))[0]),
        rows([Button(label(w("Read in full")), url=links.item(hit.digest_id, hit.item_key))]),
        Preview(source, large=False, above=False) if source else None,
    )
