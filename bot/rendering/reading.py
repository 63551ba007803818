"""Reading a digest to the last word: its contents, its sections, its stories.

Each page takes the place of the one before in the same message, and where a button leads is in
its data alone. What a digest no longer has, since it was corrected, is answered kindly.
"""

from __future__ import annotations

from zlib import crc32

from bot.locale import Words
from bot.model import Button, Digest, Item, Message, Section
from bot.rendering.bidi import isolated
from bot.rendering.buttons import button, grid, rows, turns
from bot.rendering.callbacks import Contents, Day, ItemPage, SectionPage
from bot.rendering.links import Links
from bot.rendering.names import first_sentence, item_name, section_name
from bot.rendering.packing import pack
from bot.rendering.posts import dateline, digest_heading
from bot.rendering.rich import Rich, bold, html, joined, line, unbroken
from bot.rendering.saved import save_button
from bot.rendering.stories import story, story_buttons
from bot.text.units import shorten, utf16_len

SECTIONS_A_PAGE = 10
ITEMS_A_PAGE = 8
MAX_HEADING = 400
MAX_TITLE = 200
MAX_SENTENCE = 160
MARK = 3


def contents(digest: Digest, source_title: str, w: Words, page: int = 0) -> Message:
    """Show the sections of a digest, or its stories where there is but one section."""
    if len(digest.sections) == 1 and _fits_a_heading(digest.title, digest.sections[0].title):
        return section_page(digest, 0, source_title, w, page)
    pages = _contents_pages(digest, source_title, w)
    page = min(page, len(pages) - 1)
    text, first = pages[page]
    buttons = [[_section_button(digest, at, w)] for at in _page_of_sections(digest, first)]
    turning = turns(page, len(pages), lambda at: Contents(digest.id, at))
    return Message(html(text), rows(*buttons, turning, [_day_button(digest, w)]))


