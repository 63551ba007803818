"""The sandbox's own paths."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Sandbox
from tests.sandbox.conftest import Api

Ask = Callable[..., Awaitable[Any]]


@pytest.fixture
def ask(sandbox: Sandbox, session: aiohttp.ClientSession) -> Ask:
    async def call(
        path: str, wish: object = None, method: str | None = None, **headers: str
    ) -> Any:
        url = f"{sandbox.api}/control/{path}"
        method = method or ("GET" if wish is None else "POST")
        async with session.request(method, url, json=wish, headers=headers) as response:
            return response.status, await response.json()

    return call


async def test_a_program_plays_a_person(sandbox: Sandbox, api: Api, ask: Ask) -> None:
    _, ann = await ask("people", {"name": "Ann", "language": "zh-hans"})
    _, chat = await ask("chats", {"name": "News", "kind": "channel"})
    await ask("says", {"person": "Ann", "text": "/start"})
    await ask("says", {"person": "Ann", "text": "Hi", "chat": sandbox.chat("@ai_news_plus").id})
    buttons = {"inline_keyboard": [[{"text": "Web", "url": "https://example.org/"}]]}
    sent = await api("sendMessage", chat_id=ann["id"], text="Hello", reply_markup=buttons)

    press = {"person": "Ann", "chat": ann["id"], "message_id": sent["message_id"], "label": "Web"}
    _, pressed = await ask("presses", press)
    _, messages = await ask(f"messages/{ann['id']}")
    _, state = await ask("state")
    _, calls = await ask("calls")

    assert pressed["answer"]["url"] == "https://example.org/"
    assert [message["text"] for message in messages["messages"]] == ["/start", "Hello"]
    assert (state["people"], state["chats"]["News"]) == ({"Ann": ann["id"]}, chat["id"])
    assert calls["calls"][0]["method"] == "sendMessage"


async def test_trouble_can_be_asked_for(sandbox: Sandbox, ask: Ask) -> None:
    await ask("people", {"name": "Ann"})
    before = sandbox.clock.now()

    await ask("faults", {"status": 500})
    assert sandbox.faults.strike("getMe")
    await ask("faults", method="DELETE")
    assert sandbox.faults.strike("getMe") is None
    await ask("clock", {"advance": 3600})
    assert sandbox.clock.now() >= before + 3600
    await ask("blocks", {"person": "Ann"})
    assert sandbox.people["Ann"].private.blocked
    await ask("blocks", {"person": "Ann", "blocked": False})
    assert not sandbox.people["Ann"].private.blocked


async def test_other_sites_are_refused(ask: Ask) -> None:
    assert (await ask("state", Origin="https://evil.example"))[0] == 403
    assert (await ask("state", Host="evil.example:80"))[0] == 403


async def test_a_page_of_this_server_is_served(sandbox: Sandbox, ask: Ask) -> None:
    assert (await ask("state", Origin=sandbox.api))[0] == 200


async def test_bad_wishes_are_worded(
    ask: Ask, sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    assert (await ask("says", {"person": "Nobody", "text": "x"}))[0] == 400
    assert (await ask("faults", {"wrong": 1}))[0] == 400
    assert (await ask("people", {"name": "x", "wrong": 1}))[0] == 400
    async with session.post(f"{sandbox.api}/control/says", data={"person": "Ann"}) as response:
        assert response.status == 400
    async with session.post(
        f"{sandbox.api}/control/says", data=b"{", headers={"Content-Type": "application/json"}
    ) as response:
        assert response.status == 400


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("people", {"name": "Zed", "username": 5}),
        ("people", {"name": "Zed", "language": ["en"]}),
        ("people", {"name": "Zed", "started": "yes"}),
        ("people", {"name": 5}),
        ("people", {"name": ""}),
        ("people", {}),
        ("chats", {"name": 5}),
        ("chats", {"name": "New", "title": 5}),
        ("chats", {"name": "New", "kind": "private"}),
        ("faults", {"status": 99}),
        ("faults", {"status": 600_000}),
        ("faults", {"retry_after": -5}),
        ("faults", {"delay": -1}),
        ("faults", {"share": 2}),
        ("faults", {"times": -1}),
        ("limits", {"bot": 0}),
        ("limits", {"chat": 0}),
        ("limits", {"wrong": 1}),
        ("clock", {"advance": -1}),
        ("clock", {"advance": 1e300}),
        ("clock", {}),
    ],
)
async def test_what_cannot_be_leaves_nothing_behind(
    sandbox: Sandbox, ask: Ask, path: str, wish: object
) -> None:
    before = len(sandbox.world.users), len(sandbox.world.chats)

    status, answer = await ask(path, wish)

    assert (status, answer["ok"]) == (400, False)
    assert (len(sandbox.world.users), len(sandbox.world.chats)) == before
    assert sandbox.people == {}
    assert sandbox.faults.strike("getMe") is None
    assert sandbox.limits.rates is None


async def test_limits_are_switched_on_and_off(sandbox: Sandbox, api: Api, ask: Ask) -> None:
    sandbox.clock.hold()
    message = {"chat_id": "@ai_news_plus", "text": "x"}

    await ask("limits", {"burst": 1})
    await api("sendMessage", **message)
    with pytest.raises(Exception, match="429 Too Many Requests: retry after 1"):
        await api("sendMessage", **message)
    await ask("limits", method="DELETE")

    assert await api("sendMessage", **message)


async def test_events_are_streamed_as_they_happen(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    await sandbox.person("Ann").says("Before")

    async with session.get(f"{sandbox.api}/control/events") as response:
        asyncio.get_running_loop().call_soon(sandbox.chat("@ai_news_plus").kicks_bot)
        seen = []
        while "member" not in seen:
            line = (await response.content.readline()).decode().strip()
            if line.startswith("event: "):
                seen.append(line.removeprefix("event: "))
            if line.startswith("data: "):
                json.loads(line.removeprefix("data: "))

    assert seen == ["message", "member"]
