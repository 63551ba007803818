"""Polls and quizzes."""

from __future__ import annotations

from bot.sandbox import errors
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.methods.sending import deliver
from bot.sandbox.methods.texts import units, words
from bot.sandbox.nouns import Json
from bot.sandbox.world import World

# docs, sendPoll
QUESTION = range(1, 301)
OPTION = range(1, 101)
OPTIONS = range(1, 13)
EXPLANATION = 200


@method("sendPoll")
def send_poll(query: Query) -> Json:
    """Send a poll."""
    kind = str(query.get("type") or "regular")
    if kind not in ("regular", "quiz"):
        raise errors.bad_request("unsupported poll type specified")  # server
    offered = options(query)
    poll: Json = {
        "id": new_id(query.world),
        **question(query),
        "options": offered,
        "total_voter_count": 0,
        "is_closed": bool(query.get("is_closed")),
        "is_anonymous": bool(query.get("is_anonymous", True)),
        "type": kind,
        "allows_multiple_answers": bool(query.get("allows_multiple_answers")),
        "allows_revoting": bool(query.get("allows_revoting", kind == "regular")),
        "members_only": bool(query.get("members_only")),
    }
    if kind == "quiz":
        poll |= quiz(query, len(offered))
    return deliver(query, {"poll": poll}, "can_send_polls")


def new_id(world: World) -> str:
    """Number a poll."""
    return str(5_000_000_000_000 + world.change())


def anew(world: World, content: Json) -> Json:
    """Show copied content; of a poll a new one that nobody voted in (tdlib, dup_poll)."""
    if "poll" not in content:
        return content
    old = content["poll"]
    options = [one | {"voter_count": 0} for one in old["options"]]
    fresh = {"id": new_id(world), "options": options, "total_voter_count": 0, "is_closed": False}
    return content | {"poll": old | fresh}


def question(query: Query) -> Json:
    """Read what is asked."""
    mode, given = query.get("question_parse_mode"), query.get("question_entities")
    text, entities = words(str(query.get("question", "")), mode, given, allow_empty=True)
    if units(text) not in QUESTION:
        # tdlib, get_input_message_content
        wrong = "must be non-empty" if not text else "length must not exceed 300"
        raise errors.bad_request(f"poll question {wrong}")
    return {"question": text} | ({"question_entities": entities} if entities else {})


def options(query: Query) -> list[Json]:
    """Read the options of a poll."""
    given = [one if isinstance(one, dict) else {"text": one} for one in query.need("options")]
    if len(given) not in OPTIONS:
        # tdlib, get_input_message_content
        raise errors.bad_request("poll can't have more than 12 options")
    return [option(number, one) for number, one in enumerate(given)]


def option(number: int, given: Json) -> Json:
    """Read one option."""
    mode, marked = given.get("text_parse_mode"), given.get("text_entities")
    text, entities = words(str(given.get("text", "")), mode, marked, allow_empty=True)
    if units(text) not in OPTION:
        # tdlib, get_input_message_content
        raise errors.bad_request("poll options length must not exceed 100")
    shown: Json = {"persistent_id": str(number), "text": text, "voter_count": 0}
    return shown | ({"text_entities": entities} if entities else {})


def quiz(query: Query, count: int) -> Json:
    """Read what is right, and why."""
    right = sorted(set(query.get("correct_option_ids") or ()))
    if not right or right[0] < 0 or right[-1] >= count:
        raise errors.bad_request("wrong correct option ID specified")  # tdlib
    shown: Json = {"correct_option_ids": right}
    if query.get("explanation"):
        mode, given = query.get("explanation_parse_mode"), query.get("explanation_entities")
        text, entities = words(str(query.get("explanation")), mode, given, allow_empty=True)
        if units(text) > EXPLANATION:
            raise errors.bad_request("message is too long")  # tdlib
        shown |= {"explanation": text, "explanation_entities": entities}
    return shown
