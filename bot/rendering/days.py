"""The digests of a day, and the calendar that leads to other days."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from msgspec import Struct

from bot.locale import Words
from bot.model import Button, Digest, Message
from bot.rendering.bidi import isolated
from bot.rendering.buttons import button, label, row, rows, turns
from bot.rendering.callbacks import Contents, Day, Month, Nothing
from bot.rendering.links import Links
from bot.rendering.markup import linked
from bot.rendering.packing import pack
from bot.rendering.posts import headline_list
from bot.rendering.rich import Kind, Rich, bold, html, joined, line, wrapped
from bot.rendering.titles import short_title

MAX_READ_BUTTONS = 20
HEADLINES_IN_GROUP = 5
EMPTY = "\u00b7"


class DayView(Struct, frozen=True):
    """What there is of a day: its digests, the days with digests next to it.

    *asked* is the day that was asked for, where this one is shown in its stead. *titles* are
    those of the sources, by their names. *is_early*: not all of the archive is there yet.
    """

    day: date
    digests: tuple[Digest, ...]
    titles: Mapping[str, str]
    previous: date | None = None
    next: date | None = None
    asked: date | None = None
    is_early: bool = False


def today(view: DayView, w: Words, links: Links, page: int = 0) -> Message:
    """Show the digests of a day in a private chat, all headlines included."""
    parts = pack(_day(view, w, links, None))
    page = min(page, len(parts) - 1)
    read = (
        [button(_read_label(view, digest, w), Contents(digest.id))]
        for digest in view.digests[:MAX_READ_BUTTONS]
    )
    turning = turns(page, len(parts), lambda at: Day(view.day, at))
    return Message(html(parts[page]), rows(*read, turning, _other_days(view, w)))


def today_in_group(view: DayView, w: Words, links: Links) -> Message:
    """Show the digests of a day briefly; the rest is read in the private chat."""
    text, *more = pack(_day(view, w, links, HEADLINES_IN_GROUP))
    shown = joined([text, line("…")], "\n") if more else text
    read = (
        [Button(label(_read_label(view, digest, w)), url=links.digest(digest.id))]
        for digest in view.digests[:MAX_READ_BUTTONS]
    )
    return Message(html(shown), rows(*read, _other_days(view, w)))


def calendar(
    month: Month, days: Collection[date], w: Words, first: date | None, last: date | None
) -> Message:
    """Show a month; *days* have digests, *first* and *last* are the archive's ends."""
    marked = sum((day.year, day.month) == (month.year, month.month) for day in days)
    count = w.plural("{n} day with digests", "{n} days with digests", marked)
    text = joined([bold(w.month(month.year, month.month)), line(count)], "\n")
    weekdays = [button(name, Nothing()) for name in w.weekdays()]
    around = _other_months(month, w, first, last)
    return Message(html(text), rows(weekdays, *_weeks(month, days), around))


def _day(view: DayView, w: Words, links: Links, limit: int | None) -> Rich:
    notice = Rich("")
    if view.asked is not None and view.asked != view.day:
        notice = wrapped(line(_instead(view, view.asked, w)), Kind.ITALIC)
    entries = [_digest(view, digest, links, limit) for digest in view.digests]
    if not entries:
        entries = [line(w("There are no digests of this day."))]
    return joined([notice, bold(w.day(view.day)), *entries], "\n\n")


def _instead(view: DayView, asked: date, w: Words) -> str:
    if view.is_early:
        return w("I am just reading the archive anew: there may be more in a minute.")
    if view.next is None:
        return w("There is nothing for {day}; this is the newest.", day=w.day(asked))
    return w("There is nothing for {day}; this is the nearest day.", day=w.day(asked))


def _digest(view: DayView, digest: Digest, links: Links, limit: int | None) -> Rich:
    source = view.titles.get(digest.source, "")
    title = line(short_title(digest, source))
    # "The AI Week #2" names its source itself.
    named = line("" if source and title.text.startswith(source) else source)
    heading = joined([isolated(named), title], " · ")
    linked_heading = linked(wrapped(heading, Kind.BOLD), links.digest(digest.id))
    return joined([linked_heading, headline_list(digest, links, limit)], "\n")


def _read_label(view: DayView, digest: Digest, w: Words) -> str:
    """Name the source where several digests could be meant."""
    if len(view.digests) == 1:
        return w("Read in full")
    return w("Read: {title}", title=view.titles.get(digest.source) or digest.title)


def _other_days(view: DayView, w: Words) -> tuple[Button, ...]:
    return row(
        button(f"‹ {w.short_day(view.previous)}", Day(view.previous)) if view.previous else None,
        button(w("Calendar"), Month(view.day.year, view.day.month)),
        button(f"{w.short_day(view.next)} ›", Day(view.next)) if view.next else None,
    )


def _weeks(month: Month, days: Collection[date]) -> Iterator[tuple[Button, ...]]:
    for week in Calendar().monthdayscalendar(month.year, month.month):
        yield row(*(_cell(month, number, days) for number in week))


def _cell(month: Month, number: int, days: Collection[date]) -> Button | None:
    if not number:
        return button(EMPTY, Nothing())
    day = date(month.year, month.month, number)
    return button(f"•{number}", Day(day)) if day in days else button(str(number), Nothing())


def _other_months(
    month: Month, w: Words, first: date | None, last: date | None
) -> tuple[Button, ...]:
    this = date(month.year, month.month, 1)
    earlier = first is not None and first < this
    later = last is not None and last.replace(day=1) > this
    return row(
        button("‹", _moved(month, -1)) if earlier else None,
        button(w("Newest"), Day(last)) if last else None,
        button("›", _moved(month, 1)) if later else None,
    )


def _moved(month: Month, by: int) -> Month:
    years, at = divmod(month.month - 1 + by, 12)
    return Month(month.year + years, at + 1)
