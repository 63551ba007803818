"""The page without eyes and without a mouse: names, roles, contrast, the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.sandbox import Sandbox
from bot.sandbox.files import Upload
from bot.sandbox.groups import Group
from bot.sandbox.people import Person
from tests.sandbox.page.conftest import PIXEL

Tell = Callable[..., Awaitable[dict[str, Any]]]
Open = Callable[..., Awaitable[Page]]
# The least contrast of small words with what is behind them (WCAG 2.2, 1.4.3).
ENOUGH = 4.5
# Measures the contrast of words with the nearest background that is one flat colour.
CONTRASTS = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
    const rgba = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const light = ([r, g, b]) => [r, g, b].map((one) => one / 255)
        .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
    const behind = (node) => {
        for (; node; node = node.parentElement) {
            const style = getComputedStyle(node);
            if (style.backgroundImage !== 'none') return null;
            const colour = rgba(style.backgroundColor);
            if (colour[3] === 255) return colour;
            if (colour[3] > 0) return null;
        }
        return null;
    };
    const found = {};
    for (const node of document.querySelectorAll('body *')) {
        const own = [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
        const ground = own && node.checkVisibility() && behind(node);
        if (!ground) continue;
        const lights = [light(rgba(getComputedStyle(node).color)), light(ground)];
        const [a, b] = lights.sort((x, y) => x - y);
        const name = `${node.tagName}.${node.className}`;
        found[name] = Math.min(found[name] ?? 99, (b + 0.05) / (a + 0.05));
    }
    return found;
}"""


@pytest.fixture
async def everything(sandbox: Sandbox, group: Group, ann: Person, tell: Tell) -> Group:
    """Have one of each kind of message in the group."""
    picture = sandbox.world.files.add(Upload("a.png", "image/png", PIXEL)).id
    buttons = {"inline_keyboard": [[{"text": "Go", "callback_data": "g"}]]}
    sent = await tell(text="<b>Words</b> #tag https://example.com/a", parse_mode="HTML")
    await tell("pinChatMessage", message_id=sent["message_id"])
    quote = "<blockquote expandable>1\n2\n3\n4\n5</blockquote><tg-spoiler>s</tg-spoiler>"
    await tell(text=quote, parse_mode="HTML", reply_markup=buttons)
    await tell("sendPhoto", photo=picture)
    await tell("sendPhoto", photo=picture, has_spoiler=True)
    await tell("sendPoll", question="Which?", options=["a", "b"], allows_multiple_answers=True)
    await ann.sends_document("a.md", b"x", "Look", group)
    await ann.says("/today", group)
    await ann.reacts(group.messages[-1], "👍")
    return group


async def test_whatever_can_be_used_has_a_name(page: Page, everything: Group) -> None:
    await expect(page.locator("article")).to_have_count(7)
    await page.locator("article .bubble").last.click(button="right")

    tree = await page.locator("body").aria_snapshot()

    kinds = "button|link|textbox|checkbox|radio|tab|img|article|menuitem|menuitemcheckbox"
    assert re.findall(rf"- (?:{kinds})(?::|$)", tree, re.MULTILINE) == []
    for role in ("navigation", "main", "log", "radiogroup", "complementary", "menu"):
        assert f"- {role}" in tree, role


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out(
    open_page: Open, sandbox: Sandbox, everything: Group, scheme: str
) -> None:
    page = await open_page(sandbox.page, color_scheme=scheme)
    await expect(page.locator("article")).to_have_count(7)

    contrasts = await page.evaluate(CONTRASTS)

    assert len(contrasts) > 15
    hidden = {"SPAN.spoiler"}
    weak = {name: found for name, found in contrasts.items() if found < ENOUGH}
    assert {name: found for name, found in weak.items() if name not in hidden} == {}


async def test_the_keyboard_alone_presses_a_button_and_says_something(
    page: Page, tell: Tell, group: Group
) -> None:
    await tell(text="x", reply_markup={"inline_keyboard": [[{"text": "Go", "url": "https://a.b"}]]})
    await expect(page.get_by_role("button", name="Go", exact=True)).to_be_visible()

    for _ in range(30):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.matches('.key')"):
            break
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_contain_text("https://a.b")
    await page.keyboard.press("Escape")
    await page.keyboard.type("done")
    await page.keyboard.press("Enter")

    await expect(page.locator("article.own .flow")).to_have_text("done")
    await page.keyboard.press("Alt+ArrowDown")
    await expect(page.locator(".talk-about")).to_have_text("bot")
