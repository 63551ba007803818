"""The week: its stories a line each, in pages, and the way to other weeks."""

from __future__ import annotations

from datetime import date

from bot.locale import Words
from bot.model import Also, Hit, Results
from bot.rendering.callbacks import Day, Open, Week
from bot.rendering.links import Links
from bot.rendering.rich import line
from bot.rendering.weeks import WeekView, begin_of, week
from tests.rendering.conftest import Judge
from tests.rendering.walking import targets

DAY = date(2026, 1, 14)
TITLES = {"a": "Daily", "b": "Hub"}


def hit(number: int, *places: Also) -> Hit:
    """Make a story."""
    url = f"https://example.com/{number}"
    return Hit("d1", "a", DAY, "Digest", "S", f"k{number}", f"T {number}", url, (), (), places)


def view(*hits: Hit, page: int = 0, total: int = 20, in_group: bool = False) -> WeekView:
    """Make a page of a week in the middle of an archive."""
    results = Results(total, hits)
    first, last = date(2025, 12, 1), date(2026, 1, 16)
    return WeekView(Week(DAY, page), results, TITLES, first, last, in_group)


def test_a_story_says_where_else_it_was_told(
    telegram_accepts: Judge, w: Words, links: Links
) -> None:
    message = week(view(hit(1, Also("d2", "b", date(2026, 1, 12), "x"))), w, links)

    places = f"Hub {w.short_day(date(2026, 1, 12))}"
    also = w("also: {places}", places=places)
    assert telegram_accepts(message).split("\n")[3:] == [
        "1. T 1",
        f"Daily · {w.day(DAY)} · {also}",
    ]
    assert '<a href="https://example.com/1"><b>T 1</b></a>' in message.text
    days = w.span(date(2026, 1, 8), DAY)
    assert message.text.startswith(f"<b>{line(w('Week of {days}', days=days)).text}</b>")


def test_pages_and_weeks_are_turned_by_buttons(w: Words, links: Links) -> None:
    message = week(view(*map(hit, range(8, 16)), page=1), w, links)

    assert [button.text for button in message.buttons[0]] == [str(n) for n in range(9, 17)]
    assert [button.text for button in message.buttons[1]] == ["‹", "2/3", "›"]
    assert Open("d1", "k8") in targets(message)
    assert list(targets(message))[-3:] == [
        Week(date(2026, 1, 7)),
        Day(DAY),
        Week(date(2026, 1, 16)),
    ]


def test_a_group_gets_fewer_and_reads_on_in_private(w: Words, links: Links) -> None:
    message = week(view(*map(hit, range(5)), in_group=True), w, links)

    assert [button.url for button in message.buttons[0]] == [
        links.item("d1", f"k{number}") for number in range(5)
    ]
    assert message.buttons[1][0].text == "1/4"


def test_the_ends_of_the_archive_lead_nowhere(w: Words, links: Links) -> None:
    alone = WeekView(Week(DAY), Results(0), {}, DAY, DAY)

    assert list(targets(week(alone, w, links))) == [Day(DAY)]
    assert begin_of(date(1, 1, 3)) == date.min
