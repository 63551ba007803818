"""A reader who presses every button of a digest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.locale import Words
from bot.model import Digest, Message
from bot.rendering.callback_data import decode
from bot.rendering.callbacks import Callback, Contents, ItemPage, SectionPage
from bot.rendering.links import Links
from bot.rendering.reading import contents, find_section, item_page, section_page
from bot.rendering.rich import clean

SOURCE = "Daily"
BLANKS = re.compile(r"[\s\u2068\u2069]+")


def bare(text: str) -> str:
    """Leave out what rendering may set as it sees fit: blanks and direction marks."""
    return BLANKS.sub("", text)


def said(text: str) -> str:
    """Give what an author's words look like once Telegram has removed what it removes."""
    return bare(clean(text))


def page_of(digest: Digest, at: Callback, w: Words, links: Links) -> Message | None:
    """Answer a press, as the handlers do."""
    match at:
        case Contents(_, page):
            return contents(digest, SOURCE, w, page)
        case SectionPage(page=page):
            section = find_section(digest, at)
            return section_page(digest, section, SOURCE, w, page) if section is not None else None
        case ItemPage(_, key, page):
            return item_page(digest, key, w, links, page)
        case _:
            return None


def pages_of(digest: Digest, w: Words, links: Links) -> dict[Callback, Message]:
    """Press everything that can be reached from the contents."""
    pages: dict[Callback, Message] = {}
    waiting: list[Callback] = [Contents(digest.id)]
    while waiting:
        at = waiting.pop()
        page = None if at in pages else page_of(digest, at, w, links)
        if page:
            pages[at] = page
            waiting += targets(page)
    return pages


def shown_of(texts: Mapping[Callback, str], key: str) -> str:
    """Put the pages of a story together, as they were shown."""
    own = {
        at.page: text for at, text in texts.items() if isinstance(at, ItemPage) and at.key == key
    }
    assert sorted(own) == list(range(len(own)))
    return bare("".join(own[page] for page in sorted(own)))


def targets(message: Message) -> Iterator[Callback]:
    """Read where the buttons of a page lead."""
    for row in message.buttons:
        for button in row:
            value = decode(button.data) if button.data else None
            if value:
                yield value
