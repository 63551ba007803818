"""What people choose for themselves: their language, and when to receive."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.model import Preferences, Timing
from bot.rendering.callbacks import Choose
from bot.services.addressing import moment_for
from bot.services.choices import chosen
from bot.storage import chats, preferences, waiting
from bot.storage.database import Database, Transaction

LANGUAGES_KEPT = 10_000
"""People whose language is at hand: those who talk with the bot, one read each."""


class PersonalSettings:
    """Keeps what people choose; what they are still owed follows it."""

    def __init__(
        self,
        database: Database,
        timezone: ZoneInfo,
        now: Callable[[], datetime],
        on_redated: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._timezone = timezone
        self._now = now
        self._on_redated = on_redated
        self._languages: OrderedDict[int, str | None] = OrderedDict()

    async def of(self, person: int) -> Preferences:
        """Give what *person* chose."""
        async with self._database.reading() as db:
            return await preferences.of(db, person)

    async def language(self, person: int) -> str | None:
        """Give the language that *person* chose; None for that which Telegram names."""
        if person not in self._languages:
            self._remember(person, (await self.of(person)).language)
        self._languages.move_to_end(person)
        return self._languages[person]

    def language_at_hand(self, person: int) -> str | None:
        """Give the language that *person* chose, as far as `language` was asked for it lately."""
        return self._languages.get(person)

    async def choose(self, person: int, wish: Choose) -> bool:
        """Take a choice of *person*; tell whether there is such a choice."""
        async with self._database.transaction() as db:
            before = await preferences.of(db, person)
            after = chosen(before, wish)
            if after is None:
                return False
            await chats.note_id(db, person, self._now())
            await preferences.keep(db, person, after)
            if after.timing != before.timing:
                await self._redate(db, person, after.timing)
        self._remember(person, after.language)
        if after.timing != before.timing:
            self._on_redated()
        return True

    def local_now(self) -> datetime:
        """Tell the time by the operator's clock."""
        return self._now().astimezone(self._timezone)

    async def _redate(self, db: Transaction, person: int, timing: Timing) -> None:
        now = self._now()
        digests, announcements = (
            moment_for(timing, now, self._timezone, now, heeds_hours=heeds_hours)
            for heeds_hours in (True, False)
        )
        await waiting.redate(db, person, digests, announcements, now)

    def _remember(self, person: int, language: str | None) -> None:
        self._languages[person] = language
        if len(self._languages) > LANGUAGES_KEPT:
            self._languages.popitem(last=False)
