"""Sending: what is asked for is sent, and refused as by Telegram, in its words."""

from __future__ import annotations

import pytest

from bot.sandbox import Person, Sandbox
from tests.sandbox.conftest import Api, Refusal


async def test_a_message_has_what_was_asked_for(api: Api, ann: Person) -> None:
    buttons = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}], []]}
    preview = {"url": "https://example.org/cover.png", "show_above_text": True}

    message = await api(
        "sendMessage",
        chat_id=ann.id,
        text="<b>Bold</b> and plain",
        parse_mode="HTML",
        link_preview_options=preview,
        reply_markup=buttons,
        protect_content=True,
    )

    assert message["text"] == "Bold and plain"
    assert message["entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    assert message["chat"] == {
        "id": ann.id,
        "type": "private",
        "first_name": "Ann",
        "username": "ann",
    }
    assert message["reply_markup"] == {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    assert message["link_preview_options"] == preview
    assert message["has_protected_content"]
    seen = await ann.sees("Bold")
    assert (seen.buttons, seen.preview) == ((("Go",),), preview["url"])


async def test_numbers_and_objects_may_come_as_text(api: Api, ann: Person) -> None:
    preview = '{"is_disabled":true}'

    message = await api("sendMessage", chat_id=str(ann.id), text="Hi", link_preview_options=preview)

    assert message["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"text": ""}, "400 Bad Request: message text is empty"),
        ({}, "400 Bad Request: message text is empty"),
        ({"text": " \n "}, "400 Bad Request: text must be non-empty"),
        ({"text": "x" * 4097}, "400 Bad Request: message is too long"),
        ({"text": "😀" * 2049}, "400 Bad Request: message is too long"),
        ({"text": "Hi", "chat_id": 1}, "400 Bad Request: chat not found"),
        ({"text": "Hi", "chat_id": "@nobody"}, "400 Bad Request: chat not found"),
        ({"text": "Hi", "chat_id": "@ann"}, "400 Bad Request: chat not found"),
        ({"text": "Hi", "chat_id": "nobody"}, "400 Bad Request: chat not found"),
        ({"text": "Hi", "chat_id": ""}, "400 Bad Request: chat_id is empty"),
        (
            {"text": "Hi", "message_thread_id": 1},
            "400 Bad Request: message thread not found",
        ),
        (
            {"text": "Hi", "reply_parameters": {"message_id": 999}},
            "400 Bad Request: message to be replied not found",
        ),
        (
            {"text": "Hi", "business_connection_id": "x"},
            "400 sandbox: sendMessage does not support business_connection_id",
        ),
        (
            {"text": "Hi", "wrong": "x"},
            "400 sandbox: sendMessage has no parameter 'wrong' in Bot API 10.0",
        ),
        ({"text": 5}, "400 sandbox: parameter text must be str"),
        (
            {"text": "Hi", "message_thread_id": "x"},
            "400 sandbox: parameter message_thread_id must be int",
        ),
        (
            {"text": "Hi", "link_preview_options": {"wrong": 1}},
            "400 sandbox: parameter link_preview_options has a field that no LinkPreviewOptions "
            "has: ['wrong']",
        ),
        (
            {"text": "Hi", "reply_markup": "{"},
            "400 Bad Request: can't parse reply keyboard markup JSON object",
        ),
    ],
)
async def test_what_telegram_refuses_is_refused(
    refusal: Refusal, ann: Person, params: dict[str, object], words: str
) -> None:
    assert await refusal("sendMessage", **({"chat_id": ann.id} | params)) == words


async def test_broken_markup_is_refused_in_telegrams_words(refusal: Refusal, ann: Person) -> None:
    words = await refusal("sendMessage", chat_id=ann.id, text="<b>x", parse_mode="HTML")

    assert words.startswith("400 Bad Request: can't parse entities: ")


async def test_a_reply_shows_what_it_answers(api: Api, ann: Person) -> None:
    first = await api("sendMessage", chat_id=ann.id, text="One and two")

    reply = await api(
        "sendMessage",
        chat_id=ann.id,
        text="Two",
        reply_parameters={"message_id": first["message_id"], "quote": "and two"},
    )
    lone = await api(
        "sendMessage",
        chat_id=ann.id,
        text="Two",
        reply_parameters={"message_id": 99, "allow_sending_without_reply": True},
    )

    assert reply["reply_to_message"]["text"] == "One and two"
    assert reply["quote"]["text"] == "and two"
    assert "reply_to_message" not in lone


