"""A loop whose time the tests own, and a Bot API that answers as it is told."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import os
import socket
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from typing import Any

import pytest
from aiohttp import web
from telegram.ext import ExtBot

from bot.services.outcomes import Priority
from bot.telegram_api.limiter import RateLimiter
from bot.telegram_api.request import AiohttpRequest

# PTB warns of a change to come whenever a flood wait is made, unless it is made already.
os.environ["PTB_TIMEDELTA"] = "1"


class VirtualLoop(asyncio.SelectorEventLoop):
    """Never waits: when nothing is ready, it is later."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        scheduled: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        while scheduled and scheduled[0].cancelled():
            heapq.heappop(scheduled)
        if scheduled and not self._ready:  # type: ignore[attr-defined]
            self.now = max(self.now, scheduled[0].when())
        super()._run_once()  # type: ignore[misc]


def in_virtual_time(main: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run *main* on a loop that never waits."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())


@pytest.fixture(scope="session")
def virtual_time() -> Callable[[Callable[[], Coroutine[Any, Any, None]]], None]:
    return in_virtual_time


class Office:
    """Lets requests through a limiter and notes when each left."""

    def __init__(self, rate: float = 30.0) -> None:
        self.limiter = RateLimiter(rate)
        self.left: list[tuple[float, int | str, object]] = []
        self.failing: deque[Exception] = deque()

    async def ask(
        self,
        chat: int | str,
        label: object = None,
        *,
        method: str = "sendMessage",
        priority: Priority | None = None,
        **data: object,
    ) -> object:
        async def call() -> dict[str, Any]:
            self.left.append((asyncio.get_running_loop().time(), chat, label))
            if self.failing:
                raise self.failing.popleft()
            return {"label": label}

        return await self.limiter.process_request(
            call, (), {}, method, {"chat_id": chat, **data}, priority
        )

    def moments(self, chat: object = None) -> list[float]:
        return [at for at, of, _ in self.left if chat in (None, of)]

    def labels(self) -> list[object]:
        return [label for _, _, label in self.left]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture(scope="session")
def new_office() -> type[Office]:
    return Office


Answering = Callable[[dict[str, Any]], Awaitable[web.StreamResponse]]


class BotApi:
    """Answers sendMessage with what the test put in line, else as Telegram does."""

    token = "1:token"  # noqa: S105

    def __init__(self) -> None:
        self.root = ""
        self.request: web.Request
        self.calls: list[dict[str, Any]] = []
        self.planned: deque[Answering] = deque()
        self.usually: Answering = self._deliver
        self._numbers = itertools.count(1)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        asked: dict[str, Any] = await request.json()
        self.request = request
        self.calls.append(asked)
        if self.planned:
            return await self.planned.popleft()(asked)
        return await self.usually(asked)

    async def _deliver(self, asked: dict[str, Any]) -> web.StreamResponse:
        return web.json_response(self.message(asked["chat_id"]))

    def message(self, chat_id: int) -> dict[str, Any]:
        chat = {"id": chat_id, "type": "private", "first_name": "Ann"}
        message = {"message_id": next(self._numbers), "date": 1, "chat": chat, "text": "…"}
        return {"ok": True, "result": message}

    def refuses(self, status: int, description: str, **parameters: object) -> None:
        async def answer(_asked: dict[str, Any]) -> web.StreamResponse:
            body = {"ok": False, "error_code": status, "description": description}
            if parameters:
                body["parameters"] = parameters
            return web.json_response(body, status=status)

        self.planned.append(answer)

    def says(self, body: str, status: int = 200, headers: Mapping[str, str] = {}) -> None:
        async def answer(_asked: dict[str, Any]) -> web.StreamResponse:
            page = web.Response(text=body, status=status, content_type="text/html")
            page.headers.update(headers)
            return page

        self.planned.append(answer)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    api = BotApi()
    app = web.Application()
    for method in ("sendMessage", "editMessageText", "deleteMessages"):
        app.router.add_post(f"/bot{api.token}/{method}", api.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    api.root = f"http://{host}:{port}"
    yield api
    await runner.cleanup()


@pytest.fixture
def read_timeout() -> float:
    """Say how long an answer may take; a test that is parametrised with it chooses for itself."""
    return 0.5


@pytest.fixture
async def bot(api: BotApi, read_timeout: float) -> AsyncIterator[ExtBot[Priority]]:
    request = AiohttpRequest(read_timeout=read_timeout, connect_timeout=min(read_timeout, 10.0))
    limiter = RateLimiter(1000.0)
    bot = ExtBot(api.token, base_url=f"{api.root}/bot", request=request, rate_limiter=limiter)
    await request.initialize()
    yield bot
    await request.shutdown()
    await limiter.shutdown()


@pytest.fixture
def unused_tcp_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
