"""What is in a chat is on the page, drawn as Telegram draws it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import FloatRect, Locator, Page, expect

from bot.sandbox import Sandbox
from bot.sandbox.files import Upload
from bot.sandbox.groups import Group
from bot.sandbox.people import Person
from tests.sandbox.page.conftest import PIXEL

Tell = Callable[..., Awaitable[dict[str, Any]]]
RICH = (
    "<b>bold</b> <i>italic</i> <u>under</u> <s>gone</s> <code>x = 1</code> "
    "<tg-spoiler>secret</tg-spoiler> <a href='https://example.com/a'>there</a> #tag\n"
    "<pre><code class='language-python'>print()</code></pre>"
    "<blockquote expandable>one\ntwo\nthree\nfour\nfive</blockquote>"
)


async def box(locator: Locator) -> FloatRect:
    """Measure something that is on the page."""
    found = await locator.bounding_box()
    assert found is not None
    return found


async def test_text_has_all_its_entities(page: Page, tell: Tell) -> None:
    await tell(text=RICH, parse_mode="HTML")

    words = page.locator(".bubble").last
    for tag, text in {"strong": "bold", "em": "italic", "u": "under", "s": "gone"}.items():
        await expect(words.locator(tag)).to_have_text(text)
    await expect(words.locator("code").first).to_have_text("x = 1")
    await expect(words.locator("pre")).to_contain_text("print()")
    await expect(words.locator(".language")).to_have_text("python")
    await expect(words.locator(".words a")).to_have_attribute("href", "https://example.com/a")
    await expect(words.get_by_role("button", name="#tag")).to_be_visible()


async def test_entities_may_stand_in_each_other_and_after_emoji(page: Page, tell: Tell) -> None:
    await tell(text="👩‍👩‍👧 <b>a <i>b 👍 <u>c</u></i> d</b> e", parse_mode="HTML")

    words = page.locator(".bubble .flow").last
    await expect(words).to_have_text("👩‍👩‍👧 a b 👍 c d e")
    await expect(words.locator("strong > em > u")).to_have_text("c")


async def test_a_spoiler_hides_until_it_is_asked(page: Page, tell: Tell) -> None:
    await tell(text=RICH, parse_mode="HTML")

    await page.get_by_role("button", name="Hidden text").click()

    await expect(page.locator(".spoiler")).to_have_class("spoiler open")
    await expect(page.locator(".chat-gist").first).not_to_contain_text("secret")


async def test_a_long_quote_unfolds(page: Page, tell: Tell) -> None:
    await tell(text=RICH, parse_mode="HTML")
    words = page.locator(".folded-words")
    folded = (await box(words))["height"]

    await page.get_by_role("button", name="Show more").click()

    assert (await box(words))["height"] > folded
    await expect(page.get_by_role("button", name="Show less")).to_be_visible()


async def test_a_short_quote_has_nothing_to_unfold(page: Page, tell: Tell) -> None:
    await tell(text="<blockquote expandable>one</blockquote>", parse_mode="HTML")

    await expect(page.locator("blockquote")).to_have_text("one")
    await expect(page.get_by_role("button", name="Show more")).to_be_hidden()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "file:///etc"])
async def test_links_that_could_run_something_are_words(
    page: Page, group: Group, sandbox: Sandbox, tell: Tell, address: str
) -> None:
    sent = await tell(text="here")
    entity = {"type": "text_link", "offset": 0, "length": 4, "url": address}
    group.chat.posts[sent["message_id"]].content["entities"] = [entity]
    await page.reload()

    await expect(page.locator(".bubble .flow")).to_have_text("here")
    assert await page.locator(".words a").count() == 0


async def test_a_cover_stands_above_the_words_and_is_drawn_here(page: Page, tell: Tell) -> None:
    options = {
        "url": "https://example.com/pictures/cover.png",
        "prefer_large_media": True,
        "show_above_text": True,
    }

    await tell(text="The day", link_preview_options=options)

    cover = await box(page.locator(".cover"))
    words = await box(page.locator(".bubble .flow"))
    assert cover["y"] + cover["height"] <= words["y"]
    assert cover["width"] > 200
    await expect(page.locator(".cover")).to_contain_text("example.com")


async def test_the_first_link_is_previewed_unless_that_is_switched_off(
    page: Page, tell: Tell
) -> None:
    await tell(text="https://example.com/some-good-story")
    await expect(page.locator(".preview-title")).to_have_text("some good story")

    await tell(text="https://example.com/b", link_preview_options={"is_disabled": True})

    await expect(page.locator("article")).to_have_count(2)
    await expect(page.locator(".preview")).to_have_count(1)


async def test_pictures_files_and_albums(page: Page, tell: Tell, sandbox: Sandbox) -> None:
    stored = sandbox.world.files.add(Upload("pixel.png", "image/png", PIXEL)).id
    await tell("sendPhoto", photo=stored, caption="Seen")
    await tell("sendPhoto", photo="https://example.com/far.jpg")
    await tell("sendDocument", document="https://example.com/paper.pdf")
    await tell("sendMediaGroup", media=[{"type": "photo", "media": stored}] * 3)

    picture = page.get_by_role("img", name="Seen")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(node) => node.complete && node.naturalWidth") == 1
    await expect(page.locator(".picture .cover")).to_be_visible()
    await expect(page.locator(".file-name")).to_have_text("paper.pdf")
    await expect(page.get_by_role("group", name="Album").locator("img")).to_have_count(3)


async def test_a_poll_is_voted_in_and_out_of(page: Page, tell: Tell) -> None:
    await tell("sendPoll", question="Which?", options=["This", "That"])

    await page.get_by_role("button", name="That").click()

    await expect(page.locator(".poll-share")).to_have_text(["0%", "100%"])
    await page.get_by_role("button", name="Retract vote").click()
    await expect(page.get_by_role("button", name="That")).to_be_visible()


async def test_answers_edits_pins_and_reactions(page: Page, tell: Tell) -> None:
    first = (await tell(text="The question"))["message_id"]
    await tell(text="The answer", reply_parameters={"message_id": first})
    await tell("editMessageText", message_id=first, text="The better question")
    await tell("pinChatMessage", message_id=first)
    await tell("setMessageReaction", message_id=first, reaction=[{"type": "emoji", "emoji": "👍"}])

    article = page.locator("article").first
    await expect(article.locator(".flow")).to_have_text("The better question")
    await expect(article.locator(".edited")).to_have_text("edited")
    await expect(article.locator(".reaction")).to_have_text("👍 1")
    await expect(page.locator(".reply-words").first).to_have_text("The better question")
    await expect(page.locator(".pinned-gist")).to_have_text("The better question")
    await expect(page.locator(".service")).to_contain_text("pinned “The better question”")

    await tell("deleteMessage", message_id=first)

    await expect(page.locator("article")).to_have_count(1)
    await expect(page.locator(".pinned")).to_be_hidden()


async def test_coming_and_going_is_told_in_lines(
    page: Page, sandbox: Sandbox, group: Group
) -> None:
    cy = sandbox.person("Cy")
    await cy.joins(group)
    await cy.leaves(group)

    await expect(page.locator(".service")).to_have_text(
        ["Cy joined the group", "Cy left the group"]
    )


async def test_typing_shows_and_ends_with_the_words(page: Page, tell: Tell, ann: Person) -> None:
    await tell("sendChatAction", action="typing")
    await expect(page.locator(".talk-about")).to_have_text("typing…")

    await tell(text="done")

    await expect(page.locator(".talk-about")).to_have_text("4 members")


async def test_a_draft_grows_into_its_message(
    open_page: Any, sandbox: Sandbox, ann: Person, tell: Tell
) -> None:
    page = await open_page(f"{sandbox.page}#/{ann.id}")
    await tell("sendMessageDraft", chat_id=ann.id, draft_id=1, text="Once upon")
    await expect(page.locator(".draft")).to_have_text("Once upon")

    await tell(chat_id=ann.id, text="Once upon a time")

    await expect(page.locator(".draft")).to_have_count(0)
    await expect(page.locator("article")).to_have_count(1)


async def test_topics_are_tabs(page: Page, tell: Tell, group: Group) -> None:
    await tell(text="for all")
    topic = group.opens_topic("Science")
    await tell(text="for few", message_thread_id=topic)

    await page.get_by_role("tab", name="Science").click()

    await expect(page.locator(".bubble .flow")).to_have_text(["for few"])
    await page.get_by_label("Write a message").fill("hello")
    await page.keyboard.press("Enter")
    await expect(page.locator(".bubble .flow")).to_have_text(["for few", "hello"])
    assert group.messages[-1].thread == topic
    await page.get_by_role("tab", name="Science").press("ArrowLeft")
    await expect(page.locator(".bubble .flow")).to_have_text(["for all"])