def section_page(
    digest: Digest, section: int, source_title: str, w: Words, page: int = 0
) -> Message:
    """Show some stories of a section: their titles and how they begin."""
    items = digest.sections[section].items
    pages = max(1, -(-len(items) // ITEMS_A_PAGE))
    page = min(page, pages - 1)
    shown = list(enumerate(items, 1))[page * ITEMS_A_PAGE : (page + 1) * ITEMS_A_PAGE]
    entries = [_entry(number, item, w) for number, item in shown]
    numbers = [button(str(number), ItemPage(digest.id, item.key)) for number, item in shown]
    turning = turns(page, pages, lambda at: section_at(digest, section, at))
    heading = _section_heading(digest, section, source_title, w)
    return Message(
        html(joined([heading, *entries], "\n\n")),
        rows(*grid(numbers, ITEMS_A_PAGE), turning, _around_section(digest, section, w)),
    )


def item_page(
    digest: Digest, key: str, w: Words, links: Links, page: int = 0, *, saved: bool | None = False
) -> Message:
    """Show a story in full; a long one goes over several pages.

    *saved* tells whether the reader keeps it; None where that is not to be offered.
    """
    place = find(digest, key)
    if place is None:
        return gone(digest, w)
    section, item = place
    parts = pack(story(item, section_name(digest, section, w), digest.day, w))
    page = min(page, len(parts) - 1)
    turning = turns(page, len(parts), lambda at: ItemPage(digest.id, key, at))
    keep = None if saved is None else save_button(digest, item, page, w, saved=saved)
    offered = story_buttons(digest, item, w, links, keep)
    return Message(
        html(parts[page]), rows(turning, *offered, _around_item(digest, section, item, w))
    )


def gone(digest: Digest, w: Words) -> Message:
    """Say that a digest no longer has what a button pointed at."""
    text = line(w("This is no longer in the digest, which was corrected since."))
    return Message(html(text), rows([button(w("Contents"), Contents(digest.id))]))


def section_at(digest: Digest, section: int, page: int = 0) -> SectionPage:
    """Point at a section so that it is found again in a corrected digest."""
    return SectionPage(digest.id, section, page, "".join(_marks(digest.sections[section])))


def find_section(digest: Digest, asked: SectionPage) -> int | None:
    """Find the section that is called as it was, or else begins as it did."""
    title, first = asked.mark[:MARK], asked.mark[MARK:]
    near = sorted(range(len(digest.sections)), key=lambda at: abs(at - asked.section))
    marks = {at: _marks(digest.sections[at]) for at in near}
    same = [at for at in near if marks[at][0] == title] or [
        at for at in near if marks[at][1] == first
    ]
    return same[0] if same else None


def _marks(section: Section) -> tuple[str, str]:
    first = section.items[0].key if section.items else ""
    return _mark(section.title), _mark(first)


def _mark(name: str) -> str:
    return f"{crc32(name.encode()) % 16**MARK:0{MARK}x}"


def find(digest: Digest, key: str) -> tuple[int, Item] | None:
    """Find a story and the number of its section."""
    places = ((at, item) for at, section in enumerate(digest.sections) for item in section.items)
    return next((place for place in places if place[1].key == key), None)


def _fits_a_heading(*titles: str) -> bool:
    return all(utf16_len(title) <= MAX_HEADING for title in titles)


def _contents_pages(digest: Digest, source_title: str, w: Words) -> list[tuple[Rich, int]]:
    """Give the text of each page and the number of its first section."""
    heading = joined([dateline(digest, source_title, w), bold(digest.title)], "\n")
    pages: list[tuple[Rich, int]] = []
    for first in range(0, len(digest.sections) or 1, SECTIONS_A_PAGE):
        shown = _page_of_sections(digest, first)
        entries = joined((_section_line(digest, at, w) for at in shown), "\n")
        text = joined([heading, entries], "\n\n")
        pages.extend((part, first) for part in pack(text))
        heading = digest_heading(digest, source_title, w)
    return pages


def _page_of_sections(digest: Digest, first: int) -> range:
    return range(first, min(first + SECTIONS_A_PAGE, len(digest.sections)))


def _section_line(digest: Digest, section: int, w: Words) -> Rich:
    counted = w.plural("{n} story", "{n} stories", len(digest.sections[section].items))
    named = isolated(bold(section_name(digest, section, w)))
    return joined([line(f"{section + 1}."), named, unbroken(f"· {counted}")], " ")


def _section_button(digest: Digest, section: int, w: Words) -> Button | None:
    name = section_name(digest, section, w)
    return button(f"{section + 1}. {name}", section_at(digest, section))


def _day_button(digest: Digest, w: Words) -> Button | None:
    return button(f"‹ {w.short_day(digest.day)}", Day(digest.day))


def _section_heading(digest: Digest, section: int, source_title: str, w: Words) -> Rich:
    named = [shorten(section_name(digest, section, w), MAX_HEADING)]
    if len(digest.sections) == 1:
        named = list(dict.fromkeys([shorten(line(digest.title).text, MAX_HEADING), *named]))
    return joined([dateline(digest, source_title, w), *map(bold, named)], "\n")


def _entry(number: int, item: Item, w: Words) -> Rich:
    title = shorten(item_name(item, w), MAX_TITLE)
    head = joined([line(f"{number}."), bold(title)], " ")
    beginning = first_sentence(item) if line(item.title).text else ""
    return joined([head, line(shorten(beginning, MAX_SENTENCE))], "\n")


def _around_section(digest: Digest, section: int, w: Words) -> list[Button | None]:
    if len(digest.sections) == 1:
        return [_day_button(digest, w)]
    last = section + 1 >= len(digest.sections)
    return [
        button(w("‹ Section"), section_at(digest, section - 1)) if section else None,
        button(w("Contents"), Contents(digest.id)),
        None if last else button(w("Section ›"), section_at(digest, section + 1)),
    ]


def _around_item(digest: Digest, section: int, item: Item, w: Words) -> list[Button | None]:
    keys = [one.key for one in digest.items]
    at = keys.index(item.key)
    within = [one.key for one in digest.sections[section].items].index(item.key)
    up = section_at(digest, section, within // ITEMS_A_PAGE)
    return [
        button(w("‹ Story"), ItemPage(digest.id, keys[at - 1])) if at else None,
        button(w("This section"), up),
        button(w("Story ›"), ItemPage(digest.id, keys[at + 1])) if at + 1 < len(keys) else None,
    ]
