"""Which topics rise."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from bot.digests.topics import Topic, Topics
from bot.locale import words
from bot.model import Digest, Item, Report, Section, Stamp, Status
from bot.search.index import Index
from bot.services.trends import Trends, rising, told_since

TODAY = date(2026, 1, 14)
TABLE = Topics(tuple(Topic(name, ()) for name in ("Calm", "Rare", "New", "Grown")), "1")


def told(day: date, *topics: str) -> tuple[Stamp, Report]:
    """Make a day's digest with a story for each topic."""
    items = tuple(Item(f"i{at}", f"{at} {day}", topics=(name,)) for at, name in enumerate(topics))
    name = day.isoformat()
    digest = Digest(name, "", "en", day, name, (), (Section("", items),), "0")
    return Stamp(f"{name}.md", 1, 1), Report(f"{name}.md", Status.READY, digest)


async def test_what_is_told_far_more_often_than_before_rises(tmp_path: Path) -> None:
    before = [told(TODAY - timedelta(days=back), "Calm", "Calm") for back in range(7, 37)]
    before.append(told(TODAY - timedelta(days=40), *["New"] * 20))
    once = told(TODAY - timedelta(days=6), "Calm", "Grown", "Rare", "New")
    since = [told(TODAY - timedelta(days=back), "Calm", "Calm", "New", "Grown") for back in (0, 1)]
    grown = told(TODAY - timedelta(days=37), "Grown")

    async with Index.open(tmp_path / "index.db", TABLE) as index:
        await index.apply(
            [*before, once, *since, grown, told(TODAY - timedelta(days=3), "New")], ()
        )

        days = await index.topics_by_day()

    assert rising(days, TODAY) == ["New", "Grown"]
    assert rising(days, TODAY + timedelta(days=60)) == []
    assert told_since(days, TODAY - timedelta(days=1)) == {"Calm": 4, "New": 2, "Grown": 2}
    assert told_since(days, TODAY + timedelta(days=1)) == {}


async def test_a_topic_is_drawn_with_its_weeks(tmp_path: Path) -> None:
    table = Topics(
        (*(Topic(name, ()) for name in ("Wide", "Once")), Topic("Part", (), "Wide")), "1"
    )
    days = {0: ("Wide", "Part"), 6: ("Wide",), 7: ("Part",), 181: ("Wide",), 182: ("Wide",)}
    reports = [told(TODAY - timedelta(days=back), *names) for back, names in days.items()]

    async with Index.open(tmp_path / "index.db", table) as index:
        await index.apply([*reports, told(TODAY - timedelta(days=1), "Once")], ())
        trends = Trends(index, table, lambda: TODAY)

        chart = await trends.chart("wide", words("en"))
        assert chart
        assert chart.image.startswith(b"\x89PNG")
        assert "3 in the last one, at most 3" in chart.caption
        assert "Thu, Jul 17, 2025" in chart.caption
        assert await trends.chart("Once", words("en")) is None
        assert await trends.chart("unknown", words("en")) is None
        assert await index.topic_days("Wide", TODAY - timedelta(days=181), TODAY) == {
            TODAY - timedelta(days=back): len(days[back]) for back in (0, 6, 7, 181)
        }


async def test_weeks_before_the_archive_began_are_not_shown(tmp_path: Path) -> None:
    reports = [told(TODAY - timedelta(days=back), "Calm") for back in (0, 20, 69, 400)]

    async with Index.open(tmp_path / "index.db", TABLE) as index:
        trends = Trends(index, TABLE, lambda: TODAY)

        await index.apply(reports[:2], ())
        young = await trends.chart("Calm", words("en"))
        await index.apply(reports[2:], ())
        older = await trends.chart("Calm", words("en"))

    assert young
    assert older
    assert "Thu, Nov 20, 2025" in young.caption
    assert "Thu, Nov 6, 2025" in older.caption
