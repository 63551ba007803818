"""Answers to presses of buttons and to inline queries."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.sandbox import errors
from bot.sandbox.contents import file_content
from bot.sandbox.keyboards import markup
from bot.sandbox.methods.media import linked
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.methods.texts import caption_content, text_content, units
from bot.sandbox.nouns import Json, User

# docs, answerCallbackQuery and answerInlineQuery
ANSWER = 200
RESULTS = 50
OFFSET_BYTES = 64
ID_BYTES = 64
START = re.compile(r"[A-Za-z0-9_-]{1,64}")
# docs, InlineQueryResult: the file behind a kind of result, and what is sent of it
FILES = {
    "photo": ("photo", "photo"),
    "gif": ("gif", "animation"),
    "mpeg4_gif": ("mpeg4", "animation"),
    "video": ("video", "video"),
    "audio": ("audio", "audio"),
    "voice": ("voice", "voice"),
    "document": ("document", "document"),
    "sticker": ("sticker", "sticker"),
}
PLACE = ("latitude", "longitude")
CONTACT = ("phone_number", "first_name", "last_name", "vcard")


@method("answerCallbackQuery")
def answer_callback_query(query: Query) -> bool:
    """Answer a press: silently, with a toast or with an alert."""
    text = str(query.get("text", ""))
    if units(text) > ANSWER:
        raise errors.bad_request("MESSAGE_TOO_LONG")  # seen
    url = query.get("url") or None
    if url is not None and not opens(query.world.bot, str(url)):
        raise errors.bad_request("URL_INVALID")  # seen
    answer = {"text": text, "alert": bool(query.get("show_alert")), "url": url}
    query_id = str(query.get("callback_query_id", ""))
    question = query.world.questions.answer(query_id, answer)
    told = {"query": question.id, "user": question.user.id}
    query.world.events.publish("answer", answer | told)
    return True


def opens(bot: User, url: str) -> bool:
    """Tell whether a link opens the bot: no others may (docs), but for games."""
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        known = parts.scheme in ("http", "https") and parts.hostname in ("t.me", "telegram.me")
    except ValueError:
        return False
    return known and parts.path.strip("/").lower() == bot.username


@method("answerInlineQuery")
def answer_inline_query(query: Query) -> bool:
    """Offer results to someone who types @bot words."""
    results = query.need("results")
    if len(results) > RESULTS:
        raise errors.bad_request("RESULTS_TOO_MUCH")  # seen
    if len(str(query.get("next_offset", "")).encode()) > OFFSET_BYTES:
        raise errors.bad_request("NEXT_OFFSET_INVALID")  # seen
    check_ids(results)
    check_button(query.get("button") or {})
    offered = [offer(query, result) for result in results]
    said = {"next_offset": query.get("next_offset", ""), "button": query.get("button")}
    answer = {"results": offered} | said
    query.world.questions.answer(str(query.get("inline_query_id", "")), answer)
    return True


def check_ids(results: list[Json]) -> None:
    """Refuse ids that are missing, too long or used twice."""
    ids = [str(result.get("id", "")) for result in results]
    if not all(0 < len(one.encode()) <= ID_BYTES for one in ids):
        raise errors.bad_request("RESULT_ID_INVALID")  # seen
    if len(set(ids)) < len(ids):
        raise errors.bad_request("RESULT_ID_DUPLICATE")  # seen


def check_button(button: Json) -> None:
    """Refuse a button above the results that would not start the bot."""
    start = button.get("start_parameter")
    if start is not None and not START.fullmatch(str(start)):
        raise errors.bad_request("START_PARAM_INVALID")  # seen


def offer(query: Query, result: Json) -> Json:
    """Check a result, and find what will be sent of it."""
    kind = str(result.get("type"))
    if kind in ("article", "venue") and not result.get("title"):
        refuse("title")
    given = result.get("input_message_content")
    if not given and kind == "article":
        refuse("input_message_content")
    content = input_content(given) if given else own_content(query, kind, result)
    return result | {"content": content, "reply_markup": markup(result.get("reply_markup"))}


def refuse(field: str) -> None:
    """Refuse a result without what it needs (server, get_inline_query_result)."""
    words = f"can't parse inline query result: Can't find field \"{field}\""
    raise errors.bad_request(words)


def input_content(given: Json) -> Json:
    """Read what is to be sent instead of a result (docs, InputMessageContent)."""
    if "message_text" in given:
        return text_content(given, "message_text")
    if all(name in given for name in PLACE):
        return {"location": {name: given[name] for name in PLACE}}
    if "phone_number" in given:
        return {"contact": {name: given[name] for name in CONTACT if name in given}}
    raise errors.sandbox("that input_message_content is not supported")


def own_content(query: Query, kind: str, result: Json) -> Json:
    """Read what a result itself is."""
    if kind in ("location", "contact"):
        return input_content(result)
    if kind not in FILES:
        raise errors.sandbox(f"inline results of type {kind} are not supported")
    name, shown = FILES[kind]
    given = result.get(f"{name}_url") or result.get(f"{name}_file_id")
    if not given:
        refuse(f"{name}_file_id")
    return file_content(shown, linked(query, str(given))) | caption_content(result)
