"""Updates by webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox import Sandbox

Api = Callable[..., Awaitable[Any]]
Refusal = Callable[..., Awaitable[str]]


class Hook:
    """A bot's webhook: keeps what comes, answers as told."""

    def __init__(self) -> None:
        self.updates: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.headers: list[str | None] = []
        self.answers: list[web.Response] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.headers.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.updates.put_nowait(await request.json())
        return self.answers.pop(0) if self.answers else web.Response()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_updates_are_carried_until_taken(sandbox: Sandbox, api: Api, hook: Hook) -> None:
    hook.answers = [web.Response(status=500)]
    await api("setWebhook", url=hook.url, secret_token="secret")

    await sandbox.person("Ann").says("Hi")
    first = await hook.updates.get()
    info = await api("getWebhookInfo")
    second = await hook.updates.get()

    assert first == second
    assert hook.headers == ["secret", "secret"]
    assert info["last_error_message"] == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )
    assert info["url"] == hook.url


async def test_an_answer_may_be_a_call(sandbox: Sandbox, api: Api, hook: Hook) -> None:
    ann = sandbox.person("Ann")
    call = {"method": "sendMessage", "chat_id": ann.id, "text": "From the answer"}
    refused = call | {"text": ""}
    hook.answers = [
        web.json_response(refused),
        web.json_response({"method": "none"}),
        web.json_response(call),
    ]
    await api("setWebhook", url=hook.url)

    for _ in range(3):
        await ann.says("Hi")

    await ann.sees("From the answer")


async def test_polling_and_webhook_exclude_each_other(
    api: Api, refusal: Refusal, hook: Hook
) -> None:
    poll = asyncio.ensure_future(refusal("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await api("setWebhook", url=hook.url, allowed_updates=["message"])

    assert await poll == "409 Conflict: terminated by setWebhook request"
    assert (await refusal("getUpdates")).startswith("409 Conflict: can't use getUpdates method")
    assert (await api("getWebhookInfo"))["allowed_updates"] == ["message"]
    assert await api("setWebhook", url="")
    assert await api("getUpdates") == []


async def test_pending_updates_may_be_dropped(sandbox: Sandbox, api: Api) -> None:
    await sandbox.person("Ann").says("Hi")

    assert (await api("getWebhookInfo"))["pending_update_count"] == 1
    assert await api("deleteWebhook", drop_pending_updates=True)
    assert (await api("getWebhookInfo"))["pending_update_count"] == 0


async def test_bad_webhooks_are_refused(refusal: Refusal) -> None:
    plain = await refusal("setWebhook", url="http://example.org/")
    secret = await refusal("setWebhook", url="https://example.org/", secret_token="no no")

    assert plain.endswith("bad webhook: An HTTPS URL must be provided for webhook")
    assert secret.endswith("secret token contains unallowed characters")


async def test_nobody_at_the_address_is_reported(sandbox: Sandbox, api: Api) -> None:
    await api("setWebhook", url="http://127.0.0.1:1/hook")
    await sandbox.person("Ann").says("Hi")

    async with asyncio.timeout(5):
        while "last_error_message" not in await api("getWebhookInfo"):
            pass
