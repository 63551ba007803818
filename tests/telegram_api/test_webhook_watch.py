"""The webhook is kept, whatever others do with it; what Telegram says of it is passed on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from telegram.ext import Application

from bot.sandbox import Sandbox
from bot.telegram_api.client import Client
from bot.telegram_api.inbox import Inbox
from bot.telegram_api.patience import Patience
from bot.telegram_api.webhook import CONNECTIONS, Webhook, WebhookRefused

# Nobody listens there: port 9 takes what is thrown away.
URL = "http://127.0.0.1:9/updates"
SECRET = "abc-DEF_123"  # noqa: S105


@dataclass
class Telegram:
    """A sandbox, and a client that is let in."""

    sandbox: Sandbox
    client: Client

    def webhook(self, url: str = URL) -> Webhook:
        inbox = Inbox(Application.builder().bot(self.client).updater(None).build())
        return Webhook(self.client, inbox, url, SECRET, ("message",), Patience(), 0.05)


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with Sandbox() as sandbox, Client(sandbox.api, sandbox.token, 30) as client:
        yield Telegram(sandbox, client)


@asynccontextmanager
async def kept(webhook: Webhook) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(webhook.run())
        yield
        webhook.stop()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - the sandbox sets no event
            await asyncio.sleep(0.02)


async def test_the_address_is_given_with_its_secret(telegram: Telegram) -> None:
    async with kept(telegram.webhook()):
        await until(lambda: bool(telegram.sandbox.world.webhook.url))

    webhook = telegram.sandbox.world.webhook
    assert (webhook.url, webhook.secret, webhook.connections) == (URL, SECRET, CONNECTIONS)
    assert telegram.sandbox.world.updates.allowed == frozenset({"message"})


async def test_it_is_given_again_when_another_took_it(
    telegram: Telegram, capsys: pytest.CaptureFixture[str]
) -> None:
    webhook = telegram.sandbox.world.webhook
    async with kept(telegram.webhook()):
        await until(lambda: webhook.url == URL)
        webhook.remove()
        await until(lambda: webhook.url == URL)

    assert "set again" in capsys.readouterr().out


async def test_why_telegram_cannot_bring_updates_is_said(
    telegram: Telegram, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ""

    def is_said() -> bool:
        nonlocal said
        said += capsys.readouterr().out
        return "webhook not reached" in said

    async with kept(telegram.webhook()):
        await until(lambda: bool(telegram.sandbox.world.webhook.url))
        await telegram.sandbox.person("Ann").says("hello")
        await until(is_said)


async def test_an_address_that_telegram_refuses_ends_it(telegram: Telegram) -> None:
    with pytest.raises(WebhookRefused, match="https url must be provided"):
        await telegram.webhook("http://bot.example.org/updates").run()


async def test_a_refusal_that_comes_later_is_said_and_tried_again(
    telegram: Telegram, capsys: pytest.CaptureFixture[str]
) -> None:
    webhook = telegram.sandbox.world.webhook
    async with kept(telegram.webhook()):
        await until(lambda: webhook.url == URL)
        refusal = "Bad Request: bad webhook: Failed to resolve host"
        telegram.sandbox.faults.add(method="setWebhook", status=400, description=refusal, times=2)
        webhook.remove()
        await until(lambda: webhook.url == URL)

    assert capsys.readouterr().out.count("webhook refused") == 2


async def test_a_look_that_fails_changes_nothing(telegram: Telegram) -> None:
    telegram.sandbox.faults.add(method="getWebhookInfo", status=500, times=2)
    looks = telegram.sandbox.calls
    async with kept(telegram.webhook()):
        await until(lambda: sum(call.method == "getWebhookInfo" for call in looks) > 3)

    assert telegram.sandbox.world.webhook.url == URL
    assert sum(call.method == "setWebhook" for call in looks) == 1
