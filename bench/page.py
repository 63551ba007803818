"""Measure the chat page in Chromium: `python -m bench.page`.

How soon it can be used, with few messages and with 5,000; how long a patch and a scroll keep the
browser busy then; how fast a flood of messages gets through.
"""

from __future__ import annotations

import asyncio
import shutil
import time

from playwright.async_api import Browser, Page, async_playwright

from bot.sandbox import Sandbox
from bot.sandbox.groups import Group

MESSAGES = 5_000
FLOOD = 500
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
TEXT = "<b>Headline {n}</b>\n• <a href='https://example.com/{n}'>A story</a> with words\n#topic"
BUTTONS = {"inline_keyboard": [[{"text": "Read", "callback_data": "r"}]]}
# Scrolls to the oldest message, and counts the frames that took longer than 50 ms.
SCROLL = """async () => {
    const scroller = document.querySelector('.scroller');
    let frames = 0, late = 0, worst = 0, before = performance.now();
    const long = new PerformanceObserver((list) => {
        for (const task of list.getEntries()) { late += 1; worst = Math.max(worst, task.duration); }
    });
    long.observe({type: 'longtask'});
    for (let still = 0; still < 60; ) {
        const height = scroller.scrollHeight, top = scroller.scrollTop;
        scroller.dispatchEvent(new Event('wheel'));
        scroller.scrollBy(0, -400);
        await new Promise(requestAnimationFrame);
        frames += 1;
        still = scroller.scrollTop === top && scroller.scrollHeight === height ? still + 1 : 0;
    }
    const rows = document.querySelectorAll('.row');
    const ms = Math.round(performance.now() - before);
    return {frames, late, worst: Math.round(worst), ms, rows: rows.length,
        first: rows[0].textContent};
}"""

# Resolves in the first frame in which the words are the newest on the page.
SHOWN = """(words) => new Promise((done) => {
    const look = () => [...document.querySelectorAll('.row')].at(-1)?.textContent.includes(words)
        ? done() : requestAnimationFrame(look);
    look();
})"""


async def opened(browser: Browser, address: str) -> tuple[Page, float]:
    context = await browser.new_context(viewport={"width": 1360, "height": 860})
    page = await context.new_page()
    start = time.perf_counter()
    await page.goto(address, wait_until="commit")
    await page.wait_for_selector("[data-ready=true]")
    await page.wait_for_selector("textarea")
    return page, time.perf_counter() - start


async def tell(box: Sandbox, group: Group, number: int) -> None:
    text = TEXT.format(n=number)
    wish = {"chat_id": group.id, "text": text, "parse_mode": "HTML", "reply_markup": BUTTONS}
    await box.perform("sendMessage", wish)


async def shown(page: Page, number: int) -> float:
    start = time.perf_counter()
    await page.evaluate(SHOWN, f"Headline {number}")
    return time.perf_counter() - start


async def measure(browser: Browser) -> None:
    async with Sandbox() as box:
        ann = box.person("Ann", started=True)
        group = box.chat("@ai_news_plus")
        group.has_member(ann)
        await tell(box, group, 0)
        page, seconds = await opened(browser, box.page)
        print(f"usable with one message: {seconds:.2f} s")
        page, seconds = await opened(browser, box.page)
        print(f"usable when opened again: {seconds:.2f} s")
        for number in range(1, MESSAGES):
            await tell(box, group, number)
            if number % 100 == 0:
                await asyncio.sleep(0)
        seconds = await shown(page, MESSAGES - 1)
        print(f"{MESSAGES} messages at once: shown {seconds:.2f} s after the last")
        await page.context.close()
        page, seconds = await opened(browser, box.page)
        print(f"usable with {MESSAGES} messages: {seconds:.2f} s")
        print(f"scrolled through all of them: {await page.evaluate(SCROLL)}")
        await page.get_by_role("button", name="Go to newest").click()
        await patches(box, group, page)
        await page.context.close()


async def patches(box: Sandbox, group: Group, page: Page) -> None:
    start = time.perf_counter()
    for number in range(MESSAGES, MESSAGES + 20):
        await tell(box, group, number)
        await shown(page, number)
    each = (time.perf_counter() - start) / 20
    print(f"a message among {MESSAGES}: on the page after {1000 * each:.0f} ms")
    start = time.perf_counter()
    for number in range(MESSAGES + 20, MESSAGES + 20 + FLOOD):
        await tell(box, group, number)
    await shown(page, MESSAGES + 19 + FLOOD)
    print(f"a flood of {FLOOD}: {FLOOD / (time.perf_counter() - start):.0f} messages/s shown")


async def main() -> None:
    async with async_playwright() as playwright:
        path = shutil.which("chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        await measure(browser)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
