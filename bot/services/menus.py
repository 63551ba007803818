"""Whose menu names what admins may: so that it can be taken from who is no admin any more."""

from __future__ import annotations

from bot.storage import menus
from bot.storage.database import Database


class AdminMenus:
    """Remembers who was given an admin's menu."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def former(self, admins: frozenset[int]) -> set[int]:
        """Give those who still have an admin's menu, and are none."""
        async with self._database.reading() as db:
            return await menus.known(db) - admins

    async def given(self, person: int) -> None:
        """Note that *person* gets an admin's menu."""
        async with self._database.transaction() as db:
            await menus.note(db, person)

    async def taken(self, person: int) -> None:
        """Note that *person* no longer has one."""
        async with self._database.transaction() as db:
            await menus.drop(db, person)
