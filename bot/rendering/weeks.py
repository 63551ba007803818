"""A week in one list: the stories that several days or sources carried, then the headlines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct

from bot.locale import Words
from bot.model import Button, Hit, Message, Results
from bot.rendering.bidi import isolated
from bot.rendering.buttons import button, row, rows, turns
from bot.rendering.callbacks import Day, Week
from bot.rendering.links import Links
from bot.rendering.packing import pack
from bot.rendering.results import read_button, story_line, story_places
from bot.rendering.rich import Rich, bold, html, joined, line

STORIES_A_PAGE = 8
STORIES_IN_GROUP = 5
DAYS = timedelta(days=7)


class WeekView(Struct, frozen=True):
    """A page of the week that *asked* names; *first* and *last* are the archive's ends."""

    asked: Week
    results: Results
    titles: Mapping[str, str]
    first: date | None = None
    last: date | None = None
    in_group: bool = False

    @property
    def begin(self) -> date:
        """Give the first day of the week."""
        return begin_of(self.asked.day)

    @property
    def size(self) -> int:
        """Give the number of stories that a page shows."""
        return page_size(in_group=self.in_group)


def begin_of(end: date) -> date:
    """Give the first of the seven days up to *end*."""
    return date.fromordinal(max(1, end.toordinal() - DAYS.days + 1))


def page_size(*, in_group: bool) -> int:
    """Give the number of stories that a page shows; fewer where many people read."""
    return STORIES_IN_GROUP if in_group else STORIES_A_PAGE


def week(view: WeekView, w: Words, links: Links) -> Message:
    """Show a page of the week's stories."""
    first = view.asked.page * view.size + 1
    numbered = list(enumerate(view.results.hits, first))
    entries = [_entry(view, number, hit, w, links) for number, hit in numbered]
    numbers = [read_button(number, hit, links, in_group=view.in_group) for number, hit in numbered]
    pages = -(-view.results.total // view.size)
    turning = turns(view.asked.page, pages, lambda at: Week(view.asked.day, at))
    text = joined([_heading(view, w), *entries], "\n\n")
    return Message(html(pack(text)[0]), rows(numbers, turning, _around(view, w)))


def _heading(view: WeekView, w: Words) -> Rich:
    days = w("Week of {days}", days=w.span(view.begin, view.asked.day))
    count = w.plural("{n} story", "{n} stories", view.results.total)
    return joined([bold(days), line(count)], "\n")


def _entry(view: WeekView, number: int, hit: Hit, w: Words, links: Links) -> Rich:
    head = joined([line(f"{number}."), isolated(story_line(hit, links))], " ")
    return joined([head, story_places(hit, view.titles, w)], "\n")


def _around(view: WeekView, w: Words) -> tuple[Button, ...]:
    end = view.asked.day
    earlier = view.first is not None and view.first < view.begin
    later = view.last is not None and view.last > end
    return row(
        button(w("‹ Earlier"), Week(end - DAYS)) if earlier else None,
        button(w.short_day(end), Day(end)),
        button(w("Later ›"), Week(min(end + DAYS, view.last or end))) if later else None,
    )
