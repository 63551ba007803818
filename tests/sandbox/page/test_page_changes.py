"""What one does on the page with messages that are there: by the mouse, the keyboard, a finger."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, expect

from bot.sandbox import Sandbox
from bot.sandbox.groups import Group
from bot.sandbox.people import Person

Tell = Callable[..., Awaitable[dict[str, Any]]]
Open = Callable[..., Awaitable[Page]]


async def choose(page: Page, name: str) -> None:
    """Choose from the menu of the newest message."""
    await page.locator("article .bubble").last.click(button="right", position={"x": 4, "y": 4})
    await page.get_by_role("menuitem", name=name, exact=True).click()


async def test_ones_own_words_are_edited(page: Page, ann: Person, group: Group) -> None:
    await ann.says("Helo", group)
    await choose(page, "Edit")
    await expect(page.get_by_label("Write a message")).to_have_value("Helo")

    await page.get_by_label("Write a message").fill("Hello")
    await page.keyboard.press("Enter")

    await expect(page.locator("article .flow")).to_have_text("Hello")
    await expect(page.locator("article .edited")).to_have_text("edited")
    await expect(page.locator(".aim-bar")).to_be_hidden()
    assert group.messages[-1].edited


async def test_the_arrow_up_edits_ones_last_words_and_escape_leaves_them(
    page: Page, ann: Person, group: Group
) -> None:
    await ann.says("Hello", group)
    await expect(page.locator("article.own")).to_have_count(1)
    field = page.get_by_label("Write a message")

    await field.press("ArrowUp")
    await expect(field).to_have_value("Hello")
    await field.press("Escape")

    await expect(field).to_have_value("")
    assert not group.messages[-1].edited


async def test_a_caption_is_edited_and_its_file_stays(
    page: Page, ann: Person, group: Group
) -> None:
    await ann.sends_document("a.md", b"x", "Look", group)
    await choose(page, "Edit")

    await page.get_by_label("Write a message").fill("Look here")
    await page.keyboard.press("Enter")

    await expect(page.locator("article .flow")).to_have_text("Look here")
    await expect(page.locator(".file-name")).to_have_text("a.md")


async def test_a_message_is_deleted_after_a_question(page: Page, ann: Person, group: Group) -> None:
    await ann.says("Oops", group)
    await choose(page, "Delete")
    await expect(page.get_by_role("dialog")).to_contain_text("Oops")

    await page.get_by_role("button", name="Delete").click()

    await expect(page.locator("article")).to_have_count(0)
    assert group.messages == []


async def test_only_who_is_in_charge_deletes_and_pins_what_others_wrote(
    page: Page, tell: Tell
) -> None:
    await tell(text="The bot's")
    await page.locator("article .bubble").click(button="right")
    await expect(page.get_by_role("menuitem")).to_have_text(
        ["Reply", "Copy text", "Copy link", "Forward"]
    )
    await page.keyboard.press("Escape")

    await page.get_by_role("radio", name="Ada").click()
    await choose(page, "Pin")
    await expect(page.locator(".pinned-gist")).to_have_text("The bot's")
    await expect(page.locator(".service")).to_contain_text("Ada pinned")

    await choose(page, "Unpin")
    await expect(page.locator(".pinned")).to_be_hidden()
    await choose(page, "Delete")
    await page.get_by_role("button", name="Delete").click()
    await expect(page.locator("article")).to_have_count(0)


async def test_a_message_is_forwarded_to_the_bot(
    page: Page, tell: Tell, ann: Person, sandbox: Sandbox
) -> None:
    await tell(text="Good news")
    await choose(page, "Forward")

    await page.get_by_role("menuitem", name="Digest Sandbox").click()

    await expect(page.locator(".talk-about")).to_have_text("bot")
    await expect(page.locator("article.own .via")).to_have_text("Forwarded from Digest Sandbox")
    [update] = await sandbox.perform("getUpdates", {})
    assert update["message"]["forward_origin"]["sender_user"]["is_bot"]
    assert update["message"]["text"] == "Good news"


async def test_one_reacts_and_takes_it_back(
    page: Page, tell: Tell, ann: Person, group: Group
) -> None:
    sent = await tell(text="Good news")
    reaction = [{"type": "emoji", "emoji": "🔥"}]
    await tell("setMessageReaction", message_id=sent["message_id"], reaction=reaction)

    await page.locator("article .bubble").click(button="right")
    await page.get_by_role("menuitemcheckbox", name="👍").click()

    reactions = page.locator(".reaction")
    await expect(reactions).to_have_text(["🔥 1", "👍 1"])
    await expect(reactions.last).to_have_attribute("aria-pressed", "true")
    await reactions.first.click()
    await expect(reactions).to_have_text(["🔥 2"])
    await reactions.first.click()
    await expect(reactions).to_have_text(["🔥 1"])
    await expect(reactions.first).to_have_attribute("aria-pressed", "false")


async def test_words_and_links_are_copied(page: Page, tell: Tell) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sent = await tell(text="Good news")
    await choose(page, "Copy text")
    await expect(page.locator(".toast")).to_have_text("Copied")
    assert await page.evaluate("navigator.clipboard.readText()") == "Good news"

    await choose(page, "Copy link")

    await expect(page.locator(".toast")).to_have_count(2)
    link = f"https://t.me/ai_news_plus/{sent['message_id']}"
    assert await page.evaluate("navigator.clipboard.readText()") == link


async def test_the_menu_obeys_the_keyboard_alone(page: Page, tell: Tell) -> None:
    await tell(text="Good news")
    more = page.get_by_role("button", name="Message menu")
    await more.press("Enter")
    await expect(page.get_by_role("menuitem", name="Reply")).to_be_focused()

    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="Copy text")).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_role("menuitemcheckbox").last).to_be_focused()
    await page.keyboard.press("Escape")

    await expect(page.get_by_role("menu")).to_be_hidden()
    await expect(more).to_be_focused()


async def test_a_finger_opens_the_menu_and_a_touch_elsewhere_closes_it(
    open_page: Open, sandbox: Sandbox, group: Group, tell: Tell
) -> None:
    await tell(text="Good news")
    page = await open_page(
        f"{sandbox.page}#/{group.id}",
        viewport={"width": 390, "height": 780},
        has_touch=True,
        is_mobile=True,
    )

    await page.locator("article .flow").tap()
    await expect(page.get_by_role("menu")).to_be_visible()
    await page.locator(".talk-name").tap()

    await expect(page.get_by_role("menu")).to_be_hidden()


@pytest.mark.parametrize(
    ("act", "wish"),
    [
        ("edit", {"text": "mine now"}),
        ("delete", {}),
        ("pin", {"pinned": True}),
        ("forward", {"to": 1}),
        ("react", {}),
    ],
)
async def test_what_is_not_ones_own_is_left_alone(
    sandbox: Sandbox,
    session: aiohttp.ClientSession,
    group: Group,
    ann: Person,
    tell: Tell,
    act: str,
    wish: dict[str, Any],
) -> None:
    sent = await tell(text="The bot's")
    wish = {"person": ann.id, "chat": group.id, "message_id": sent["message_id"]} | wish

    async with session.post(f"{sandbox.api}/control/page/{act}", json=wish) as response:
        assert response.status == 400
    assert group.messages[-1].text == "The bot's"


@pytest.mark.parametrize("text", ["", "x" * 4097])
async def test_words_are_neither_edited_away_nor_too_long(
    sandbox: Sandbox, session: aiohttp.ClientSession, group: Group, ann: Person, text: str
) -> None:
    await ann.says("mine", group)
    number = group.messages[-1].message_id
    wish = {"person": ann.id, "chat": group.id, "message_id": number, "text": text}

    async with session.post(f"{sandbox.api}/control/page/edit", json=wish) as response:
        assert response.status == 400


async def test_nobody_forwards_to_where_they_are_not(
    sandbox: Sandbox, session: aiohttp.ClientSession, ann: Person
) -> None:
    await ann.says("hello")
    other = sandbox.chat("Elsewhere")
    wish = {"person": ann.id, "chat": ann.id, "message_id": ann.messages[-1].message_id}

    bo = sandbox.person("Bo", started=True)

    url = f"{sandbox.api}/control/page/forward"
    for to in (other.id, bo.id):
        async with session.post(url, json=wish | {"to": to}) as response:
            assert await response.json() == {"ok": False, "description": "not in the chat"}
    assert other.messages + bo.messages == []
