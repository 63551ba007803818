"""Copying and forwarding: what goes along, and what may not."""

from __future__ import annotations

import pytest

from bot.sandbox import Person, Sandbox
from tests.sandbox.conftest import Api, Refusal

LINK = {"text": "Web", "url": "https://example.org/"}
COPY = {"text": "Copy", "copy_text": {"text": "x"}}
CALL = {"text": "Go", "callback_data": "go"}


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
