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
    ) -> None:
        self._index = index
        self._titles = titles
        self._links = links
        self._today = today

    async def offers(self, asked: Asked, w: Words) -> Offers:
        """Give a page of offers."""
        results = await (self._found(asked) if asked.query.strip() else self._newest(asked.offset))
        covers = await self._index.covers({hit.digest_id for hit in results.hits})
        return offers(Found(asked, results, self._titles(), covers), w, self._links)

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
