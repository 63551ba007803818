"""Changing messages that the bot sent."""

from __future__ import annotations

from bot.sandbox import Person
from tests.sandbox.conftest import Api, Refusal

SAME = (
    "400 Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
BUTTONS = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}


async def test_new_words_are_an_edit_and_take_the_buttons_away(api: Api, ann: Person) -> None:
    sent = await api("sendMessage", chat_id=ann.id, text="Old", reply_markup=BUTTONS)

    where = {"chat_id": ann.id, "message_id": sent["message_id"]}
    edited = await api("editMessageText", **where, text="New")

    assert edited["text"] == "New"
    assert "edit_date" in edited
    assert "reply_markup" not in edited
    assert (await ann.sees("New")).edited


async def test_the_same_again_is_refused(api: Api, refusal: Refusal, ann: Person) -> None:
    sent = await api("sendMessage", chat_id=ann.id, text="Old", reply_markup=BUTTONS)
    where = {"chat_id": ann.id, "message_id": sent["message_id"], "reply_markup": BUTTONS}

    assert await refusal("editMessageText", **where, text="Old") == SAME
    assert await refusal("editMessageReplyMarkup", **where) == SAME


async def test_buttons_alone_are_no_edit(api: Api, ann: Person) -> None:
    sent = await api("sendMessage", chat_id=ann.id, text="Old")
    where = {"chat_id": ann.id, "message_id": sent["message_id"]}

    edited = await api("editMessageReplyMarkup", **where, reply_markup=BUTTONS)

    assert edited["reply_markup"] == BUTTONS
    assert "edit_date" not in edited


async def test_captions_and_media_change(api: Api, refusal: Refusal, ann: Person) -> None:
    sent = await api("sendPhoto", chat_id=ann.id, photo="https://a.b/c.png", caption="Old")
    where = {"chat_id": ann.id, "message_id": sent["message_id"]}

    edited = await api("editMessageCaption", **where, caption="<i>New</i>", parse_mode="HTML")
    media = {"type": "document", "media": "https://a.b/c.pdf"}
    changed = await api("editMessageMedia", **where, media=media)

    assert edited["caption"] == "New"
    assert changed["document"]["file_name"] == "c.pdf"
    words = await refusal("editMessageText", **where, text="x")
    assert words == "400 Bad Request: there is no text in the message to edit"


async def test_only_ones_own_messages_change(api: Api, refusal: Refusal, ann: Person) -> None:
    theirs = {"chat_id": ann.id, "message_id": ann.messages[0].message_id}

    assert await refusal("editMessageText", **theirs, text="x") == (
        "400 Bad Request: message can't be edited"
    )
    assert await refusal("editMessageText", chat_id=ann.id, message_id=99, text="x") == (
        "400 Bad Request: message to edit not found"
    )
    assert await refusal("editMessageText", chat_id=ann.id, text="x") == (
        "400 Bad Request: message to edit not found"
    )
    assert await refusal("editMessageText", text="x") == (
        "400 Bad Request: message identifier is not specified"
    )
    assert await refusal("editMessageText", inline_message_id="1", text="x") == (
        "400 Bad Request: MESSAGE_ID_INVALID"
    )


async def test_odd_edits_are_refused(api: Api, refusal: Refusal, ann: Person) -> None:
    sent = await api("sendMessage", chat_id=ann.id, text="Old")
    where = {"chat_id": ann.id, "message_id": sent["message_id"]}
    keyboard = {"keyboard": [[{"text": "x"}]]}

    assert (await refusal("editMessageCaption", **where, caption="x")).endswith(
        "no caption in the message to edit"
    )
    assert (await refusal("stopPoll", **where)).endswith("message is not a poll")
    assert (await refusal("editMessageText", **where, text="x", reply_markup=keyboard)).startswith(
        "400 sandbox: "
    )
    await ann.blocks()
    assert (await refusal("editMessageText", **where, text="x")).startswith("403 Forbidden")
