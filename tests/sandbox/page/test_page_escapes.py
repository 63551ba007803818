"""Nothing that people, bots, publishers or groups write becomes markup, wherever it is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.sandbox import Sandbox
from bot.sandbox.errors import ApiError
from bot.sandbox.groups import Group
from bot.sandbox.people import Person
from tests.sandbox.page.conftest import next_update

Tell = Callable[..., Awaitable[dict[str, Any]]]
Open = Callable[..., Awaitable[Page]]
EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>"
BUTTONS = {
    "inline_keyboard": [
        [{"text": EVIL, "callback_data": EVIL[:60]}],
        [{"text": "far", "url": "https://example.com/?%3Cimg%20src=x%20onerror=alert(3)%3E"}],
    ]
}
KEYBOARD = {"keyboard": [[{"text": EVIL}]], "input_field_placeholder": EVIL}


@pytest.fixture
async def eve(sandbox: Sandbox, group: Group) -> Person:
    """Someone with an evil name, in a group and its topic that have one too."""
    group.chat.title = EVIL
    eve = sandbox.person(EVIL, language="en", started=True)
    await eve.joins(group)
    return eve


async def none_became_markup(page: Page) -> None:
    """Nothing evil was parsed: neither a picture nor a script came from any of it."""
    assert await page.locator("[onerror], img[src='x'], body script").count() == 0


async def test_names_words_and_buttons(
    open_page: Open, sandbox: Sandbox, eve: Person, tell: Tell, group: Group
) -> None:
    page = await open_page(sandbox.page)
    await eve.says(EVIL, group)
    sent = await tell(text=EVIL, reply_markup=BUTTONS)
    await tell(text=EVIL, reply_parameters={"message_id": sent["message_id"], "quote": EVIL})
    await tell("pinChatMessage", message_id=sent["message_id"])
    await tell("forwardMessage", from_chat_id=group.id, message_id=sent["message_id"])
    language = {"type": "pre", "offset": 0, "length": 4, "language": EVIL}
    await tell(text="code", entities=[language])
    await tell(text=EVIL, reply_markup=KEYBOARD)

    await expect(page.locator(".sender").first).to_have_text(EVIL)
    await expect(page.locator(".talk-name")).to_have_text(EVIL)
    await expect(page.locator(".key").first).to_have_text(EVIL)
    await expect(page.locator(".pinned-gist")).to_have_text(EVIL)
    await expect(page.locator(".language")).to_have_text(EVIL)
    await expect(page.locator(".reply-words")).to_have_text(EVIL)
    await expect(page.locator(".board .key")).to_have_text(EVIL)
    await expect(page.get_by_placeholder(EVIL)).to_be_visible()
    await expect(page.locator(".person-name").last).to_have_text(EVIL)
    await none_became_markup(page)


async def test_files_polls_places_and_topics(
    page: Page, eve: Person, tell: Tell, group: Group
) -> None:
    topic = group.opens_topic(EVIL)
    await eve.sends_document(EVIL, b"x", EVIL, group)
    await tell("sendPoll", question=EVIL, options=[EVIL, "b"])
    await tell("sendContact", phone_number="1", first_name=EVIL, last_name=EVIL)
    await tell("sendVenue", latitude=1, longitude=1, title=EVIL, address=EVIL)

    await expect(page.get_by_role("tab").last).to_have_text(EVIL)
    await expect(page.locator(".service").last).to_contain_text(EVIL)
    await expect(page.locator(".poll-question")).to_have_text(EVIL)
    await expect(page.locator(".poll-option").first).to_have_text(EVIL)
    await expect(page.locator(".file-name").last).to_have_text(EVIL)
    await tell("editForumTopic", message_thread_id=topic, name=EVIL[::-1])
    await expect(page.get_by_role("tab").last).to_have_text(EVIL[::-1])
    await none_became_markup(page)


async def test_toasts_alerts_and_questions(page: Page, sandbox: Sandbox, tell: Tell) -> None:
    await tell(text="x", reply_markup=BUTTONS)
    for alert, place in ((False, ".toast"), (True, "dialog")):
        await page.locator(".key").first.click()
        query = (await next_update(sandbox, "callback_query"))["id"]
        await tell("answerCallbackQuery", callback_query_id=query, text=EVIL, show_alert=alert)
        await expect(page.locator(place)).to_contain_text(EVIL)
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="far").click()

    await expect(page.get_by_role("dialog")).to_contain_text("example.com")
    await none_became_markup(page)


async def test_commands_results_and_menus(
    page: Page, sandbox: Sandbox, eve: Person, tell: Tell, group: Group
) -> None:
    field = page.get_by_label("Write a message")
    await tell("setMyCommands", commands=[{"command": "x", "description": EVIL}])
    await field.fill("/")
    await expect(page.get_by_role("option")).to_contain_text(EVIL)
    await field.fill("@digest_sandbox_bot x")
    query = (await next_update(sandbox, "inline_query"))["id"]
    content = {"message_text": EVIL}
    result = {"type": "article", "id": "1", "title": EVIL, "description": EVIL}
    results = [result | {"input_message_content": content}]
    await tell("answerInlineQuery", inline_query_id=query, results=results)
    await expect(page.get_by_role("option")).to_contain_text(EVIL)
    await field.fill("")

    await eve.says(EVIL, group)
    await page.locator("article .bubble").last.click(button="right")
    await page.get_by_role("menuitem", name="Reply").click()
    await expect(page.locator(".aim-bar .reply-words")).to_have_text(EVIL)
    await page.locator("article .bubble").last.click(button="right")
    await page.get_by_role("menuitem", name="Forward").click()
    await none_became_markup(page)


async def test_calls_and_refusals(page: Page, tell: Tell) -> None:
    with pytest.raises(ApiError):
        await tell(text=f"<b>{EVIL}", parse_mode=EVIL)
    with pytest.raises(ApiError):
        await tell(text=EVIL, parse_mode="HTML")

    await expect(page.locator(".call.refused")).to_have_count(2)
    for call in await page.locator(".call summary").all():
        await call.click()
    await expect(page.locator(".call pre").last).to_contain_text("onerror")
    await none_became_markup(page)
