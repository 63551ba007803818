"""What is offered inline while the archive is being read."""

from datetime import date
from pathlib import Path

from bot.digests.topics import Topics
from bot.locale import words
from bot.rendering.inline import Asked
from bot.rendering.links import Links
from bot.search.index import Index
from bot.services.offering import Offering
from tests.conftest import ROOT

W = words("en")


async def test_who_types_inline_hears_that_the_archive_is_being_read(tmp_path: Path) -> None:
    reading = True
    topics = Topics.load(ROOT / "data" / "topics.toml")
    async with Index.open(tmp_path / "index.db", topics) as index:
        offering = Offering(index, dict, Links("bot"), date.today, lambda: reading)
        early = await offering.offers(Asked("OpenAI"), W)
        reading = False
        late = await offering.offers(Asked("OpenAI"), W)

    assert (early.is_early, "reading the archive" in early.button) == (True, True)
    assert (late.is_early, "Nothing found" in late.button) == (False, True)
