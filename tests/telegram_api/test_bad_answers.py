"""Bad answers in the midst of a broadcast: nothing lost, nothing stuck, each told once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from aiohttp import web
from telegram.ext import ExtBot

from bot.services.outcomes import Priority
from bot.services.subscriptions import Subscriptions
from bot.storage.database import Database
from tests.telegram_api.faults import announce, delivering, hurried, refusal, states

if TYPE_CHECKING:
    from tests.telegram_api.conftest import BotApi

Answering: TypeAlias = Callable[[dict[str, Any]], Awaitable[web.StreamResponse]]
LARGE = 2**52
CHATS = [*range(1, 20), *range(LARGE, LARGE + 11), *range(-LARGE - 10, -LARGE)]
START = datetime(2026, 1, 14, tzinfo=UTC)


@pytest.fixture
def read_timeout() -> float:
    """Let no answer be late on a busy machine: it would be asked for twice."""
    return 30.0


class Tenth:
    """Answers every tenth request by *fault*, which may pass it on, and all others well."""

    def __init__(self, api: BotApi, fault: Answering) -> None:
        self.api = api
        self.fault = fault
        self.requests = 0
        self.faults = 0
        self.arrived: Counter[int] = Counter()

    async def __call__(self, asked: dict[str, Any]) -> web.StreamResponse:
        self.requests += 1
        if self.requests % 10 == 0:
            self.faults += 1
            return await self.fault(asked)
        return self.deliver(asked)

    def deliver(self, asked: dict[str, Any]) -> web.StreamResponse:
        self.arrived[asked["chat_id"]] += 1
        return web.json_response(self.api.message(asked["chat_id"]))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}") as opened:
        subscriptions = Subscriptions(opened, lambda: START - timedelta(hours=1))
        for chat in CHATS:
            await subscriptions.subscribe(chat)
        yield opened


async def everyone_has_it_once(api: BotApi, bot: ExtBot[Priority], database: Database) -> None:
    server = api.usually
    assert isinstance(server, Tenth)
    await announce(database, bot, hurried(START))
    assert set((await states(database)).values()) == {"sent"}
    assert server.faults >= 4
    assert server.arrived == dict.fromkeys(CHATS, 1)


@pytest.mark.parametrize("wait", [0, -1, "soon", None, 0.5])
async def test_any_wait_is_a_wait(
    api: BotApi, bot: ExtBot[Priority], database: Database, wait: object
) -> None:
    async def flood(_asked: dict[str, Any]) -> web.StreamResponse:
        return refusal(429, "Too Many Requests", {"retry_after": wait})

    api.usually = Tenth(api, flood)

    await everyone_has_it_once(api, bot, database)


@pytest.mark.parametrize("body", ["<html>gateway</html>", '{"ok": true, "resu', "", "[]", "null"])
async def test_what_is_no_answer_is_asked_for_again(
    api: BotApi, bot: ExtBot[Priority], database: Database, body: str
) -> None:
    async def mumble(_asked: dict[str, Any]) -> web.StreamResponse:
        return web.Response(text=body)

    api.usually = Tenth(api, mumble)

    await everyone_has_it_once(api, bot, database)


async def test_an_answer_for_another_message_is_not_believed(
    api: BotApi, bot: ExtBot[Priority], database: Database
) -> None:
    async def confuse(asked: dict[str, Any]) -> web.StreamResponse:
        return web.json_response(api.message(asked["chat_id"] + 1))

    api.usually = Tenth(api, confuse)

    await everyone_has_it_once(api, bot, database)


@pytest.mark.parametrize("read_timeout", [3.0])
async def test_a_hung_connection_holds_nobody_up(
    api: BotApi, bot: ExtBot[Priority], database: Database
) -> None:
    async def hang(_asked: dict[str, Any]) -> web.StreamResponse:
        await asyncio.sleep(60)
        raise AssertionError

    api.usually = Tenth(api, hang)

    await everyone_has_it_once(api, bot, database)


async def test_a_server_that_closes_every_tenth_connection_loses_nothing(
    api: BotApi, bot: ExtBot[Priority], database: Database
) -> None:
    async def close(asked: dict[str, Any]) -> web.StreamResponse:
        server = api.usually
        assert isinstance(server, Tenth)
        answer = server.deliver(asked)
        answer.force_close()
        return answer

    api.usually = Tenth(api, close)

    await everyone_has_it_once(api, bot, database)


async def test_a_wait_of_half_a_day_holds_only_its_chat_up(
    api: BotApi, bot: ExtBot[Priority], database: Database
) -> None:
    async def flood(asked: dict[str, Any]) -> web.StreamResponse:
        # Three at once would be the whole bot's.
        if server.faults > 2:
            return server.deliver(asked)
        return refusal(429, "Too Many Requests", {"retry_after": 43_837})

    server = api.usually = Tenth(api, flood)
    async with delivering(database, bot, hurried(START)) as (worker, _):
        while server.arrived.total() < len(CHATS) - 2:
            await asyncio.sleep(0.05)
            worker.wake()

    assert Counter((await states(database)).values()) == {"sent": len(CHATS) - 2, "retry": 2}
    assert set(server.arrived.values()) == {1}
