"""What people chose comes back as it was, and who wishes for the same is one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.exc import IntegrityError

from bot.model import Preferences, Quiet, Timing
from bot.storage import chats, preferences
from bot.storage.records import ChatSeen

if TYPE_CHECKING:
    from bot.storage.database import Database

NOW = datetime(2026, 1, 14, tzinfo=UTC)
EVENING = Timing(20, "Asia/Tokyo", frozenset({0, 6}), Quiet(22, 7))


async def keep(database: Database, chat_id: int, chosen: Preferences) -> None:
    async with database.transaction() as db:
        await chats.note_id(db, chat_id, NOW)
        await preferences.keep(db, chat_id, chosen)


@pytest.mark.parametrize("chosen", [Preferences(), Preferences("en"), Preferences("en", EVENING)])
async def test_what_was_chosen_comes_back(database: Database, chosen: Preferences) -> None:
    await keep(database, 1, Preferences("zh-CN", Timing(6)))
    await keep(database, 1, chosen)

    async with database.reading() as db:
        assert await preferences.of(db, 1) == chosen
        assert await preferences.of(db, 2) == Preferences()


async def test_only_those_who_wait_are_told_apart(database: Database) -> None:
    for chat_id, timing in enumerate(
        (Timing(), Timing(zone="Asia/Tokyo"), EVENING, EVENING, Timing(9)), start=1
    ):
        await keep(database, chat_id, Preferences(timing=timing))

    async with database.reading() as db:
        assert set(await preferences.timings(db)) == {EVENING, Timing(9)}


async def test_the_own_language_goes_before_telegrams(database: Database) -> None:
    async with database.transaction() as db:
        await chats.note(db, ChatSeen(1, "private", language="en"), NOW)
        await chats.note(db, ChatSeen(2, "private", language="en"), NOW)
    await keep(database, 1, Preferences("zh-CN"))

    async with database.reading() as db:
        assert [await chats.language(db, chat_id) for chat_id in (1, 2, 3)] == ["zh-CN", "en", None]


async def test_preferences_move_with_their_chat(database: Database) -> None:
    async with database.transaction() as db:
        await chats.note(db, ChatSeen(-1, "group"), NOW)
        await preferences.keep(db, -1, Preferences(timing=EVENING))
        await chats.move(db, -1, -1001, NOW)

    async with database.reading() as db:
        assert (await preferences.of(db, -1001)).timing == EVENING
        assert await preferences.of(db, -1) == Preferences()


async def test_quiet_hours_that_never_end_are_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await keep(database, 1, Preferences(timing=Timing(quiet=Quiet(7, 7))))
