"""Answers to presses of buttons and to inline queries."""

from __future__ import annotations

from bot.sandbox import errors
from bot.sandbox.keyboards import markup
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.methods.texts import text_content, units
from bot.sandbox.nouns import Json

# docs, answerCallbackQuery and answerInlineQuery
ANSWER = 200
RESULTS = 50
OFFSET_BYTES = 64
ID_BYTES = 64


@method("answerCallbackQuery")
def answer_callback_query(query: Query) -> bool:
    """Answer a press: silently, with a toast or with an alert."""
    text = str(query.get("text", ""))
    if units(text) > ANSWER:
        raise errors.bad_request("MESSAGE_TOO_LONG")  # seen
    answer = {"text": text, "alert": bool(query.get("show_alert")), "url": query.get("url")}
    query_id = str(query.get("callback_query_id", ""))
    question = query.world.questions.answer(query_id, answer)
    told = {"query": question.id, "user": question.user.id}
    query.world.events.publish("answer", answer | told)
    return True


@method("answerInlineQuery")
def answer_inline_query(query: Query) -> bool:
    """Offer results to someone who types @bot words."""
    results = query.need("results")
    if len(results) > RESULTS:
        raise errors.bad_request("RESULTS_TOO_MUCH")  # seen
    if len(str(query.get("next_offset", "")).encode()) > OFFSET_BYTES:
        raise errors.bad_request("NEXT_OFFSET_INVALID")  # seen
    check_ids(results)
    offered = [offer(result) for result in results]
    answer = {"results": offered, "next_offset": query.get("next_offset", "")}
    query.world.questions.answer(str(query.get("inline_query_id", "")), answer)
    return True


def check_ids(results: list[Json]) -> None:
    """Refuse ids that are missing, too long or used twice."""
    ids = [str(result.get("id", "")) for result in results]
    if not all(0 < len(one.encode()) <= ID_BYTES for one in ids):
        raise errors.bad_request("RESULT_ID_INVALID")  # seen
    if len(set(ids)) < len(ids):
        raise errors.bad_request("RESULT_ID_DUPLICATE")  # seen


def offer(result: Json) -> Json:
    """Check a result; its words are parsed as those of a message."""
    if result.get("type") != "article":
        return result
    if not result.get("title"):
        # server, get_inline_query_result
        raise errors.bad_request("can't parse inline query result: Can't find field \"title\"")
    content = result.get("input_message_content") or {}
    if "message_text" not in content:
        # server, get_inline_query_result
        raise errors.bad_request(
            "can't parse inline query result: Can't find field \"input_message_content\""
        )
    words = text_content(content, "message_text")
    return result | {"content": words, "reply_markup": markup(result.get("reply_markup"))}
