"""Messages as the Bot API takes them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Button, Message, Preview
from bot.rendering.payload import payload, plain_text
from bot.rendering.rich import Kind, clean, html, plain, wrapped


def test_a_plain_message_has_its_preview_off() -> None:
    assert payload(Message("text")) == {
        "text": "text",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }


def test_buttons_and_cover_have_the_names_of_the_bot_api() -> None:
    buttons = (
        (Button("a", url="https://e.com"), Button("b", data="c:d:0")),
        (Button("c", query=""),),
    )
    content = payload(Message("text", buttons, Preview("https://e.com/c.png")))

    assert content["link_preview_options"] == {
        "url": "https://e.com/c.png",
        "prefer_large_media": True,
        "show_above_text": True,
    }
    assert content["reply_markup"] == {
        "inline_keyboard": [
            [{"text": "a", "url": "https://e.com"}, {"text": "b", "callback_data": "c:d:0"}],
            [{"text": "c", "switch_inline_query_current_chat": ""}],
        ]
    }


@given(st.text(st.characters(codec="utf-8")))
def test_plain_text_is_what_was_written(text: str) -> None:
    rich = wrapped(wrapped(plain(text), Kind.BOLD), Kind.LINK, 'https://e.com/?a="<>&')

    assert plain_text(html(rich)) == clean(text)
