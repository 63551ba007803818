"""Contents other than words: places, contacts, dice, media."""

from __future__ import annotations

import pytest

from bot.sandbox import Person
from tests.sandbox.conftest import Api, Refusal


async def test_other_contents_fit_too(api: Api, ann: Person) -> None:
    to = {"chat_id": ann.id}

    poll = await api("sendPoll", **to, question="Which?", options=["One", {"text": "Two"}])
    assert await api("stopPoll", **to, message_id=poll["message_id"])
    assert await api("sendLocation", **to, latitude=1.5, longitude=2)
    assert await api("sendVenue", **to, latitude=1, longitude=2, title="Here", address="There")
    assert await api("sendContact", **to, phone_number="+1", first_name="Bo")
    assert await api("sendDice", **to)
    assert await api("sendVideoNote", **to, video_note="https://a.b/c.mp4")
    assert (await api("getUserProfilePhotos", user_id=ann.id))["total_count"] == 0


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendPoll", {"options": ["a"]}, "poll question must be non-empty"),
        (
            "sendPoll",
            {"question": "x" * 301, "options": ["a"]},
            "poll question length must not exceed 300",
        ),
        (
            "sendPoll",
            {"question": "x", "options": ["a"] * 13},
            "poll can't have more than 12 options",
        ),
        (
            "sendPoll",
            {"question": "x", "options": ["", "b"]},
            "poll options length must not exceed 100",
        ),
        ("sendLocation", {"latitude": 91, "longitude": 0}, "wrong location specified"),
        ("sendContact", {}, 'parameter "phone_number" is required'),
        ("sendContact", {"phone_number": "1"}, 'parameter "first_name" is required'),
        ("sendDice", {"emoji": "x"}, "invalid dice emoji specified"),
    ],
)
async def test_other_contents_have_bounds(
    refusal: Refusal, ann: Person, method: str, params: dict[str, object], words: str
) -> None:
    said = await refusal(method, chat_id=ann.id, **params)

    assert said == f"400 Bad Request: {words}"


@pytest.mark.parametrize(
    ("method", "params", "words"),
    [
        ("sendVenue", {"latitude": 1, "longitude": 1, "title": "x"}, "venue address must be"),
        ("sendLocation", {"latitude": 1, "longitude": 1, "live_period": 5}, "wrong live location"),
        ("sendPhoto", {"photo": "attach://none"}, "there is no photo in the request"),
        ("sendVideoNote", {}, "there is no video note in the request"),
        (
            "sendMediaGroup",
            {"media": [{"type": kind, "media": "https://a.b/c"} for kind in ("photo", "document")]},
            "can't use the media of the specified type in the album",
        ),
    ],
)
async def test_odd_contents_are_refused(
    refusal: Refusal, ann: Person, method: str, params: dict[str, object], words: str
) -> None:
    assert words in await refusal(method, chat_id=ann.id, **params)


async def test_only_what_goes_along_is_moved(api: Api, refusal: Refusal, ann: Person) -> None:
    still = await api("sendLocation", chat_id=ann.id, latitude=1, longitude=2)
    where = {"chat_id": ann.id, "message_id": still["message_id"]}

    moved = await refusal("editMessageLiveLocation", **where, latitude=2, longitude=2)
    captioned = await refusal("editMessageCaption", **where, caption="x")
    media = {"type": "photo", "media": "https://a.b/c.png"}
    changed = await refusal("editMessageMedia", **where, media=media)

    assert moved.endswith("there is no live location in the message to edit")
    assert captioned.endswith("there is no caption in the message to edit")
    assert changed.endswith("there is no media in the message to edit")
