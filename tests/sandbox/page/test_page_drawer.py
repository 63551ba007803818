"""Behind the scenes: the calls as they happen, and what can be made to happen."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.sandbox.errors import ApiError
from bot.sandbox.groups import Group
from bot.sandbox.people import Person

ROOT = Path(__file__).parents[3]
Tell = Callable[..., Awaitable[dict[str, Any]]]
Open = Callable[..., Awaitable[Page]]
# A start of the bot may take long on a busy machine.
PATIENT = 60_000


async def test_calls_are_shown_and_refusals_are_red(page: Page, tell: Tell) -> None:
    await tell(text="<b>Hello</b> all", parse_mode="HTML")
    with pytest.raises(ApiError):
        await tell(text="<b>Hello", parse_mode="HTML")

    calls = page.locator(".call")
    await expect(calls).to_have_count(2)
    await expect(calls.first).to_have_class("call refused")
    await expect(calls.first).to_contain_text("can't parse entities")
    await expect(calls.last).to_contain_text("AI News Plus · Hello all")
    await calls.last.locator("summary").click()
    await expect(calls.last.locator("pre")).to_contain_text('"parse_mode": "HTML"')


async def test_one_blocks_the_bot_and_lets_it_write_again(
    page: Page, ann: Person, tell: Tell
) -> None:
    await page.get_by_role("button", name="Block the bot").click()
    await expect(page.get_by_role("button", name="Unblock the bot")).to_be_visible()
    with pytest.raises(ApiError, match="bot was blocked by the user"):
        await tell(chat_id=ann.id, text="Are you there?")
    await page.locator(".chat", has_text="Digest Sandbox").click()
    await expect(page.get_by_role("button", name="UNBLOCK AND START")).to_be_visible()

    await page.get_by_role("button", name="Unblock the bot").click()

    await expect(page.get_by_role("button", name="Block the bot")).to_be_visible()
    await tell(chat_id=ann.id, text="There you are")
    await expect(page.locator(".bubble .flow")).to_have_text("There you are")


async def test_a_flood_refuses_some_messages(page: Page, tell: Tell) -> None:
    await page.get_by_role("button", name="Flood").click()
    await expect(page.locator(".toast")).to_be_visible()

    for _ in range(3):
        with pytest.raises(ApiError, match="Too Many Requests: retry after"):
            await tell(text="Once more")
    await tell(text="At last")
    await expect(page.locator(".bubble .flow")).to_have_text("At last")


async def test_what_needs_a_stage_is_not_offered_without_one(page: Page) -> None:
    await expect(page.get_by_role("button", name="Flood")).to_be_visible()
    await expect(page.locator(".control")).to_have_count(2)


async def test_the_drawer_opens_and_closes(page: Page, group: Group) -> None:
    await page.get_by_role("button", name="Close the drawer").last.click()
    await expect(page.locator("aside")).to_be_hidden()

    await page.get_by_role("button", name="Open the drawer").click()

    await expect(page.get_by_role("heading", name="Behind the scenes")).to_be_visible()


@asynccontextmanager
async def command(folder: Path) -> AsyncIterator[str]:
    """Run the command as a newcomer does; give the page's address."""
    kept = {name: os.environ[name] for name in os.environ if name.startswith(("COV", "PATH"))}
    settings = {
        "PYTHONPATH": str(ROOT),
        "TOPICS_FILE": str(ROOT / "data" / "topics.toml"),
        "DIGEST_DIR": str(ROOT / "data" / "digests"),
        "PYTHONUTF8": "1",
        "LANGUAGE": "en",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--no-open"),
        cwd=folder,
        env=kept | settings,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        address = (await process.stdout.readline()).decode().removeprefix("▶").strip()
        reading = asyncio.create_task(process.stdout.read())
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        await reading


def files_of(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*.md")}


async def test_the_whole_command_plays_days_corrections_and_crashes(
    open_page: Open, tmp_path: Path
) -> None:
    before = files_of(ROOT / "data" / "digests")
    async with command(tmp_path) as address:
        page = await open_page(address)
        article = page.locator("article", has_text="AI 日报")
        await expect(article).to_have_count(1, timeout=PATIENT)
        await expect(article).to_contain_text("Jan 14, 2026")

        await page.get_by_role("button", name="Next day's digest arrives").click()
        await expect(article).to_have_count(2, timeout=PATIENT)
        await expect(article.last).to_contain_text("Jan 15, 2026")

        await page.get_by_role("button", name="Correct today's digest").click()
        await expect(article.last.locator(".edited")).to_be_visible(timeout=PATIENT)
        await expect(article.last).to_contain_text("(edited)")
        await expect(article).to_have_count(2)

        await page.get_by_role("button", name="Kill and restart the bot").click()
        await expect(page.locator(".toast").last).to_contain_text("killed", timeout=PATIENT)
        await page.get_by_label("Write a message").fill("/today")
        await page.keyboard.press("Escape")
        await page.keyboard.press("Enter")
        answer = page.locator("article", has_text="(edited)")
        await expect(answer).to_have_count(1, timeout=PATIENT)
        await expect(article).to_have_count(3)
        await page.goto("about:blank")

    assert files_of(ROOT / "data" / "digests") == before
