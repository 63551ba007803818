"""Where one is in a chat: at the newest message, at what is unread, or far up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Page, expect

from bot.sandbox.groups import Group
from bot.sandbox.people import Person

Tell = Callable[..., Awaitable[dict[str, Any]]]


async def scroll(page: Page, by: int) -> None:
    await page.mouse.move(700, 400)
    await page.mouse.wheel(0, by)


async def test_a_long_message_is_shown_from_its_beginning(page: Page, tell: Tell) -> None:
    await tell(text="\n".join(f"Line {number}" for number in range(80)))

    await expect(page.locator(".sender")).to_be_in_viewport()
    await tell(text="And a word more")
    await expect(page.locator("article")).to_have_count(2)
    await expect(page.locator(".sender")).to_be_in_viewport()


async def test_what_one_says_is_gone_to_even_if_its_answer_comes_with_it(
    page: Page, tell: Tell, ann: Person, group: Group
) -> None:
    await tell(text="\n".join(f"Line {number}" for number in range(80)))
    await expect(page.locator(".sender")).to_be_in_viewport()

    said = asyncio.create_task(ann.says("And now?", group))
    await asyncio.sleep(0)
    await tell(text="An answer")
    await said

    await expect(page.get_by_text("An answer", exact=True)).to_be_in_viewport()


async def test_of_thousands_of_messages_only_some_are_drawn(page: Page, tell: Tell) -> None:
    for number in range(1_000):
        await tell(text=f"Number {number}")
    await expect(page.locator("article").last).to_contain_text("Number 999")
    assert await page.locator("article").count() <= 200

    for _ in range(200):
        await page.mouse.move(700, 400)
        await page.mouse.wheel(0, -3000)
        if await page.get_by_text("Number 500", exact=True).count():
            break
    await expect(page.get_by_text("Number 500", exact=True)).to_have_count(1)
    assert await page.locator("article").count() <= 200


async def test_the_newest_of_a_flood_is_shown(page: Page, tell: Tell) -> None:
    await page.set_viewport_size({"width": 1360, "height": 860})
    text = "\n".join(["A line"] * 4)
    await tell(text="First")
    await page.reload()
    await expect(page.locator("article")).to_have_count(1)

    # The first unread is at the top of all that is drawn at most, and then more comes.
    for number in range(1, 1000):
        await tell(text=f"{text}\nNumber {number}")
        if number % 100 == 0:
            await asyncio.sleep(0)

    await expect(page.locator("article").last).to_contain_text("Number 999")


async def test_who_reads_above_is_left_there_and_sees_how_many_came(page: Page, tell: Tell) -> None:
    for number in range(40):
        await tell(text=f"Number {number}")
    await expect(page.locator("article").last).to_contain_text("Number 39")
    await scroll(page, -600)
    newest = page.get_by_role("button", name="Go to newest")
    await expect(newest).to_have_class("to-newest shown")
    place = await page.locator(".scroller").evaluate("(node) => node.scrollTop")

    for number in range(3):
        await tell(text=f"News {number}")

    await expect(newest.locator(".badge")).to_have_text("3")
    assert await page.locator(".scroller").evaluate("(node) => node.scrollTop") == place
    await newest.click()
    await expect(page.get_by_text("News 2", exact=True).last).to_be_in_viewport()
    await expect(page.locator(".to-newest")).to_have_class("to-newest")


async def test_what_one_looks_at_stays_while_older_messages_come(page: Page, tell: Tell) -> None:
    for number in range(150):
        await tell(text=f"Number {number}")
    await page.reload()
    await expect(page.locator("article").last).to_contain_text("Number 149")
    before = await page.locator("article").count()

    number = await page.locator(".scroller").evaluate(
        """(node) => {
            const row = document.querySelector("article").nextElementSibling;
            node.dispatchEvent(new Event("wheel"));
            row.scrollIntoView();
            return row.dataset.id;
        }"""
    )

    await page.wait_for_function(
        "(before) => document.querySelectorAll('article').length > before", arg=before
    )
    await expect(page.locator(f"article[data-id='{number}']")).to_be_in_viewport()


async def test_a_line_stands_above_what_came_while_one_was_away(
    page: Page, tell: Tell, ann: Person
) -> None:
    await tell(text="Old")
    await expect(page.locator("article")).to_have_count(1)
    await page.locator(".chat", has_text="No messages").click()
    await expect(page.locator(".talk-about")).to_have_text("bot")
    await tell(text="New")

    await page.locator(".chat", has_text="AI News Plus").click()

    order = page.locator("article .flow, .news")
    await expect(order).to_have_text(["Old", "Unread messages", "New"])
