"""Places, contacts and dice."""

from __future__ import annotations

from random import Random

from bot.sandbox import errors
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.methods.sending import deliver
from bot.sandbox.nouns import Json

# docs, Dice: the highest value of each emoji
DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
DIE = Random(1)  # noqa: S311  # a die, not a secret
# docs, sendLocation: seconds, or for ever
LIVE = range(60, 86_401)
FOR_EVER = 0x7FFFFFFF
VENUE = (
    "title",
    "address",
    "foursquare_id",
    "foursquare_type",
    "google_place_id",
    "google_place_type",
)


def location(query: Query) -> Json:
    """Read a place."""
    place = {"latitude": query.need("latitude"), "longitude": query.need("longitude")}
    if abs(place["latitude"]) > 90 or abs(place["longitude"]) > 180:
        raise errors.bad_request("wrong location specified")  # tdlib
    accuracy = query.get("horizontal_accuracy")
    return place | ({"horizontal_accuracy": accuracy} if accuracy else {})


def live(query: Query) -> Json:
    """Read how long a place goes along with someone, and where they look."""
    period = query.get("live_period", 0)
    if period and period not in LIVE and period != FOR_EVER:
        raise errors.bad_request("wrong live location period specified")  # tdlib
    names = ("live_period", "heading", "proximity_alert_radius")
    return {name: query.get(name) for name in names if query.get(name)}


@method("sendLocation")
def send_location(query: Query) -> Json:
    """Send a place."""
    return deliver(query, {"location": location(query) | live(query)})


@method("sendVenue")
def send_venue(query: Query) -> Json:
    """Send a place with its name."""
    place = location(query)
    for name in ("title", "address"):
        if not query.get(name):
            raise errors.bad_request(f"venue {name} must be non-empty")  # tdlib
    facts = {name: query.get(name) for name in VENUE if query.get(name)}
    return deliver(query, {"venue": {"location": place, **facts}, "location": place})


@method("sendContact")
def send_contact(query: Query) -> Json:
    """Send someone's number."""
    query.need("phone_number")
    query.need("first_name")
    names = ("phone_number", "first_name", "last_name", "vcard")
    return deliver(query, {"contact": {name: query.get(name) for name in names if query.get(name)}})


@method("sendDice")
def send_dice(query: Query) -> Json:
    """Throw a die."""
    emoji = str(query.get("emoji", "🎲"))
    if emoji not in DICE:
        raise errors.bad_request("invalid dice emoji specified")  # tdlib
    value = DIE.randint(1, DICE[emoji])
    return deliver(query, {"dice": {"emoji": emoji, "value": value}}, "can_send_other_messages")
