"""Stories for someone who types ``@bot words`` in any chat."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from bot.locale import Words
from bot.model import Results
from bot.rendering.inline import OFFERS_A_PAGE, Asked, Found, Offers, offers
from bot.rendering.links import Links
from bot.search.index import Index


class Offering:
    """Finds what to offer: what the words say, or the newest day's headlines."""

    def __init__(
        self,
        index: Index,
        titles: Callable[[], Mapping[str, str]],
        links: Links,
        today: Callable[[], date],
        is_early: Callable[[], bool],
    ) -> None:
        self._index = index
        self._titles = titles
        self._links = links
        self._today = today
        self._is_early = is_early

    async def offers(self, asked: Asked, w: Words) -> Offers:
        """Give a page of offers."""
        is_early = self._is_early()
        results = await (self._found(asked) if asked.query.strip() else self._newest(asked.offset))
        covers = await self._index.covers({hit.digest_id for hit in results.hits})
        found = Found(asked, results, self._titles(), covers, is_early)
        return offers(found, w, self._links)

    async def _found(self, asked: Asked) -> Results:
        return await self._index.search(
            asked.query,
            limit=OFFERS_A_PAGE,
            offset=asked.offset,
            today=self._today(),
            titles=self._titles(),
        )

    async def _newest(self, offset: int) -> Results:
        day = await self._index.newest_day()
        if day is None:
            return Results(0)
        return await self._index.roundup(day, day, limit=OFFERS_A_PAGE, offset=offset)
