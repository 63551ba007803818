"""The page for publishers: it shows the messages, and nothing on it is markup by accident."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import HealthCheck, given, settings

from bot.locale import Words
from bot.model import Button, Digest, Message, Preview
from bot.rendering.chat_page import chat_page, element
from bot.rendering.links import Links
from bot.rendering.payload import plain_text
from bot.rendering.posts import post
from tests.rendering.walking import pages_of
from tests.strategies import digests

ALLOWED = {
    *("html", "head", "meta", "base", "title", "style", "body", "main", "article", "div", "span"),
    *("img", "a", "b", "i", "s", "code", "pre", "blockquote"),
}


class Reading(HTMLParser):
    """Reads a page as a browser does: its tags, its text, where it leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value for name, value in attrs if name in ("href", "src") and value]

    def handle_data(self, data: str) -> None:
        """Note words."""
        self.words.append(data)


def test_a_message_has_its_cover_text_and_buttons() -> None:
    rows = ((Button("Read <it>", url="https://t.me/b?start=1&x=2"), Button("Next", data="n:")),)
    message = Message("<b>a &lt; b</b>", rows, Preview("https://example.com/c.png?a=1&b=2"))

    page = Reading(chat_page([message], "A <title>", "en"))

    assert {"A <title>", "a < b", "Read <it>", "Next"} <= set(page.words)
    assert page.addresses == ["https://example.com/c.png?a=1&b=2", "https://t.me/b?start=1&x=2"]


def test_words_and_attributes_are_escaped() -> None:
    built = element("a", "<b>", element("i", "&"), title="\"'<&", class_="x")

    assert built.source == ('<a title="&quot;&#x27;&lt;&amp;" class="x">&lt;b&gt;<i>&amp;</i></a>')


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(digest=digests())
def test_any_digest_gives_a_page_without_scripts(
    chinese: Words, links: Links, digest: Digest
) -> None:
    messages = [
        *post(digest, "AI 日报", chinese, links),
        *pages_of(digest, chinese, links).values(),
    ]

    page = Reading(chat_page(messages, digest.title, "zh-CN"))

    assert page.tags <= ALLOWED
    assert not any(name.startswith("on") for name in page.attributes)
    assert all(url.startswith(("https://", "http://", "tg://")) for url in page.addresses)
    shown = "".join(page.words)
    assert all(plain_text(message.text) in shown for message in messages)
