"""Which messages a bot may take away, and of reactions."""

from __future__ import annotations

from bot.sandbox import Group, Person, Sandbox
from tests.sandbox.conftest import Api, Refusal

KEPT = "400 Bad Request: message can't be deleted"


async def test_a_member_deletes_its_own_messages_only(
    api: Api, refusal: Refusal, group: Group, bob: Person
) -> None:
    group.adds_bot()
    own = await api("sendMessage", chat_id=group.id, text="Hi")
    await bob.says("/hi", group)
    theirs = group.messages[-1].message_id

    assert await api("deleteMessage", chat_id=group.id, message_id=own["message_id"])
    assert await refusal("deleteMessage", chat_id=group.id, message_id=theirs) == KEPT


async def test_what_founds_a_topic_stays(refusal: Refusal, group: Group) -> None:
    topic = group.opens_topic("Digests")

    assert await refusal("deleteMessage", chat_id=group.id, message_id=topic) == KEPT


async def test_in_a_channel_the_right_to_post_deletes_ones_own(
    sandbox: Sandbox, api: Api, refusal: Refusal
) -> None:
    channel = sandbox.chat("News", kind="channel")
    channel.adds_bot("can_post_messages")
    posts = [await api("sendMessage", chat_id=channel.id, text=str(n)) for n in range(2)]

    assert await api("deleteMessage", chat_id=channel.id, message_id=posts[0]["message_id"])
    channel.adds_bot("can_edit_messages")
    last = posts[1]["message_id"]
    assert await refusal("deleteMessage", chat_id=channel.id, message_id=last) == KEPT


async def test_in_a_basic_group_an_administrator_deletes_all(
    sandbox: Sandbox, api: Api, refusal: Refusal, bob: Person
) -> None:
    old = sandbox.chat("Old friends", kind="group")
    old.has_member(bob)
    await bob.says("One", old)
    await bob.says("/two", old)
    one, two = (message.message_id for message in old.messages)

    assert await api("deleteMessage", chat_id=old.id, message_id=one)
    old.adds_bot()
    words = await refusal("deleteMessage", chat_id=old.id, message_id=two)
    assert words == f"{KEPT} for everyone"


async def test_a_die_stays_in_private_for_a_day(
    sandbox: Sandbox, api: Api, refusal: Refusal, bob: Person
) -> None:
    await bob.says("/start")
    die = await api("sendDice", chat_id=bob.id)
    where = {"chat_id": bob.id, "message_id": die["message_id"]}

    assert await refusal("deleteMessage", **where) == f"{KEPT} for everyone"
    sandbox.clock.advance(24 * 3600)
    assert await api("deleteMessage", **where)


async def test_what_is_not_named_is_not_deleted(refusal: Refusal, group: Group) -> None:
    chat = await refusal("deleteMessage", message_id=1)
    message = await refusal("deleteMessage", chat_id=group.id)

    assert chat == "400 Bad Request: chat identifier is not specified"
    assert message == "400 Bad Request: message identifier is not specified"


async def test_reactions_are_moderated_by_right(
    api: Api, refusal: Refusal, group: Group, bob: Person
) -> None:
    await bob.says("Hi", group)
    message = group.messages[-1]
    await bob.reacts(message, "👍")
    where = {"chat_id": group.id, "message_id": message.message_id, "user_id": bob.id}
    paid = [{"type": "paid"}]
    del where["user_id"]
    bad = await refusal("setMessageReaction", **where, reaction=paid)

    assert await api("deleteMessageReaction", **where, user_id=bob.id)
    assert group.chat.posts[message.message_id].reactions == {}
    group.adds_bot()
    denied = await refusal("deleteAllMessageReactions", chat_id=group.id, user_id=bob.id)
    assert denied == "400 sandbox: not enough rights to delete reactions"
    assert bad.endswith("invalid reaction type specified")


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
