"""A week's stories: what several digests tell first, then the headlines."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec.structs import replace

from bot.model import Digest, Headline, Item, Origin, Report, Section, Status
from bot.search.index import Index
from tests.search.stories import FIRST_DAY, digest_of, paragraphs, report_of

TOLD = "灯塔守望者说，雾最浓的夜里，他会多点一盏灯，直到最后一艘船进港。"
LAST_DAY = FIRST_DAY + timedelta(days=6)


def day_of(days: int, titles: str, headlines: str, source: str = "morning") -> Digest:
    """Make a digest with a story for each letter, and headlines for some of them."""
    items = tuple(Item(t, f"{t} {days} {source}", paragraphs(f"{t} {days}")) for t in titles)
    lines = tuple(Headline(t, Origin.SUMMARY, t if t in titles else None) for t in headlines)
    digest = digest_of(FIRST_DAY + timedelta(days=days), (Section("S", items),), source=source)
    return replace(digest, headlines=lines)


def with_story(digest: Digest) -> Digest:
    """Add the story that several digests tell."""
    item = Item("told", "守望者的灯塔与最后一艘船", paragraphs(TOLD))
    return replace(digest, sections=(*digest.sections, Section("More", (item,))))


async def titles(index: Index, *digests: Digest, limit: int = 99, offset: int = 0) -> list[str]:
    """Index digests, and name the stories of the week."""
    await index.apply(map(report_of, digests), ())
    results = await index.roundup(FIRST_DAY, LAST_DAY, limit=limit, offset=offset)
    return [hit.title for hit in results.hits]


async def test_what_several_digests_tell_comes_first_though_unannounced(index: Index) -> None:
    days = [with_story(day_of(0, "a", "a")), with_story(day_of(1, "b", "b"))]

    found = await titles(index, *days)

    assert found == ["守望者的灯塔与最后一艘船", "b 1 morning", "a 0 morning"]
    story = (await index.roundup(FIRST_DAY, LAST_DAY)).hits[0]
    assert story.day == FIRST_DAY + timedelta(days=1)
    assert [place.day for place in story.also_on] == [FIRST_DAY]


async def test_headlines_follow_by_their_places_and_days(index: Index) -> None:
    days = [day_of(0, "abc", "ca"), day_of(1, "de", "de")]

    found = await titles(index, *days)

    assert found == ["d 1 morning", "c 0 morning", "e 1 morning", "a 0 morning"]


async def test_a_headline_without_a_story_is_one_itself(index: Index) -> None:
    assert await titles(index, day_of(0, "a", "xay")) == ["x", "a 0 morning", "y"]


async def test_other_days_and_held_digests_are_left_out(index: Index) -> None:
    stamp, held = report_of(day_of(1, "h", "h", source="held"))
    await index.apply([(stamp, Report(held.path, Status.HELD, held.digest))], ())

    assert await titles(index, day_of(0, "a", "a"), day_of(7, "b", "b")) == ["a 0 morning"]


async def test_pages_are_cut_from_the_whole(index: Index) -> None:
    digest = day_of(0, "abcdef", "abcdef")

    assert await titles(index, digest, limit=2, offset=2) == ["c 0 morning", "d 0 morning"]
    results = await index.roundup(FIRST_DAY, LAST_DAY, limit=2, offset=5)
    assert (results.total, len(results.hits)) == (6, 1)


async def test_days_without_digests_have_no_stories(index: Index) -> None:
    assert (await index.roundup(date(1, 1, 1), date(1, 1, 7))).total == 0
