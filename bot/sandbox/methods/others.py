"""Contents that are neither words nor files: polls, places, contacts, dice."""

from __future__ import annotations

from random import Random

from bot.sandbox import errors
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.methods.sending import deliver
from bot.sandbox.methods.texts import units, words
from bot.sandbox.nouns import Json

# docs, sendPoll
QUESTION = range(1, 301)
OPTION = range(1, 101)
OPTIONS = range(1, 13)
# docs, Dice: the highest value of each emoji
DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
DIE = Random(1)  # noqa: S311  # a die, not a secret


@method("sendPoll")
def send_poll(query: Query) -> Json:
    """Send a poll."""
    mode = query.get("question_parse_mode")
    question, entities = words(str(query.get("question", "")), mode, None, allow_empty=True)
    if units(question) not in QUESTION:
        # tdlib, get_input_message_content
        wrong = "must be non-empty" if not question else "length must not exceed 300"
        raise errors.bad_request(f"poll question {wrong}")
    poll: Json = {
        "id": str(5_000_000_000_000 + query.world.change()),
        "question": question,
        "options": options(query),
        "total_voter_count": 0,
        "is_closed": bool(query.get("is_closed")),
        "is_anonymous": bool(query.get("is_anonymous", True)),
        "type": query.get("type", "regular"),
        "allows_multiple_answers": bool(query.get("allows_multiple_answers")),
    } | ABILITIES
    if entities:
        poll["question_entities"] = entities
    return deliver(query, {"poll": poll}, "can_send_polls")


# docs, Poll: what the sandbox's polls do not do
ABILITIES = {"allows_revoting": True, "members_only": False}


def options(query: Query) -> list[Json]:
    """Read the options of a poll."""
    given = query.need("options")
    texts = [one if isinstance(one, str) else str(one.get("text", "")) for one in given]
    if len(texts) not in OPTIONS:
        # tdlib, get_input_message_content
        raise errors.bad_request("poll can't have more than 12 options")
    if not all(len(text) in OPTION for text in texts):
        # tdlib, get_input_message_content
        raise errors.bad_request("poll options length must not exceed 100")
    return [
        {"persistent_id": str(number), "text": text, "voter_count": 0}
        for number, text in enumerate(texts)
    ]


def location(query: Query) -> Json:
    """Read a place."""
    place = {"latitude": query.need("latitude"), "longitude": query.need("longitude")}
    if abs(place["latitude"]) > 90 or abs(place["longitude"]) > 180:
        raise errors.bad_request("wrong location specified")  # tdlib
    return place


@method("sendLocation")
def send_location(query: Query) -> Json:
    """Send a place."""
    return deliver(query, {"location": location(query)})


@method("sendVenue")
def send_venue(query: Query) -> Json:
    """Send a place with its name."""
    place = location(query)
    venue = {"location": place, "title": query.need("title"), "address": query.need("address")}
    return deliver(query, {"venue": venue, "location": place})


@method("sendContact")
def send_contact(query: Query) -> Json:
    """Send someone's number."""
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: query.get(name) for name in names if query.get(name)}
    if "phone_number" not in contact:
        raise errors.bad_request('field "phone_number" is not specified')  # server
    return deliver(query, {"contact": contact})


@method("sendDice")
def send_dice(query: Query) -> Json:
    """Throw a die."""
    emoji = str(query.get("emoji", "🎲"))
    if emoji not in DICE:
        raise errors.bad_request("invalid dice emoji specified")  # tdlib
    value = DIE.randint(1, DICE[emoji])
    return deliver(query, {"dice": {"emoji": emoji, "value": value}}, "can_send_other_messages")
