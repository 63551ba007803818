"""Days: all digests of one, the way to others, and the calendar."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.locale import Words
from bot.model import Digest, Headline, Origin
from bot.rendering.callbacks import Contents, Day, Month
from bot.rendering.days import DayView, calendar, today, today_in_group
from bot.rendering.links import Links
from bot.rendering.payload import plain_text
from tests.rendering.conftest import Judge
from tests.rendering.walking import bare, said, targets
from tests.strategies import digests

DAY = date(2026, 1, 2)
EARLIER, LATER = date(2025, 12, 30), date(2026, 1, 5)
TITLES = {"a": "Daily", "b": "Hub"}


def digest(name: str, count: int = 7) -> Digest:
    """Make a digest of a source."""
    headlines = tuple(Headline(f"{name}{n}", Origin.SUMMARY) for n in range(count))
    return Digest(f"{name}1", name, "en", DAY, f"Title {name}", headlines, (), "hash")


def test_all_sources_of_the_day_are_shown(telegram_accepts: Judge, w: Words, links: Links) -> None:
    message = today(DayView(DAY, (digest("a"), digest("b")), TITLES, EARLIER, LATER), w, links)

    text = telegram_accepts(message)
    assert text.startswith(w.day(DAY))
    for words in ("Daily · Title a\n• a0", "Hub · Title b\n• b0", "• b6"):
        assert words in text
    assert list(targets(message)) == [
        Contents("a1"),
        Contents("b1"),
        Day(EARLIER),
        Month(2026, 1),
        Day(LATER),
    ]
    assert message.buttons[0][0].text == w("Read: {title}", title="Daily")


def test_the_newest_says_that_it_is_not_what_was_asked_for(w: Words, links: Links) -> None:
    asked = today(DayView(DAY, (digest("a"),), TITLES, asked=LATER), w, links)
    same = today(DayView(DAY, (digest("a"),), TITLES, asked=DAY), w, links)

    notice = w("There is nothing for {day}; this is the newest.", day=w.day(LATER))
    assert plain_text(asked.text).startswith(notice)
    assert plain_text(same.text).startswith(w.day(DAY))


def test_while_the_archive_is_read_no_day_is_called_the_newest(w: Words, links: Links) -> None:
    view = DayView(DAY, (digest("a"),), TITLES, asked=LATER, is_early=True)
    early, same = today(view, w, links), today(replace(view, asked=DAY), w, links)

    notice = w("I am just reading the archive anew: there may be more in a minute.")
    assert plain_text(early.text).startswith(notice)
    assert plain_text(same.text).startswith(w.day(DAY))


def test_a_day_in_between_is_not_called_the_newest(w: Words, links: Links) -> None:
    view = DayView(DAY, (digest("a"),), TITLES, next=LATER, asked=EARLIER)

    notice = w("There is nothing for {day}; this is the nearest day.", day=w.day(EARLIER))
    assert plain_text(today(view, w, links).text).startswith(notice)


def test_a_day_without_digests_says_so(w: Words, links: Links) -> None:
    message = today(DayView(DAY, (), TITLES), w, links)

    assert w("There are no digests of this day.") in message.text
    assert list(targets(message)) == [Month(2026, 1)]


def test_a_group_gets_it_briefly_and_reads_on_in_private(
    telegram_accepts: Judge, w: Words, links: Links
) -> None:
    message = today_in_group(DayView(DAY, (digest("a"),), TITLES, EARLIER), w, links)

    text = telegram_accepts(message)
    assert "a4" in text
    assert "a5" not in text
    assert message.buttons[0][0].url == links.digest("a1")


def test_a_group_gets_one_message_even_on_a_full_day(
    telegram_accepts: Judge, w: Words, links: Links
) -> None:
    many = DayView(DAY, tuple(digest("a") for _ in range(40)), {"a": "Daily " * 12})

    assert telegram_accepts(today_in_group(many, w, links)).endswith("…")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(several=st.lists(digests(), max_size=3))
def test_any_digests_of_a_day_are_accepted_on_their_pages(
    telegram_accepts: Judge, chinese: Words, links: Links, several: list[Digest]
) -> None:
    view = DayView(DAY, tuple(several), {"source": "مصدر"}, EARLIER, LATER)
    pages = {0: today(view, chinese, links)}
    while further := {
        at.page
        for page in pages.values()
        for at in targets(page)
        if isinstance(at, Day) and at.day == DAY and at.page not in pages
    }:
        pages |= {page: today(view, chinese, links, page) for page in further}

    text = bare("".join(telegram_accepts(pages[page]) for page in sorted(pages)))

    telegram_accepts(today_in_group(view, chinese, links))
    position = 0
    for headline in (headline for one in several for headline in one.headlines):
        position = text.index(said(headline.text), position) + len(said(headline.text))


def test_the_calendar_marks_days_with_digests(telegram_accepts: Judge, w: Words) -> None:
    message = calendar(Month(2026, 1), {EARLIER, DAY, LATER}, w, EARLIER, LATER)

    telegram_accepts(message)
    assert [button.text for button in message.buttons[0]] == w.weekdays()
    assert [button.text for button in message.buttons[1]] == ["·", "·", "·", "1", "•2", "3", "4"]
    assert w.plural("{n} day with digests", "{n} days with digests", 2) in message.text
    assert [at for at in targets(message) if isinstance(at, Day)] == [
        Day(DAY),
        Day(LATER),
        Day(LATER),
    ]


def test_the_calendar_turns_within_the_archive(w: Words) -> None:
    within = calendar(Month(2026, 1), set(), w, EARLIER, date(2026, 2, 1))
    across = calendar(Month(2025, 12), set(), w, date(2025, 11, 30), LATER)
    empty = calendar(Month(1, 1), set(), w, None, None)

    months = [[at for at in targets(m) if isinstance(at, Month)] for m in (within, across, empty)]
    assert months == [[Month(2025, 12), Month(2026, 2)], [Month(2025, 11), Month(2026, 1)], []]


@given(st.integers(1, 9999), st.integers(1, 12))
def test_any_month_has_a_calendar(
    telegram_accepts: Judge, chinese: Words, year: int, month: int
) -> None:
    telegram_accepts(calendar(Month(year, month), {DAY}, chinese, date.min, date.max))


def test_a_title_that_names_its_source_needs_it_no_second_time(w: Words, links: Links) -> None:
    named = replace(digest("a"), title="Daily #2: chips")

    text = plain_text(today(DayView(DAY, (named,), TITLES), w, links).text)

    assert "\n\nDaily #2: chips\n" in text
