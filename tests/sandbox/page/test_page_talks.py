"""What people do in a client of Telegram's, they do on the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.sandbox import Sandbox
from bot.sandbox.groups import Group
from bot.sandbox.people import Person
from tests.sandbox.page.conftest import next_update

Tell = Callable[..., Awaitable[dict[str, Any]]]
Open = Callable[..., Awaitable[Page]]


async def say(page: Page, words: str) -> None:
    await page.get_by_label("Write a message").fill(words)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")


async def test_words_go_to_the_bot_and_stand_in_the_chat(page: Page, sandbox: Sandbox) -> None:
    await say(page, "/today")

    message = await next_update(sandbox, "message")
    assert (message["text"], message["from"]["first_name"]) == ("/today", "Ann")
    await expect(page.locator("article.own .flow")).to_have_text("/today")
    await expect(page.get_by_label("Write a message")).to_have_value("")


@pytest.mark.parametrize(
    ("language", "muted", "slow"),
    [
        ("en-GB", "You may not send that here", "Slow mode: you may write again in 30 s"),
        ("zh-CN", "你在这里不能发送这类消息", "慢速模式：30 秒后才能再发"),
    ],
)
async def test_who_is_held_back_is_told_why(
    open_page: Open, sandbox: Sandbox, group: Group, language: str, muted: str, slow: str
) -> None:
    sandbox.clock.hold()
    group.chat.slow_mode = 30
    page = await open_page(f"{sandbox.page}#/{group.id}", locale=language)
    field, toasts = page.locator("textarea"), page.locator(".toast")
    await field.fill("Hello")
    await field.press("Enter")
    await expect(page.locator("article.own")).to_have_count(1)

    await field.fill("Again")
    await field.press("Enter")
    await expect(toasts).to_have_text(slow)
    group.mutes_members()
    await expect(field).to_have_value("Again")
    await expect(page.locator("article.own")).to_have_count(1)
    await field.press("Enter")

    await expect(toasts.last).to_have_text(muted)


async def test_shift_and_enter_begin_a_new_line(page: Page, group: Group) -> None:
    await page.get_by_label("Write a message").fill("one")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("two")
    await page.keyboard.press("Enter")

    await expect(page.locator("article.own .flow")).to_have_text("one\ntwo")
    assert group.messages[-1].text == "one\ntwo"


async def test_one_chooses_who_one_is(page: Page, group: Group, sandbox: Sandbox) -> None:
    await expect(page.get_by_role("radio", name="Ann")).to_be_checked()
    await expect(page.get_by_role("radio", name="Ada")).to_contain_text("owner")

    await page.get_by_role("radio", name="Ann").press("ArrowRight")

    await expect(page.get_by_role("radio", name="Ada")).to_be_checked()
    await say(page, "It is me")
    await expect(page.locator("article.own")).to_have_count(1)
    assert group.messages[-1].sender == "Ada"
    await page.reload()
    await expect(page.get_by_role("radio", name="Ada")).to_be_checked()


async def test_a_private_chat_begins_with_a_button(
    page: Page, group: Group, sandbox: Sandbox
) -> None:
    await page.get_by_role("radio", name="Bo").click()
    await page.locator(".chat", has_text="Digest Sandbox").click()

    await page.get_by_role("button", name="START").click()

    assert (await next_update(sandbox, "message"))["text"] == "/start"
    await expect(page.get_by_label("Write a message")).to_be_visible()


async def test_who_is_not_in_a_group_joins_it(page: Page, sandbox: Sandbox) -> None:
    sandbox.person("Cy", language="en")
    await page.reload()
    await page.get_by_role("radio", name="Cy").click()

    await page.get_by_role("button", name="JOIN GROUP").click()

    await expect(page.locator(".service")).to_have_text("Cy joined the group")
    await expect(page.get_by_label("Write a message")).to_be_visible()


async def test_unread_messages_are_counted_until_they_are_seen(
    page: Page, tell: Tell, ann: Person
) -> None:
    for number in range(3):
        await tell(chat_id=ann.id, text=f"News {number}")

    private = page.locator(".chat", has_text="Digest Sandbox")
    await expect(private.get_by_label("3 unread")).to_be_visible()
    await expect(private.locator(".chat-gist")).to_have_text("News 2")
    assert (await page.title()).startswith("(3)")
    await private.click()

    await expect(private.locator(".badge")).to_have_count(0)


async def test_a_pressed_button_brings_a_toast_or_an_alert(
    page: Page, tell: Tell, sandbox: Sandbox
) -> None:
    buttons = [[{"text": "Press", "callback_data": "p"}]]
    await tell(text="Go on", reply_markup={"inline_keyboard": buttons})

    await page.get_by_role("button", name="Press").click()
    query = await next_update(sandbox, "callback_query")
    await expect(page.locator(".key.busy")).to_have_count(1)
    await tell("answerCallbackQuery", callback_query_id=query["id"], text="Softly")
    await expect(page.locator(".toast")).to_have_text("Softly")
    await expect(page.locator(".key.busy")).to_have_count(0)

    await page.get_by_role("button", name="Press").click()
    query = await next_update(sandbox, "callback_query")
    await tell("answerCallbackQuery", callback_query_id=query["id"], text="Loud", show_alert=True)
    await expect(page.get_by_role("dialog")).to_contain_text("Loud")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_deep_link_starts_the_bot_here(page: Page, tell: Tell, sandbox: Sandbox) -> None:
    link = f"https://t.me/{sandbox.bot.username}?start=d_x-1"
    await tell(text=f'<a href="{link}">Read</a>', parse_mode="HTML")

    await page.get_by_role("link", name="Read").click()

    assert (await next_update(sandbox, "message"))["text"] == "/start d_x-1"
    await expect(page.locator(".talk-name")).to_have_text("Digest Sandbox")
    await expect(page.locator("article.own .flow")).to_have_text("/start")


async def test_a_button_may_be_a_deep_link(page: Page, tell: Tell, sandbox: Sandbox) -> None:
    url = f"https://t.me/{sandbox.bot.username}?start=s_"
    await tell(text="x", reply_markup={"inline_keyboard": [[{"text": "Search", "url": url}]]})

    await page.get_by_role("button", name="Search").click()

    assert (await next_update(sandbox, "message"))["text"] == "/start s_"


async def test_a_link_to_elsewhere_is_asked_about(page: Page, tell: Tell) -> None:
    await tell(text='<a href="https://example.com/a">there</a>', parse_mode="HTML")

    await page.get_by_role("link", name="there").click()

    await expect(page.get_by_role("dialog")).to_contain_text("https://example.com/a")
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_a_link_to_a_message_lights_it_up(page: Page, tell: Tell) -> None:
    first = await tell(text="Look at me")
    for number in range(100):
        await tell(text=f"And {number}")
    await tell(text=f"https://t.me/ai_news_plus/{first['message_id']}")

    await page.locator("article").last.get_by_role("link").first.click()

    await expect(page.locator(".lit")).to_contain_text("Look at me")
    await expect(page.locator(".lit")).to_be_in_viewport()
    await page.get_by_role("button", name="Go to newest").click()
    await expect(page.locator("article").last).to_be_in_viewport()


async def test_commands_are_completed_by_scope(page: Page, tell: Tell, ann: Person) -> None:
    everyone = [{"command": "today", "description": "The day"}]
    more = [*everyone, {"command": "subscribe", "description": "Every day"}]
    await tell("setMyCommands", commands=everyone, scope={"type": "all_group_chats"})
    await tell("setMyCommands", commands=more, scope={"type": "all_private_chats"})
    await tell(
        "setMyCommands",
        commands=[{"command": "today", "description": "这一天"}],
        scope={"type": "all_group_chats"},
        language_code="zh",
    )
    field = page.get_by_label("Write a message")

    await field.fill("/")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(field).to_have_value("/today@digest_sandbox_bot ")
    await page.get_by_role("radio", name="Bo").click()
    await expect(page.get_by_role("radio", name="Bo")).to_be_checked()
    await field.fill("/")
    await expect(page.get_by_role("option")).to_contain_text("这一天")

    await page.get_by_role("radio", name="Ann").click()
    await page.locator(".chat", has_text="Digest Sandbox").click()
    await page.get_by_role("button", name="Menu").click()
    await expect(page.get_by_role("option")).to_have_count(2)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await expect(field).to_have_value("/subscribe ")


async def test_a_chosen_command_is_said_at_once(page: Page, tell: Tell, group: Group) -> None:
    await tell("setMyCommands", commands=[{"command": "today", "description": "The day"}])
    await page.get_by_label("Write a message").fill("/to")
    await expect(page.get_by_role("option")).to_be_visible()

    await page.keyboard.press("Enter")

    await expect(page.locator("article.own .flow")).to_have_text("/today@digest_sandbox_bot")
    await expect(page.get_by_label("Write a message")).to_have_value("")
    await expect(page.get_by_role("option")).to_have_count(0)


async def test_what_the_bot_offers_inline_is_chosen(
    page: Page, tell: Tell, sandbox: Sandbox, group: Group
) -> None:
    await page.get_by_label("Write a message").fill("@digest_sandbox_bot chips")
    query = await next_update(sandbox, "inline_query")
    assert query["query"] == "chips"
    article = {"type": "article", "id": "1", "title": "Chips", "description": "are hot"}
    content = {"message_text": "Chips are hot"}
    results = [{**article, "input_message_content": content}]
    await tell("answerInlineQuery", inline_query_id=query["id"], results=results)

    await page.get_by_role("option", name="Chips").click()

    await expect(page.locator("article.own .flow")).to_have_text("Chips are hot")
    await expect(page.locator("article .via")).to_have_text("via @digest_sandbox_bot")


async def test_the_bots_keyboard_speaks_for_one(page: Page, tell: Tell, group: Group) -> None:
    keyboard = {"keyboard": [[{"text": "Yes"}, {"text": "No"}]], "one_time_keyboard": True}
    await tell(text="Sure?", reply_markup=keyboard)

    await page.get_by_role("button", name="Yes").click()

    await expect(page.locator("article.own .flow")).to_have_text("Yes")
    await expect(page.get_by_role("button", name="No", exact=True)).to_be_hidden()
    await page.get_by_role("button", name="Keyboard").click()
    await expect(page.get_by_role("button", name="No", exact=True)).to_be_visible()
    await tell(text="Well", reply_markup={"remove_keyboard": True})
    await expect(page.get_by_role("button", name="Keyboard")).to_be_hidden()


async def test_one_answers_a_message(page: Page, tell: Tell, group: Group) -> None:
    question = await tell(text="Who?")
    await page.locator("article").hover()
    await page.get_by_role("button", name="Message menu").click()
    await page.get_by_role("menuitem", name="Reply").click()
    await page.keyboard.type("Me")
    await page.keyboard.press("Enter")

    await expect(page.locator("article.own .reply-words")).to_have_text("Who?")
    assert group.messages[-1].raw["reply_to_message"]["message_id"] == question["message_id"]


async def test_on_a_phone_there_is_one_pane_at_a_time(
    open_page: Open, sandbox: Sandbox, group: Group, tell: Tell
) -> None:
    await tell(text="Hello")
    page = await open_page(sandbox.page, viewport={"width": 390, "height": 780})
    await expect(page.locator("main")).to_be_hidden()

    await page.locator(".chat", has_text="AI News Plus").click()
    await expect(page.locator("nav")).to_be_hidden()
    await expect(page.locator("article")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390

    await page.go_back()
    await expect(page.locator("nav")).to_be_visible()
    await page.locator(".chat", has_text="AI News Plus").click()
    await page.get_by_role("button", name="Back").click()
    await expect(page.locator("nav")).to_be_visible()


async def test_the_page_speaks_the_browsers_language(
    open_page: Open, sandbox: Sandbox, group: Group
) -> None:
    page = await open_page(sandbox.page, locale="zh-CN")

    await expect(page.get_by_placeholder("输入消息")).to_be_visible()
    assert await page.evaluate("document.documentElement.lang") == "zh-CN"


async def test_what_one_types_goes_into_the_line_wherever_one_is(page: Page, tell: Tell) -> None:
    await tell(text="x", reply_markup={"inline_keyboard": [[{"text": "Go", "callback_data": "g"}]]})
    await page.get_by_role("button", name="Go").focus()

    await page.keyboard.type("hello")

    await expect(page.get_by_label("Write a message")).to_have_value("hello")


async def test_what_could_not_be_said_is_not_lost(page: Page) -> None:
    refusal = {"ok": False, "description": "not now"}
    await page.route("**/control/page/send", lambda route: route.fulfill(json=refusal))
    field = page.get_by_label("Write a message")

    await field.fill("hello")
    await field.press("Enter")

    await expect(page.locator(".toast.bad")).to_have_text("not now")
    await expect(field).to_have_value("hello")


async def test_what_is_offered_inline_goes_on_below(
    page: Page, tell: Tell, sandbox: Sandbox
) -> None:
    def page_of(first: int) -> list[dict[str, Any]]:
        content = {"input_message_content": {"message_text": "x"}}
        article = {"type": "article", "title": "Chips"} | content
        return [{"id": str(first + number)} | article for number in range(20)]

    await page.get_by_label("Write a message").fill("@digest_sandbox_bot chips")
    query = await next_update(sandbox, "inline_query")
    assert (query["offset"], query["chat_type"]) == ("", "supergroup")
    found = {"results": page_of(0), "next_offset": "20"}
    await tell("answerInlineQuery", inline_query_id=query["id"], **found)
    await expect(page.get_by_role("option")).to_have_count(20)

    await page.keyboard.press("ArrowUp")
    query = await next_update(sandbox, "inline_query")

    assert query["offset"] == "20"
    await tell("answerInlineQuery", inline_query_id=query["id"], results=page_of(20))
    await expect(page.get_by_role("option")).to_have_count(40)


async def test_the_button_above_what_is_offered_starts_the_bot(
    page: Page, tell: Tell, sandbox: Sandbox
) -> None:
    await page.get_by_label("Write a message").fill("@digest_sandbox_bot nothing")
    query = (await next_update(sandbox, "inline_query"))["id"]
    button = {"text": "Search there", "start_parameter": "s_x"}
    await tell("answerInlineQuery", inline_query_id=query, results=[], button=button)

    await page.get_by_role("option", name="Search there").click()

    assert (await next_update(sandbox, "message"))["text"] == "/start s_x"
    await expect(page.locator(".talk-about")).to_have_text("bot")
    await expect(page.get_by_role("option")).to_have_count(0)
