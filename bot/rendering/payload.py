"""Messages as the Bot API takes them."""

from __future__ import annotations

import re
from html import unescape

from bot.model import Button, Message, Preview

_TAG = re.compile(r"<[^>]*>")


def payload(message: Message) -> dict[str, object]:
    """Give the parameters of sendMessage and editMessageText, all but the chat."""
    content: dict[str, object] = {
        "text": message.text,
        "parse_mode": "HTML",
        "link_preview_options": _preview(message.preview),
    }
    if message.buttons:
        rows = [[_button(button) for button in row] for row in message.buttons]
        content["reply_markup"] = {"inline_keyboard": rows}
    return content


def plain_text(html: str) -> str:
    """Take the words out of a message's HTML: what to send where its markup is refused.

    Never longer than the message was, so addresses are left out.
    """
    # The text's own angle brackets are escaped, so whatever looks like a tag is one.
    return unescape(_TAG.sub("", html))


def _preview(preview: Preview | None) -> dict[str, object]:
    if preview is None:
        return {"is_disabled": True}
    return {
        "url": preview.url,
        "prefer_large_media": preview.large,
        "show_above_text": preview.above,
    }


def _button(button: Button) -> dict[str, str]:
    actions = {
        "url": button.url,
        "callback_data": button.data,
        "switch_inline_query_current_chat": button.query,
    }
    return {"text": button.text} | {key: text for key, text in actions.items() if text is not None}
