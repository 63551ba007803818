"""All that can go wrong at once: each chat ends as it should, and none is bothered once gone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from telegram.ext import ExtBot

from bot.services.outcomes import Priority
from tests.telegram_api.faults import announce_twice

if TYPE_CHECKING:
    from tests.telegram_api.conftest import BotApi

PEOPLE = range(1, 201)
GROUPS = range(-40, 0)


async def test_every_chat_ends_in_the_right_state(
    api: BotApi, bot: ExtBot[Priority], tmp_path: Path
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"

    ended = await announce_twice(api, bot, url, [*PEOPLE, *GROUPS])

    assert (ended["sent"], sum(ended.values())) == (172, 240)
