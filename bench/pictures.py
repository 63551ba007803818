"""Take the pictures of README and docs: `make pictures`. The real command, a real browser."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, FloatRect, Locator, Page, async_playwright

TARGET = Path(__file__).parent.parent / "docs" / "pictures"
MOST_BYTES = 300_000
# Of the wall around a message that is taken alone.
MARGIN = 8
BOT = ".chat:has(.chat-name:text-is('Digest Sandbox'))"
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@asynccontextmanager
async def sandbox() -> AsyncIterator[str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--no-open"),
        env={**os.environ, "LANGUAGE": "zh-CN", "PYTHONUTF8": "1"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    address = (await process.stdout.readline()).decode().removeprefix("▶").strip()
    reading = asyncio.create_task(process.stdout.read())
    try:
        yield address
    finally:
        process.terminate()
        await process.wait()
        await reading


async def opened(
    browser: Browser,
    address: str,
    width: int,
    height: int,
    scheme: Literal["light", "dark"] = "light",
    scale: float = 1,
) -> Page:
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        color_scheme=scheme,
        locale="zh-CN",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    page.set_default_timeout(60_000)
    await page.goto(address)
    await page.wait_for_selector("[data-ready=true]")
    return page


async def say(page: Page, words: str) -> None:
    await page.locator(".field").fill(words)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")


async def take(page: Page, name: str, around: Locator | None = None) -> None:
    """Take a picture of the whole page, or of what is *around* a message."""
    await page.mouse.move(0, 0)
    await page.evaluate("document.activeElement.blur()")
    await page.locator(".scroller:not(.scrolling)").wait_for()
    await page.wait_for_timeout(400)
    path = TARGET / f"{name}.png"
    clip = await bounds(around) if around else None
    size = len(await page.screenshot(path=path, clip=clip))
    print(f"{path.relative_to(TARGET.parent.parent)}: {size // 1000} kB")
    assert size <= MOST_BYTES, f"{name}.png is too large"


async def bounds(message: Locator) -> FloatRect:
    """Measure a message with its buttons, and a little of the wall behind it."""
    box = await message.locator(".column").bounding_box()
    assert box is not None
    return {
        "x": box["x"] - MARGIN,
        "y": box["y"] - MARGIN,
        "width": box["width"] + 2 * MARGIN,
        "height": box["height"] + 2 * MARGIN,
    }


async def group(browser: Browser, address: str) -> None:
    page = await opened(browser, address, 1100, 860)
    await page.locator("article").nth(1).wait_for()
    await take(page, "group")
    await page.context.close()


async def phone(browser: Browser, address: str) -> None:
    page = await opened(browser, address, 390, 800, scale=1.5)
    await page.locator(".chat", has_text="AI News Plus").first.click()
    await take(page, "phone")
    await page.context.close()


async def private(browser: Browser, address: str) -> None:
    page = await opened(browser, address, 1100, 800)
    await page.locator(BOT).click()
    await page.locator(".instead").click()
    await page.locator("article:not(.own)").wait_for()
    await say(page, "/today")
    await page.get_by_role("button", name="阅读：AI 日报").click()
    await page.locator(".edited").wait_for()
    await take(page, "private")
    await page.context.close()


async def calendar(browser: Browser, address: str) -> None:
    page = await opened(browser, address, 1100, 800, "dark")
    await page.locator(BOT).click()
    await say(page, "/today")
    await page.get_by_role("button", name="日历").last.click()
    await page.locator("article", has_text="天有日报").wait_for()
    await take(page, "calendar")
    await page.context.close()


async def drawer(browser: Browser, address: str) -> None:
    page = await opened(browser, address, 1360, 800)
    await page.get_by_role("button", name="限流").click()
    await page.get_by_role("button", name="第二天的日报到了").click()
    await page.locator(".call.refused").first.wait_for()
    await page.locator("article", has_text="2026年1月15日").wait_for()
    await page.locator(".toast").last.wait_for(state="detached")
    await take(page, "drawer")
    await page.context.close()


async def views(browser: Browser, address: str) -> None:
    """Take what docs/reading.md names: post, contents, story and calendar, each alone."""
    page = await opened(browser, address, 700, 1100)
    await page.locator(".chat", has_text="AI News Plus").first.click()
    await take(page, "post", page.locator("article").first)
    await page.locator(".back").click()
    await page.locator(BOT).click()
    await say(page, "/today")
    message = page.locator("article").last
    await press(message, "阅读：AI 日报", "开篇")
    await take(page, "contents", message)
    await press(message, "2. ", "下一栏")
    await press(message, "1", "下一条")
    await take(page, "story", message)
    await say(page, "/today")
    await press(message, "日历", "天有日报")
    await take(page, "month", message)
    await page.context.close()


async def press(message: Locator, label: str, then: str) -> None:
    """Press the first button whose label begins so, and wait for what it brings."""
    await message.locator(".key", has_text=label).first.click()
    await message.get_by_text(then).first.wait_for()


async def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    async with sandbox() as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS
        )
        for picture in (group, phone, private, calendar, views, drawer):
            await picture(browser, address)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
