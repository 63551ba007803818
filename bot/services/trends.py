"""How topics develop: which of them rise, and how often one was told of week by week."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from bot.digests.topics import Topics
from bot.locale import Words
from bot.rendering.charts import WEEK, Trend, caption, picture
from bot.search.index import Index

WEEKS = 26
FEWEST_WEEKS = 8
"""Shown also of an archive that began later: fewer would look as if there was no more to see."""
LEAST_WEEKS = 2
BEFORE = timedelta(days=30)
LATELY = WEEK + BEFORE
RISING = 5
LEAST_STORIES = 3
"""Of fewer stories in a week nothing can be said."""
LEAST_GROWTH = 2.0


class Chart(NamedTuple):
    """A picture and what it shows."""

    image: bytes
    caption: str


def told_since(days: Mapping[str, Mapping[date, int]], first: date) -> dict[str, int]:
    """Count the stories of each topic that has any from a day on."""
    counts = {
        topic: sum(count for day, count in told.items() if day >= first)
        for topic, told in days.items()
    }
    return {topic: count for topic, count in counts.items() if count}


def rising(days: Mapping[str, Mapping[date, int]], today: date) -> list[str]:
    """Name the topics that the last week tells of far more often than the 30 days before it."""
    first = today - WEEK + timedelta(days=1)
    week, both = told_since(days, first), told_since(days, first - BEFORE)
    grown = {topic: growth(count, both[topic] - count) for topic, count in week.items()}
    risen = [
        topic
        for topic, count in week.items()
        if count >= LEAST_STORIES and grown[topic] >= LEAST_GROWTH
    ]
    return sorted(risen, key=lambda topic: (-grown[topic], topic))[:RISING]


def growth(week: int, before: int) -> float:
    """Compare a week's stories a day with those of the days before; one more is allowed for."""
    return (week / WEEK.days) / ((before + 1) / BEFORE.days)


class Trends:
    """Tells how a topic developed over the last half year, or since the archive began."""

    def __init__(self, index: Index, topics: Topics, today: Callable[[], date]) -> None:
        self._index = index
        self._topics = topics
        self._today = today

    async def chart(self, name: str, w: Words) -> Chart | None:
        """Draw a topic's weeks, if there are enough to see something."""
        topic, last = self._topics.resolve(name), self._today()
        if topic is None:
            return None
        count = await self._weeks_of_archive(last)
        days = await self._index.topic_days(topic, _first(last, count), last)
        trend = Trend(topic, _by_weeks(days, last, count), last)
        if sum(map(bool, trend.weeks)) < LEAST_WEEKS:
            return None
        return Chart(await asyncio.to_thread(picture, trend), caption(trend, w))

    async def _weeks_of_archive(self, last: date) -> int:
        """Count the weeks to show: none of those before the oldest digest told of anything."""
        oldest = await self._index.first_day(_first(last, WEEKS) - timedelta(days=1)) or last
        return max((last - oldest) // WEEK + 1, FEWEST_WEEKS)


def _first(last: date, weeks: int) -> date:
    return last - WEEK * weeks + timedelta(days=1)


def _by_weeks(days: Mapping[date, int], last: date, count: int) -> tuple[int, ...]:
    weeks = [0] * count
    for day, stories in days.items():
        weeks[count - 1 - (last - day) // WEEK] += stories
    return tuple(weeks)
