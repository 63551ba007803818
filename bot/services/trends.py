"""How topics develop: which of them rise."""

from __future__ import annotations

from datetime import date, timedelta

from bot.search.index import Index

WEEK = timedelta(days=7)
BEFORE = timedelta(days=30)
RISING = 5
LEAST_STORIES = 3
"""Of fewer stories in a week nothing can be said."""
LEAST_GROWTH = 2.0


async def rising(index: Index, today: date) -> list[str]:
    """Name the topics that the last week tells of far more often than the 30 days before it."""
    first = today - WEEK + timedelta(days=1)
    week = await index.topic_counts(first)
    both = await index.topic_counts(first - BEFORE)
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
