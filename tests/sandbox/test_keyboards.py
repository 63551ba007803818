"""Buttons below messages, and keyboards."""

from __future__ import annotations

import pytest

from bot.sandbox import Person, Sandbox
from tests.sandbox.conftest import Api, Refusal


@pytest.mark.parametrize(
    ("button", "words"),
    [
        (
            {"text": "x"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        ({"text": "x", "callback_data": "数" * 22}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x", "url": "not a link"},
            "inline keyboard button URL 'not a link' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x", "url": "ftp://a.b"},
            "inline keyboard button URL 'ftp://a.b' is invalid: Unsupported URL protocol",
        ),
        (
            {"text": "x", "url": "http://[a"},
            "inline keyboard button URL 'http://[a' is invalid: Wrong HTTP URL",
        ),
        ({"callback_data": "x"}, "can't parse inline keyboard button: Can't find field \"text\""),
        ({"text": "  ", "callback_data": "x"}, "inline keyboard button text must be non-empty"),
    ],
)
async def test_bad_buttons_are_refused(
    refusal: Refusal, ann: Person, button: dict[str, str], words: str
) -> None:
    markup = {"inline_keyboard": [[button]]}

    said = await refusal("sendMessage", chat_id=ann.id, text="Hi", reply_markup=markup)

    assert said == f"400 Bad Request: {words}"


async def test_a_hundred_buttons_are_the_most(api: Api, refusal: Refusal, ann: Person) -> None:
    rows = [[{"text": "x", "callback_data": "x"}] for _ in range(101)]

    fine = await api(
        "sendMessage", chat_id=ann.id, text="Hi", reply_markup={"inline_keyboard": rows[1:]}
    )
    words = await refusal(
        "sendMessage", chat_id=ann.id, text="Hi", reply_markup={"inline_keyboard": rows}
    )

    assert len(fine["reply_markup"]["inline_keyboard"]) == 100
    assert words == "400 Bad Request: reply markup is too long"


@pytest.mark.parametrize(
    ("keyboard", "words"),
    [
        ({"keyboard": [[{}]]}, "can't parse keyboard button: Can't find field \"text\""),
        ({"keyboard": [[{"text": ""}]]}, "keyboard button text must be non-empty"),
        (
            {"inline_keyboard": [[{"text": "x" * 200, "callback_data": "x"}]] * 60},
            "reply markup is too long",
        ),
    ],
)
async def test_bad_keyboards_are_refused(
    refusal: Refusal, ann: Person, keyboard: dict[str, object], words: str
) -> None:
    said = await refusal("sendMessage", chat_id=ann.id, text="Hi", reply_markup=keyboard)

    assert said == f"400 Bad Request: {words}"


async def test_a_reply_keyboard_is_taken_and_not_shown_again(api: Api, ann: Person) -> None:
    keyboard = {"keyboard": [[{"text": "Today"}, {"text": "Search"}]], "resize_keyboard": True}

    message = await api("sendMessage", chat_id=ann.id, text="Hi", reply_markup=keyboard)

    assert "reply_markup" not in message


async def test_buttons_of_a_reply_keyboard_may_be_words_alone(
    sandbox: Sandbox, api: Api, ann: Person
) -> None:
    await api("sendMessage", chat_id=ann.id, text="Hi", reply_markup={"keyboard": [["Yes", "No"]]})

    markup = list(ann.private.posts.values())[-1].markup
    assert markup == {"keyboard": [[{"text": "Yes"}, {"text": "No"}]]}
