"""Updates by webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox import Sandbox
from tests.sandbox.conftest import Api, Refusal, polling


class Hook:
    """A bot's webhook: keeps what comes, answers as told."""

    def __init__(self) -> None:
        self.updates: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.headers: list[str | None] = []
        self.answers: list[web.Response] = []
        self.url = ""
        self.under_way = self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def handle(self, request: web.Request) -> web.Response:
        self.headers.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        self.updates.put_nowait(await request.json())
        await self.gate.wait()
        self.under_way -= 1
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
    sandbox: Sandbox, api: Api, refusal: Refusal, hook: Hook
) -> None:
    poll = asyncio.ensure_future(refusal("getUpdates", timeout=30))
    await polling(sandbox)
    await api("setWebhook", url=hook.url, allowed_updates=["message"])

    assert await poll == "409 Conflict: terminated by setWebhook request"
    assert (await refusal("getUpdates")).startswith("409 Conflict: can't use getUpdates method")
    assert (await api("getWebhookInfo"))["allowed_updates"] == ["message"]
    assert (await api("getWebhookInfo"))["max_connections"] == 40
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


async def test_one_chat_keeps_its_order_and_others_need_not_wait(
    sandbox: Sandbox, api: Api, hook: Hook
) -> None:
    ann, bob, cat = (sandbox.person(name) for name in ("Ann", "Bob", "Cat"))
    hook.gate.clear()
    await api("setWebhook", url=hook.url, max_connections=2)
    for person in (ann, bob, cat):
        await person.says("One")
        await person.says("Two")
    first = [await hook.updates.get() for _ in range(2)]

    pending = (await api("getWebhookInfo"))["pending_update_count"]
    hook.gate.set()
    rest = [await hook.updates.get() for _ in range(4)]

    said = [(one["message"]["from"]["first_name"], one["message"]["text"]) for one in first + rest]
    assert said[:2] == [("Ann", "One"), ("Bob", "One")]
    assert pending == 6
    assert hook.most_at_once == 2
    for name in ("Ann", "Bob", "Cat"):
        assert said.index((name, "One")) < said.index((name, "Two"))
    async with asyncio.timeout(5):
        while (await api("getWebhookInfo"))["pending_update_count"]:
            pass


async def test_a_chat_that_fails_holds_up_no_other(sandbox: Sandbox, api: Api, hook: Hook) -> None:
    ann, bob = sandbox.person("Ann"), sandbox.person("Bob")
    hook.answers = [web.Response(status=503, headers={"Retry-After": "3600"})]
    await api("setWebhook", url=hook.url)

    await ann.says("Must wait for an hour")
    await hook.updates.get()
    await bob.says("Comes at once")

    assert (await hook.updates.get())["message"]["text"] == "Comes at once"
    assert (await api("getWebhookInfo"))["pending_update_count"] >= 1


async def test_a_new_address_gets_what_the_old_one_did_not_take(
    sandbox: Sandbox, api: Api, hook: Hook
) -> None:
    hook.answers = [web.Response(status=503, headers={"Retry-After": "3600"})]
    await api("setWebhook", url=hook.url)
    await sandbox.person("Ann").says("Hi")
    await hook.updates.get()

    await api("setWebhook", url=f"{hook.url}?another")

    assert (await hook.updates.get())["message"]["text"] == "Hi"


async def test_an_answer_may_be_a_form_and_obeys_no_looking(
    sandbox: Sandbox, api: Api, hook: Hook
) -> None:
    ann = sandbox.person("Ann")
    form = f"method=sendMessage&chat_id={ann.id}&text=From+a+form"
    kind = "application/x-www-form-urlencoded"
    hook.answers = [
        web.json_response({"method": "deleteWebhook"}),
        web.json_response({"method": "getMe"}),
        web.json_response([1]),
        web.Response(text=form, content_type=kind),
    ]
    await api("setWebhook", url=hook.url)

    for _ in range(4):
        await ann.says("Hi")

    await ann.sees("From a form")
    assert (await api("getWebhookInfo"))["url"] == hook.url
    assert "getMe" not in [call.method for call in sandbox.calls]


@pytest.mark.parametrize("fault", [{"cut": True}, {"lost": True}, {"status": 500}])
async def test_a_call_that_fails_in_an_answer_keeps_no_update_back(
    sandbox: Sandbox, api: Api, hook: Hook, fault: dict[str, Any]
) -> None:
    ann = sandbox.person("Ann")
    sandbox.faults.add(method="sendMessage", **fault)
    call = {"method": "sendMessage", "chat_id": ann.id, "text": "Hello"}
    hook.answers = [web.json_response(call)]
    await api("setWebhook", url=hook.url)

    await ann.says("One")
    await ann.says("Two")

    async with asyncio.timeout(10):
        said = [(await hook.updates.get())["message"]["text"] for _ in range(2)]
    assert said == ["One", "Two"]


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"url": "http://[x"}, "invalid webhook URL specified"),
        ({"url": "ftp://example.org"}, "invalid webhook URL specified"),
        ({"url": "https://example.org:99"}, "only on ports 80, 88, 443 or 8443"),
        ({"url": "https://example.org", "secret_token": "x" * 257}, "secret token is too long"),
    ],
)
async def test_odd_webhooks_are_refused(
    refusal: Refusal, params: dict[str, object], words: str
) -> None:
    assert (await refusal("setWebhook", **params)).endswith(words)


async def test_setting_and_deleting_say_what_they_did(
    sandbox: Sandbox, session: aiohttp.ClientSession
) -> None:
    async def ask(method: str, **params: str) -> str:
        url = f"{sandbox.api}/bot{sandbox.token}/{method}"
        async with session.post(url, json=params) as response:
            return str((await response.json())["description"])

    assert await ask("setWebhook", url="example.org/hook") == "Webhook was set"
    assert await ask("setWebhook", url="example.org/hook") == "Webhook is already set"
    assert await ask("deleteWebhook") == "Webhook was deleted"
    assert await ask("setWebhook", url="") == "Webhook is already deleted"


async def test_a_courier_that_dies_is_heard_of(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.RaisesGroup(TypeError):
        async with Sandbox() as sandbox:
            sandbox.world.webhook.connections = None  # type: ignore[assignment]
            sandbox.world.webhook.url = "http://127.0.0.1:9/"
            sandbox.world.webhook.active.set()
            await sandbox.person("Ann").says("Hi")
            async with asyncio.timeout(20):
                while not caplog.messages:  # noqa: ASYNC110 - the log sets no event
                    await asyncio.sleep(0.01)

    assert caplog.messages == ["sandbox: the webhook ended"]
