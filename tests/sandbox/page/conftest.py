"""The page in a real browser: Debian's Chromium, steered by Playwright."""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from bot.sandbox import Sandbox
from bot.sandbox.groups import Group
from bot.sandbox.people import Person

# The size of a laptop's window, with all three panes.
WIDE = {"width": 1360, "height": 860}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

# Methods that are about no chat.
ELSEWHERE = ("setMyCommands", "answerCallbackQuery", "answerInlineQuery")

Open = Callable[..., Awaitable[Page]]

# As patient as what is pressed: a browser beside other tests gets little of a small machine.
expect.set_options(timeout=60_000)


async def next_update(sandbox: Sandbox, kind: str) -> dict[str, Any]:
    """Wait for an update of a kind, as the bot does."""
    async with asyncio.timeout(10):
        while True:
            for update in await sandbox.perform("getUpdates", {"timeout": 1}):
                await sandbox.perform("getUpdates", {"offset": update["update_id"] + 1})
                if kind in update:
                    found: dict[str, Any] = update[kind]
                    return found


def chromium() -> str:
    """Find the browser; without one the tests are skipped, never where CI is."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("no Chromium in CI: apt-get install chromium, or the page goes untested")
    if found is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium tests the chat page")
    return found


@pytest.fixture(scope="session")
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
def ann(sandbox: Sandbox) -> Person:
    """A member of the group, who has started the bot."""
    person = sandbox.person("Ann", language="en", started=True)
    sandbox.chat("@ai_news_plus").has_member(person)
    return person


@pytest.fixture
def group(sandbox: Sandbox, ann: Person) -> Group:
    """The group, with its owner and another member."""
    group = sandbox.chat("@ai_news_plus")
    group.has_owner(sandbox.person("Ada", language="en", started=True))
    group.has_member(sandbox.person("Bo", language="zh-hans"))
    return group


@pytest.fixture
async def open_page(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Open]:
    """Open an address; at the end no page may have complained, or asked another machine."""
    wrong: list[str] = []
    contexts = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            wrong.append(f"{message.text} at {message.location}")

    async def open_page(url: str, **options: Any) -> Page:
        options = {"viewport": WIDE, "locale": "en-GB", **options}
        context = await browser.new_context(**options)
        contexts.append(context)
        page = await context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith("http://127.0.0.1:") else wrong.append(request.url)
            ),
        )
        page.set_default_timeout(60_000)
        await page.goto(url)
        await page.wait_for_selector("[data-ready=true]")
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert wrong == []


@pytest.fixture
async def page(open_page: Open, sandbox: Sandbox, group: Group) -> Page:
    """Ann's page, the group open in it."""
    return await open_page(sandbox.page)


@pytest.fixture
def tell(sandbox: Sandbox, group: Group) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Let the bot send something to the group, or elsewhere."""

    async def tell(method: str = "sendMessage", **params: Any) -> dict[str, Any]:
        where = {} if method in ELSEWHERE else {"chat_id": group.id}
        result: dict[str, Any] = await sandbox.perform(method, where | params)
        return result

    return tell
