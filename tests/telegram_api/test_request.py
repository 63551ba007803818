"""The transport: connections that are kept, proxies, files."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from telegram import InputFile
from telegram.ext import ExtBot
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.services.outcomes import Priority
from bot.storage.records import ChatSeen
from bot.telegram_api.directory import TelegramDirectory
from bot.telegram_api.limiter import RateLimiter
from bot.telegram_api.request import AiohttpRequest, proxy_for


@dataclass
class Desk:
    """A server that notes what reaches it."""

    root: str = ""
    peers: set[object] = field(default_factory=set)
    asked_for: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.peers.add(request.transport and request.transport.get_extra_info("peername"))
        self.asked_for.append(str(request.url))
        if request.content_type.startswith("multipart"):
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    self.files[name] = value.file.read()
        return web.json_response({"ok": True, "result": []})


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", desk.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    desk.root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield desk
    await runner.cleanup()


async def test_connections_are_kept(desk: Desk) -> None:
    async with AiohttpRequest() as request:
        for _ in range(5):
            assert await request.post(f"{desk.root}/x") == []

    assert len(desk.peers) == 1


async def test_a_proxy_is_used(desk: Desk) -> None:
    async with AiohttpRequest(proxy=desk.root) as request:
        await request.post("http://telegram.invalid/x")

    assert desk.asked_for == ["http://telegram.invalid/x"]


async def test_files_are_sent(desk: Desk) -> None:
    file = InputFile(io.BytesIO(b"a digest"), filename="digest.md", attach=False)
    parameters = [
        RequestParameter.from_input("chat_id", 5),
        RequestParameter.from_input("document", file),
    ]
    async with AiohttpRequest() as request:
        await request.post(f"{desk.root}/x", RequestData(parameters))

    assert desk.files == {"document": b"a digest"}


async def test_files_are_fetched(desk: Desk) -> None:
    async with AiohttpRequest() as request:
        assert b'"ok"' in await request.retrieve(f"{desk.root}/file")


async def test_a_transport_that_is_not_ready_says_so(desk: Desk) -> None:
    request = AiohttpRequest()
    await request.shutdown()

    assert request.read_timeout == 20
    with pytest.raises(RuntimeError, match="not initialized"):
        await request.do_request(f"{desk.root}/x", "POST")


@pytest.mark.parametrize(
    ("environment", "root", "expected"),
    [
        ({}, "https://api.telegram.org", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://api.telegram.org", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "http://127.0.0.1:8081", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://127.0.0.1:8081", None),
        ({"ALL_PROXY": "http://p:2"}, "https://api.telegram.org", "http://p:2"),
        (
            {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "telegram.org"},
            "https://api.telegram.org",
            None,
        ),
    ],
)
def test_the_environment_names_the_proxy(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], root: str, expected: str | None
) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert proxy_for(root) == expected


@pytest.mark.parametrize("name", ["@group_one", "-100"])
async def test_a_chat_is_found_by_its_name(api_of_chats: ExtBot[Priority], name: str) -> None:
    directory = TelegramDirectory(api_of_chats)

    assert await directory.chat(name) == ChatSeen(-100, "supergroup", "One", "group_one")


async def test_a_chat_that_moved_is_found_where_it_is(api_of_chats: ExtBot[Priority]) -> None:
    found = await TelegramDirectory(api_of_chats).chat("-5")

    assert found is not None
    assert found.id == -100


async def test_an_unknown_chat_is_none(api_of_chats: ExtBot[Priority]) -> None:
    assert await TelegramDirectory(api_of_chats).chat("@nobody") is None


async def get_chat(request: web.Request) -> web.StreamResponse:
    wanted = str((await request.json())["chat_id"])
    if wanted == "-5":
        moved = {"migrate_to_chat_id": -100}
        body = {"ok": False, "error_code": 400, "description": "Bad Request", "parameters": moved}
        return web.json_response(body, status=400)
    if wanted not in {"@group_one", "-100"}:
        body = {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
        return web.json_response(body, status=400)
    chat = {
        "id": -100,
        "type": "supergroup",
        "title": "One",
        "username": "group_one",
        "accent_color_id": 1,
        "max_reaction_count": 1,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }
    return web.json_response({"ok": True, "result": chat})


@pytest.fixture
async def api_of_chats() -> AsyncIterator[ExtBot[Priority]]:
    app = web.Application()
    app.router.add_post("/bot1:token/getChat", get_chat)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    request = AiohttpRequest()
    root = f"http://127.0.0.1:{runner.addresses[0][1]}/bot"
    await request.initialize()
    yield ExtBot("1:token", base_url=root, request=request, rate_limiter=RateLimiter(30))
    await request.shutdown()
    await runner.cleanup()