async def test_who_blocks_or_is_gone_gets_nothing(refusal: Refusal, ann: Person) -> None:
    await ann.blocks()
    blocked = await refusal("sendMessage", chat_id=ann.id, text="Hi")
    ann.deletes_account()
    gone = await refusal("sendMessage", chat_id=ann.id, text="Hi")

    assert blocked == "403 Forbidden: bot was blocked by the user"
    assert gone == "403 Forbidden: user is deactivated"


async def test_nobody_is_written_to_first(sandbox: Sandbox, refusal: Refusal) -> None:
    bob = sandbox.person("Bob")

    stranger = await refusal("sendMessage", chat_id=bob.id, text="Hi")
    await bob.joins(sandbox.chat("@ai_news_plus"))
    met = await refusal("sendMessage", chat_id=bob.id, text="Hi")

    assert stranger == "400 Bad Request: chat not found"
    assert met == "403 Forbidden: bot can't initiate conversation with a user"


async def test_pins_come_and_go(api: Api, refusal: Refusal, ann: Person) -> None:
    message = await api("sendMessage", chat_id=ann.id, text="Hi")
    where = {"chat_id": ann.id, "message_id": message["message_id"]}

    assert await api("pinChatMessage", **where)
    assert await api("pinChatMessage", **where)
    assert (await api("getChat", chat_id=ann.id))["pinned_message"]["text"] == "Hi"
    assert await api("unpinChatMessage", chat_id=ann.id)
    words = await refusal("unpinChatMessage", chat_id=ann.id)
    assert words == "400 Bad Request: message to unpin not found"
    await api("pinChatMessage", **where)
    assert await api("unpinAllChatMessages", chat_id=ann.id)


async def test_small_things_of_a_chat(
    sandbox: Sandbox, api: Api, refusal: Refusal, ann: Person
) -> None:
    group = sandbox.chat("@ai_news_plus")
    number = ann.messages[0].message_id

    assert await api("sendChatAction", chat_id=ann.id, action="typing")
    assert await api(
        "setMessageReaction",
        chat_id=ann.id,
        message_id=number,
        reaction=[{"type": "emoji", "emoji": "👍"}],
    )
    for heart in ("❤", "❤\ufe0f", "❤\ufe0f\u200d🔥"):
        reaction = [{"type": "emoji", "emoji": heart}]
        assert await api("setMessageReaction", chat_id=ann.id, message_id=number, reaction=reaction)
    assert await api("sendMessageDraft", chat_id=ann.id, draft_id=1, text="Thinking")
    two = [{"type": "emoji", "emoji": "👍"}] * 2
    many = await refusal("setMessageReaction", chat_id=ann.id, message_id=number, reaction=two)
    assert many.endswith("REACTIONS_TOO_MANY")
    for odd in ("nonsense", "🦷", ""):
        reaction = [{"type": "emoji", "emoji": odd}]
        said = await refusal(
            "setMessageReaction", chat_id=ann.id, message_id=number, reaction=reaction
        )
        assert said == "400 Bad Request: REACTION_INVALID"
    public = await refusal("sendMessageDraft", chat_id=group.id, draft_id=1, text="x")
    assert public.endswith("TEXTDRAFT_PEER_INVALID")
    words = await refusal("sendChatAction", chat_id=ann.id, action="dancing")
    assert words == "400 Bad Request: wrong parameter action in request"


async def test_a_reply_to_another_chat_says_where_it_was(
    sandbox: Sandbox, api: Api, refusal: Refusal, ann: Person
) -> None:
    group = sandbox.chat("@ai_news_plus")
    await ann.says("In the group", group)
    there = {"chat_id": group.id, "message_id": group.messages[-1].message_id}
    hers = {"chat_id": ann.id, "message_id": ann.messages[0].message_id}

    public = await api(
        "sendMessage", chat_id=ann.id, text="Re", reply_parameters=there | {"quote": "the group"}
    )
    private = await api("sendMessage", chat_id=group.id, text="Re", reply_parameters=hers)
    wrong = there | {"quote": "<b>not</b>", "quote_parse_mode": "HTML"}
    refused = await refusal("sendMessage", chat_id=ann.id, text="Re", reply_parameters=wrong)

    assert public["external_reply"]["message_id"] == there["message_id"]
    assert public["quote"]["text"] == "the group"
    assert "chat" not in private["external_reply"]
    assert refused == "400 Bad Request: QUOTE_TEXT_INVALID"


async def test_words_beyond_all_measure_are_not_even_parsed(refusal: Refusal, ann: Person) -> None:
    words = await refusal("sendMessage", chat_id=ann.id, text="<" * 40_000, parse_mode="HTML")

    assert words == "400 Bad Request: text is too long"
