"""Who else takes the updates away is said once, and what to do about it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict
from telegram.ext import Application

from bot.sandbox import Sandbox
from bot.telegram_api.client import Client
from bot.telegram_api.inbox import Inbox
from bot.telegram_api.patience import Patience
from bot.telegram_api.polling import Polling


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def other(sandbox: Sandbox) -> AsyncIterator[Client]:
    """Another process with the same token."""
    async with Client(sandbox.api, sandbox.token, 30) as client:
        yield client


@pytest.fixture
async def logs(sandbox: Sandbox) -> AsyncIterator[list[EventDict]]:
    """Poll, and hear what is logged meanwhile."""
    async with Client(sandbox.api, sandbox.token, 30) as client:
        app: Application[Any, Any, Any, Any, Any, Any] = (
            Application.builder().bot(client).updater(None).build()
        )
        polling = Polling(client, Inbox(app), ("message",), Patience())
        with capture_logs() as logs:
            running = asyncio.create_task(polling.run())
            # A webhook that is set before would be taken away.
            async with asyncio.timeout(20):
                while not any(call.method == "deleteWebhook" for call in sandbox.calls):  # noqa: ASYNC110 - the sandbox sets no event
                    await asyncio.sleep(0.02)
            yield logs
            polling.stop()
            await running


async def trouble(logs: list[EventDict]) -> str:
    async with asyncio.timeout(20):
        while not logs:  # noqa: ASYNC110 - the log sets no event
            await asyncio.sleep(0.02)
    return str(logs[0]["event"])


async def test_another_that_polls_is_said_to(logs: list[EventDict], other: Client) -> None:
    async with asyncio.timeout(20):
        while not logs:
            await other.raw_updates(0, ("message",), 0)

    assert await trouble(logs) == "another process polls with this token; stop it"


async def test_another_that_sets_a_webhook_is_told_apart(
    logs: list[EventDict], other: Client
) -> None:
    await other.set_webhook("http://127.0.0.1:9/updates")

    assert (await trouble(logs)).startswith("another process set a webhook for this token")


async def test_a_webhook_that_stands_is_said_to_stand(other: Client) -> None:
    await other.set_webhook("http://127.0.0.1:9/updates")
    patience = Patience()

    with capture_logs() as logs:
        asking = asyncio.create_task(patience(lambda: other.raw_updates(0, (), 0)))
        assert (await trouble(logs)).startswith("another process set a webhook for this token")
        await other.delete_webhook()
        assert await asking == []

    assert [log["event"] for log in logs][1:] == ["Telegram answers again"]
