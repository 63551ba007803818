"""Sending, copying, forwarding, deleting: as Telegram does and with its words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.sandbox import Person, Sandbox

Api = Callable[..., Awaitable[Any]]
Refusal = Callable[..., Awaitable[str]]


@pytest.fixture
async def ann(sandbox: Sandbox) -> Person:
    ann = sandbox.person("Ann", language="en", username="ann")
    await ann.says("/start")
    return ann


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


async def test_a_copy_is_the_bots_own_and_a_forward_names_its_origin(
    sandbox: Sandbox, api: Api, ann: Person
) -> None:
    group = sandbox.chat("@ai_news_plus")
    original = ann.messages[0]

    source = {"from_chat_id": ann.id, "message_id": original.message_id}
    copied = await api("copyMessage", chat_id=group.id, **source)
    forwarded = await api("forwardMessage", chat_id="@ai_news_plus", **source)

    assert group.messages[0].message_id == copied["message_id"]
    assert forwarded["forward_origin"]["sender_user"]["id"] == ann.id


async def test_batches_skip_what_is_missing(sandbox: Sandbox, api: Api, ann: Person) -> None:
    group = sandbox.chat("@ai_news_plus")
    source = {"from_chat_id": ann.id, "message_ids": [ann.messages[0].message_id, 999]}

    assert len(await api("copyMessages", chat_id=group.id, **source)) == 1
    assert len(await api("forwardMessages", chat_id=group.id, **source)) == 1
    assert await api("deleteMessages", chat_id=ann.id, message_ids=source["message_ids"])
    assert ann.messages == []


async def test_bad_batches_are_refused(sandbox: Sandbox, refusal: Refusal, ann: Person) -> None:
    source = {"chat_id": "@ai_news_plus", "from_chat_id": ann.id}

    for numbers, words in (
        ([], "message identifiers are not specified"),
        ([0], "invalid message identifier specified"),
        (list(range(1, 102)), "too many message identifiers specified"),
        ([2, 1], "message identifiers must be in a strictly increasing order"),
        ([998, 999], "there are no messages to forward"),
    ):
        said = await refusal("copyMessages", **source, message_ids=numbers)
        assert said == f"400 Bad Request: {words}"
    none = await refusal("deleteMessages", chat_id=ann.id, message_ids=[])
    assert none.endswith("message identifiers are not specified")
    service = await refusal("copyMessage", **source, message_id=999)
    assert service.endswith("message to copy not found")
    gone = await refusal("forwardMessage", **source, message_id=999)
    assert gone.endswith("message to forward not found")
    sandbox.clock.advance(48 * 3600)
    old = await refusal("deleteMessages", chat_id=ann.id, message_ids=[1])
    assert old.endswith("can't be deleted for everyone")


async def test_a_copy_may_lose_its_caption(sandbox: Sandbox, api: Api, ann: Person) -> None:
    sent = await api("sendPhoto", chat_id=ann.id, photo="https://a.b/c.png", caption="Old")
    source = {"chat_id": ann.id, "from_chat_id": ann.id}

    await api(
        "copyMessage", **source, message_id=sent["message_id"], caption="<b></b>", parse_mode="HTML"
    )
    await api("copyMessages", **source, message_ids=[sent["message_id"]], remove_caption=True)
    await api("copyMessage", **source, message_id=sent["message_id"], caption="New")

    assert [message.text for message in ann.messages[-3:]] == ["", "", "New"]


LINK = {"text": "Web", "url": "https://example.org/"}
COPY = {"text": "Copy", "copy_text": {"text": "x"}}
CALL = {"text": "Go", "callback_data": "go"}


@pytest.mark.parametrize(
    ("row", "kept"), [([LINK, COPY], True), ([CALL], False), ([LINK, CALL], False)]
)
async def test_only_links_go_along_with_a_forward_and_no_button_with_a_copy(
    api: Api, ann: Person, row: list[object], kept: bool
) -> None:
    keyboard = {"inline_keyboard": [row]}
    sent = await api("sendMessage", chat_id=ann.id, text="Press", reply_markup=keyboard)
    source = {"chat_id": ann.id, "from_chat_id": ann.id}

    one = await api("forwardMessage", **source, message_id=sent["message_id"])
    await api("forwardMessages", **source, message_ids=[sent["message_id"]])
    await api("copyMessage", **source, message_id=sent["message_id"])
    await api("copyMessages", **source, message_ids=[sent["message_id"]])

    shown = [message.raw.get("reply_markup") for message in ann.messages[-4:]]
    assert one.get("reply_markup") == shown[0]
    assert shown == [keyboard if kept else None] * 2 + [None] * 2


async def test_a_post_is_forwarded_with_its_channel(
    sandbox: Sandbox, api: Api, ann: Person
) -> None:
    sandbox.chat("@news", kind="channel")
    post = await api("sendMessage", chat_id="@news", text="Hi", allow_paid_broadcast=True)

    moved = await api(
        "forwardMessage", chat_id=ann.id, from_chat_id="@news", message_id=post["message_id"]
    )

    assert moved["forward_origin"]["type"] == "channel"


async def test_two_days_later_no_bot_deletes(
    sandbox: Sandbox, api: Api, refusal: Refusal, ann: Person
) -> None:
    group = sandbox.chat("@ai_news_plus")
    private = await api("sendMessage", chat_id=ann.id, text="Hi")
    public = await api("sendMessage", chat_id=group.id, text="Hi")
    sandbox.clock.advance(48 * 3600)

    words = await refusal("deleteMessage", chat_id=ann.id, message_id=private["message_id"])

    assert words == "400 Bad Request: message can't be deleted for everyone"
    words = await refusal("deleteMessage", chat_id=group.id, message_id=public["message_id"])
    assert words == "400 Bad Request: message can't be deleted"


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


async def test_a_closed_poll_is_not_closed_again(api: Api, refusal: Refusal, ann: Person) -> None:
    poll = await api(
        "sendPoll", chat_id=ann.id, question="Which?", options=["One", "Two"], is_closed=True
    )

    words = await refusal("stopPoll", chat_id=ann.id, message_id=poll["message_id"])

    assert words == "400 Bad Request: poll has already been closed"


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


async def test_protected_and_service_messages_are_not_sent_on(
    sandbox: Sandbox, api: Api, refusal: Refusal, ann: Person
) -> None:
    group = sandbox.chat("@ai_news_plus")
    await ann.joins(group)
    joined = group.messages[-1].message_id
    kept = await api("sendMessage", chat_id=group.id, text="Keep", protect_content=True)
    where = {"chat_id": ann.id, "from_chat_id": group.id}

    copied = await refusal("copyMessage", **where, message_id=kept["message_id"])
    moved = await refusal("forwardMessage", **where, message_id=joined)
    both = [joined, kept["message_id"]]
    batch = await refusal("forwardMessages", **where, message_ids=both)

    assert copied == "400 Bad Request: the message can't be copied"
    assert moved == "400 Bad Request: the message can't be forwarded"
    assert batch == "400 Bad Request: there are no messages to forward"


async def test_words_beyond_all_measure_are_not_even_parsed(refusal: Refusal, ann: Person) -> None:
    words = await refusal("sendMessage", chat_id=ann.id, text="<" * 40_000, parse_mode="HTML")

    assert words == "400 Bad Request: text is too long"


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


async def test_a_photo_is_not_sent_on_where_none_may_be(
    sandbox: Sandbox, api: Api, refusal: Refusal, ann: Person
) -> None:
    group = sandbox.chat("@ai_news_plus")
    await api("setChatPermissions", chat_id=group.id, permissions={"can_send_messages": True})
    photo = await api("sendPhoto", chat_id=ann.id, photo="https://a.b/c.png")
    words = await api("sendMessage", chat_id=ann.id, text="Words")
    group.adds_bot()
    source = {"chat_id": group.id, "from_chat_id": ann.id}
    both = [photo["message_id"], words["message_id"]]

    for said in (
        await refusal("copyMessage", **source, message_id=photo["message_id"]),
        await refusal("forwardMessage", **source, message_id=photo["message_id"]),
        await refusal("forwardMessages", **source, message_ids=both),
    ):
        assert said == "400 Bad Request: not enough rights to send photos to the chat"
    assert await api("copyMessage", **source, message_id=words["message_id"])
