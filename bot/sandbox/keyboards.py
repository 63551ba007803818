"""Buttons: what Telegram takes of a reply markup."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from bot.sandbox import errors
from bot.sandbox.nouns import Json

# docs, InlineKeyboardButton
DATA_BYTES = 64
# docs, CopyTextButton
COPIED = range(1, 257)
# seen: MTProto refuses more than 100 buttons and more than 8 in a row is cut
BUTTONS = 100
ROW = 8
# seen: the size of all buttons together
TOTAL_BYTES = 10_240
SCHEMES = ("http", "https", "tg", "ton")
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)

# tdlib, InlineKeyboardButton::clone
FORWARDED = {"url", "login_url", "copy_text"}


def markup(value: Json | None, *, inline_only: bool = False) -> Json | None:
    """Check a reply markup; an empty one is none."""
    if not value:
        return None
    if "inline_keyboard" in value:
        return inline_keyboard(value)
    if inline_only:
        raise errors.bad_request("inline keyboard expected")  # tdlib, get_reply_markup
    return value | reply_keyboard(value) if "keyboard" in value else value


def inline_keyboard(value: Json) -> Json | None:
    """Check the buttons of an inline keyboard; rows without buttons vanish."""
    rows = [[button(one) for one in row] for row in value["inline_keyboard"] if row]
    if not rows:
        return None
    if sum(map(len, rows)) > BUTTONS:
        raise errors.bad_request("reply markup is too long")  # server, REPLY_MARKUP_TOO_LONG
    cut = {"inline_keyboard": [row[:ROW] for row in rows]}
    if len(msgspec.json.encode(cut)) > TOTAL_BYTES:
        raise errors.bad_request("reply markup is too long")
    return cut


def forwardable(keyboard: Json | None) -> Json | None:
    """Keep the buttons of what is forwarded only if all work anywhere (tdlib, dup_reply_markup)."""
    rows = (keyboard or {"inline_keyboard": []})["inline_keyboard"]
    return keyboard if all(FORWARDED & one.keys() for row in rows for one in row) else None


def reply_keyboard(value: Json) -> Json:
    """Check the buttons of a reply keyboard; a button may be its words alone (server)."""
    rows = [
        [{"text": one} if isinstance(one, str) else one for one in row] for row in value["keyboard"]
    ]
    for one in (one for row in rows for one in row):
        if "text" not in one:
            refuse("keyboard button", 'Can\'t find field "text"')
        if not one["text"]:
            raise errors.bad_request("keyboard button text must be non-empty")  # tdlib
    return {"keyboard": rows}


def button(one: Json) -> Json:
    """Check one inline button."""
    if "text" not in one:
        refuse(
            "inline keyboard button", 'Can\'t find field "text"'
        )  # server, get_inline_keyboard_button
    if not str(one["text"]).strip():
        # tdlib, get_inline_keyboard_button
        raise errors.bad_request("inline keyboard button text must be non-empty")
    if not any(one.get(name) or (name in one and "inline" in name) for name in ACTIONS):
        refuse("inline keyboard button", "Text buttons are unallowed in the inline keyboard")
    if len(str(one.get("callback_data", "")).encode()) > DATA_BYTES:
        raise errors.bad_request("BUTTON_DATA_INVALID")  # seen
    if "copy_text" in one and len(str(one["copy_text"].get("text", ""))) not in COPIED:
        raise errors.bad_request("BUTTON_COPY_TEXT_INVALID")  # seen
    if "url" in one:
        check_url(str(one["url"]))
    return one


def check_url(url: str) -> None:
    """Refuse what cannot be opened (tdlib, LinkManager::get_checked_link)."""
    refusal = errors.bad_request(f"inline keyboard button URL '{url}' is invalid: ")
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        refusal.description += "Wrong HTTP URL"
        raise refusal from None
    if parts.scheme not in SCHEMES:
        refusal.description += "Unsupported URL protocol"
        raise refusal
    if parts.scheme in ("http", "https") and "." not in (parts.hostname or ""):
        refusal.description += "Wrong HTTP URL"
        raise refusal
    if any(sign.isspace() for sign in url):
        refusal.description += "Wrong HTTP URL"
        raise refusal


def refuse(what: str, why: str) -> None:
    """Refuse a malformed button (server, get_reply_markup)."""
    raise errors.bad_request(f"can't parse {what}: {why}")
