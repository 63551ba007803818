"""Reading the archive: from what a command, link or button asks for to the page that shows it."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from bot.digests.topics import Topics as TopicTable
from bot.locale import Words
from bot.locale.days import parse_day
from bot.model import Button, Message
from bot.rendering.buttons import button
from bot.rendering.callbacks import (
    Contents,
    Day,
    ItemPage,
    Month,
    SavedPage,
    Search,
    SectionPage,
    Topic,
    Topics,
    Week,
)
from bot.rendering.days import DayView, calendar, today, today_in_group
from bot.rendering.links import Links
from bot.rendering.notices import notice
from bot.rendering.reading import contents, find_section, gone, item_page, section_page
from bot.rendering.results import HITS_A_PAGE, Found, results_page, topic_cloud, topic_page
from bot.rendering.weeks import WeekView, begin_of, page_size, week
from bot.search.index import Index
from bot.services.saving import SavedStories
from bot.services.trends import LATELY, rising, told_since

CLOUD_DAYS = timedelta(days=30)
Page: TypeAlias = (
    Contents | SectionPage | ItemPage | SavedPage | Day | Week | Month | Search | Topic | Topics
)


class Reader:
    """Gives the page for anything that can be asked for, in the words of whoever asks."""

    def __init__(
        self,
        index: Index,
        topics: TopicTable,
        titles: Callable[[], Mapping[str, str]],
        links: Links,
        now: Callable[[], datetime],
        timezone: ZoneInfo,
        saved: SavedStories,
        is_early: Callable[[], bool],
    ) -> None:
        self.links = links
        self._index = index
        self._table = topics
        self._titles = titles
        self._now = now
        self._timezone = timezone
        self._saved = saved
        self._is_early = is_early

    def today(self) -> date:
        """Give the group's day."""
        return self._now().astimezone(self._timezone).date()

    async def page(self, asked: Page, w: Words, *, person: int | None) -> Message:
        """Show what was asked for, or say kindly that it is not there (any more).

        *person* asks in private; None: someone asks in a group.
        """
        in_group = person is None
        match asked:
            case Contents() | SectionPage() | ItemPage():
                return await self._digest(asked, w, person)
            case SavedPage():
                return await self._kept(asked, w, person)
            case Day() | Week() | Month():
                return await self._days(asked, w, in_group=in_group)
            case _:
                return await self._found(asked, w, in_group=in_group)

    async def _days(self, asked: Day | Week | Month, w: Words, *, in_group: bool) -> Message:
        match asked:
            case Day():
                return await self._day(asked, w, in_group=in_group)
            case Week():
                return await self._week(asked, w, in_group=in_group)
            case Month():
                return await self._month(asked, w)

    async def _found(self, asked: Search | Topic | Topics, w: Words, *, in_group: bool) -> Message:
        match asked:
            case Search():
                return await self._search(asked, w, in_group=in_group)
            case Topic():
                return await self._topic(asked, w, in_group=in_group)
            case Topics():
                return await self._topics(w, in_group=in_group)

    async def _kept(self, asked: SavedPage, w: Words, person: int | None) -> Message:
        if person is not None:
            return await self._saved.page(person, asked, w)
        link = Button(w("Open my list"), url=self.links.saved())
        return notice(w("What you saved is shown to you alone:"), link)

    async def _digest(
        self, asked: Contents | SectionPage | ItemPage, w: Words, person: int | None
    ) -> Message:
        digest = await self._index.digest(asked.digest)
        if digest is None:
            sorry = w("This digest is no longer in the archive. /today shows the newest.")
            return self._early(asked, w) or notice(sorry)
        title = self._titles().get(digest.source, "")
        match asked:
            case Contents(_, page):
                return contents(digest, title, w, page)
            case SectionPage(page=page):
                at = find_section(digest, asked)
                return gone(digest, w) if at is None else section_page(digest, at, title, w, page)
            case ItemPage(_, key, page):
                saved = await self._saved.has(person, digest.id, key) if person else None
                return item_page(digest, key, w, self.links, page, saved=saved)

    async def _day(self, asked: Day, w: Words, *, in_group: bool) -> Message:
        view = await self._view(asked.day)
        if view is None:
            return self._none_yet(asked, w)
        return (
            today_in_group(view, w, self.links)
            if in_group
            else today(view, w, self.links, asked.page)
        )

    def _none_yet(self, asked: Day | Week, w: Words) -> Message:
        sorry = w("The archive has no digest yet. Come back soon!")
        return self._early(asked, w) or notice(sorry)

    def _early(self, asked: Page, w: Words) -> Message | None:
        """Say that the archive is being read, if it is."""
        if not self._is_early():
            return None
        early = w("I am just reading the archive anew: please ask again in a minute.")
        return notice(early, button(w("Ask again"), asked))

    async def _view(self, day: date) -> DayView | None:
        """Give the day's digests, or those of the newest day before it, or of the first after."""
        shown = await self._index.nearest_day(day)
        if shown is None:
            return None
        heads = await self._index.on(shown)
        found = [await self._index.digest(head.id) for head in heads]
        return DayView(
            day=shown,
            digests=tuple(digest for digest in found if digest),
            titles=self._titles(),
            previous=await self._index.latest_day(before=shown),
            next=await self._index.first_day(after=shown),
            asked=day,
            is_early=self._is_early(),
        )

    async def _week(self, asked: Week, w: Words, *, in_group: bool) -> Message:
        """Roll up the week to the day asked for; where it is empty, that to the newest day."""
        shown = await self._index.nearest_day(asked.day)
        if shown is None:
            return self._none_yet(asked, w)
        if not begin_of(asked.day) <= shown <= asked.day:
            asked = Week(shown)
        size = page_size(in_group=in_group)
        results = await self._index.roundup(
            begin_of(asked.day), asked.day, limit=size, offset=asked.page * size
        )
        if asked.page and not results.hits:
            return await self._week(Week(asked.day), w, in_group=in_group)
        first, last = await self._index.first_day(), await self._index.latest_day()
        view = WeekView(asked, results, self._titles(), first, last, in_group)
        return week(view, w, self.links)

    async def _month(self, asked: Month, w: Words) -> Message:
        first, last = await self._index.first_day(), await self._index.latest_day()
        days = await self._index.days(date(asked.year, asked.month, 1), _end_of(asked))
        return calendar(asked, days, w, first, last)

    async def _search(self, asked: Search, w: Words, *, in_group: bool) -> Message:
        now, titles, offset = self.today(), self._titles(), asked.page * HITS_A_PAGE
        results = await self._index.search(
            asked.query, limit=HITS_A_PAGE, offset=offset, today=now, titles=titles
        )
        if asked.page and not results.hits:
            return await self._search(Search(asked.query), w, in_group=in_group)
        day = parse_day(asked.query, now)
        found = Found(asked, results, titles, in_group, now, day, self._is_early())
        return results_page(found, w, self.links)

    async def _topic(self, asked: Topic, w: Words, *, in_group: bool) -> Message:
        named = Topic(self._table.resolve(asked.name) or asked.name, asked.page)
        results = await self._index.topic_items(
            named.name, limit=HITS_A_PAGE, offset=named.page * HITS_A_PAGE
        )
        if named.page and not results.hits:
            return await self._topic(Topic(named.name), w, in_group=in_group)
        early, titles = self._is_early(), self._titles()
        found = Found(named, results, titles, in_group, self.today(), is_early=early)
        return topic_page(found, w, self.links)

    async def _topics(self, w: Words, *, in_group: bool) -> Message:
        # Where no digest has come for long, the last days are those before the newest one.
        last = min(await self._index.newest_day() or date.max, self.today())
        days = await self._index.topics_by_day(last - LATELY)
        if not days and (early := self._early(Topics(), w)):
            return early
        lately = told_since(days, last - CLOUD_DAYS)
        return topic_cloud(lately, w, rising(days, last), in_group=in_group)


def _end_of(month: Month) -> date:
    _, days = monthrange(month.year, month.month)
    return date(month.year, month.month, days)
