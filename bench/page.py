"""Measure the chat page in Chromium: `python -m bench.page`.

How soon it can be used, with few messages and with 5,000; how long a step of scrolling, a typed
letter, a new message and a patch keep the browser's main thread busy then (in time of its own,
which other programs on the machine do not lengthen); how fast a flood of messages gets through.
Each line ends with the part of its limit that it used: above 1.00 it is broken.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from bot.sandbox import Sandbox
from bot.sandbox.groups import Group

MESSAGES = 5_000
PATCHES = 40
FLOOD = 500
# In seconds and messages a second. Browsers call a task long from 50 ms on.
USABLE = 1.0
BUSY = 0.05
FLOOD_RATE = 60
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
TEXT = "<b>Headline {n}</b>\n• <a href='https://example.com/{n}'>A story</a> with words\n#topic"
BUTTONS = {"inline_keyboard": [[{"text": "Read", "callback_data": "r"}]]}
# Scrolls a step towards the oldest message; gives the first that is drawn.
SCROLL = """async () => {
    const scroller = document.querySelector('.scroller');
    scroller.dispatchEvent(new Event('wheel'));
    scroller.scrollBy(0, -800);
    await new Promise(requestAnimationFrame);
    return document.querySelector('.row').textContent;
}"""
# Waits until words are on the page, in the newest message.
SHOWN = """(words) => new Promise((done) => {
    const look = () => [...document.querySelectorAll('.row')].at(-1)?.textContent.includes(words)
        ? done() : requestAnimationFrame(look);
    look();
})"""


def report(what: str, measured: str, used: float) -> None:
    print(f"{what}: {measured} ({used:.2f} of the limit)")


async def opened(browser: Browser, address: str, what: str) -> Page:
    context = await browser.new_context(viewport={"width": 1360, "height": 860})
    page = await context.new_page()
    start = time.perf_counter()
    await page.goto(address, wait_until="commit")
    await page.wait_for_selector("[data-ready=true]")
    await page.wait_for_selector("textarea")
    seconds = time.perf_counter() - start
    report(f"usable {what}", f"{seconds:.2f} s", seconds / USABLE)
    return page


async def tell(box: Sandbox, group: Group, number: int) -> int:
    text = TEXT.format(n=number)
    wish = {"chat_id": group.id, "text": text, "parse_mode": "HTML", "reply_markup": BUTTONS}
    return int((await box.perform("sendMessage", wish))["message_id"])


async def shown(page: Page, number: int) -> float:
    start = time.perf_counter()
    await page.evaluate(SHOWN, f"Headline {number}")
    return time.perf_counter() - start


async def busiest(page: Page, what: str, steps: AsyncIterator[None]) -> None:
    """Report how long the busiest of some steps kept the page's main thread."""
    session = await page.context.new_cdp_session(page)
    await session.send("Performance.enable", {"timeDomain": "threadTicks"})
    worst, before = 0.0, await spent(session)
    async for _ in steps:
        after = await spent(session)
        worst, before = max(worst, after - before), after
    report(f"busiest {what}", f"{1000 * worst:.0f} ms", worst / BUSY)


async def spent(session: CDPSession) -> float:
    metrics = (await session.send("Performance.getMetrics"))["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration"))


async def measure(browser: Browser) -> None:
    async with Sandbox() as box:
        ann = box.person("Ann", started=True)
        group = box.chat("@ai_news_plus")
        group.has_member(ann)
        await tell(box, group, 0)
        page = await opened(browser, box.page, "with one message, opened for the first time")
        await page.context.close()
        page = await opened(browser, box.page, "with one message")
        for number in range(1, MESSAGES):
            await tell(box, group, number)
            if number % 100 == 0:
                await asyncio.sleep(0)
        seconds = await shown(page, MESSAGES - 1)
        print(f"{MESSAGES} messages at once: shown {seconds:.2f} s after the last")
        await page.context.close()
        page = await opened(browser, box.page, f"with {MESSAGES} messages")
        await busiest(page, "step of scrolling to the oldest", scrolling(page))
        await page.get_by_role("button", name="Go to newest").click()
        await busiest(page, "typed letter", typing(page))
        await busiest(page, "new message", arriving(box, group, page))
        await busiest(page, "patch of a message", patching(box, group, page))
        await flood(box, group, page)


async def scrolling(page: Page) -> AsyncIterator[None]:
    while "Headline 0\n" not in await page.evaluate(SCROLL):
        yield


async def typing(page: Page) -> AsyncIterator[None]:
    for letter in "As one types on and on":
        await page.locator(".field").press(letter)
        yield


async def arriving(box: Sandbox, group: Group, page: Page) -> AsyncIterator[None]:
    for number in range(MESSAGES, MESSAGES + PATCHES):
        await tell(box, group, number)
        await shown(page, number)
        yield


async def patching(box: Sandbox, group: Group, page: Page) -> AsyncIterator[None]:
    last = await tell(box, group, MESSAGES + PATCHES)
    for number in range(PATCHES):
        wish = {"chat_id": group.id, "message_id": last, "text": f"Headline {number} again"}
        await box.perform("editMessageText", wish)
        await page.evaluate(SHOWN, f"Headline {number} again")
        yield


async def flood(box: Sandbox, group: Group, page: Page) -> None:
    start = time.perf_counter()
    first = MESSAGES + PATCHES + 1
    for number in range(first, first + FLOOD):
        await tell(box, group, number)
    await shown(page, first + FLOOD - 1)
    rate = FLOOD / (time.perf_counter() - start)
    report(f"a flood of {FLOOD}", f"{rate:.0f} messages/s shown", FLOOD_RATE / rate)


async def main() -> None:
    async with async_playwright() as playwright:
        path = shutil.which("chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        await measure(browser)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
