"""People are held back where Telegram holds them back, and find other ways in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.sandbox import Group, HeldBackError, Person, Sandbox, converse, inbox
from bot.sandbox.pressing import start_payload
from bot.sandbox.voting import vote
from tests.sandbox.conftest import Api, Refusal


async def test_slow_mode_lets_people_speak_only_so_often(
    sandbox: Sandbox, group: Group, owner: Person, bob: Person
) -> None:
    sandbox.clock.hold()
    group.chat.slow_mode = 30

    await bob.says("One", group)
    with pytest.raises(HeldBackError, match="slow mode: 30 seconds more"):
        await bob.says("Two", group)
    await owner.says("The owner", group)
    await owner.says("need not wait", group)
    sandbox.clock.advance(30)
    await bob.says("Two", group)

    texts = [message.text for message in group.messages]
    assert texts == ["One", "The owner", "need not wait", "Two"]


async def test_who_is_muted_says_nothing_until_that_ends(
    sandbox: Sandbox, api: Api, group: Group, bob: Person
) -> None:
    until = int(sandbox.clock.now()) + 3600
    where = {"chat_id": group.id, "user_id": bob.id}
    await api("restrictChatMember", **where, permissions={}, until_date=until)

    with pytest.raises(HeldBackError, match="may not: can_send_messages"):
        await bob.says("Hi", group)
    sandbox.clock.advance(3601)
    await bob.says("Hi again", group)

    assert (await api("getChatMember", **where))["status"] == "member"
    assert [message.text for message in group.messages] == ["Hi again"]


async def test_permissions_go_by_what_is_sent(api: Api, group: Group, bob: Person) -> None:
    await api("setChatPermissions", chat_id=group.id, permissions={"can_send_messages": True})

    await bob.says("Words", group)
    with pytest.raises(HeldBackError, match="can_send_photos"):
        await bob.sends_file("photo", "a.png", b"x", chat=group)
    with pytest.raises(HeldBackError, match="can_send_other_messages"):
        await bob.sends({"dice": {"emoji": "🎲", "value": 1}}, group)


async def test_a_restriction_may_be_lifted_and_outlives_leaving(
    api: Api, group: Group, bob: Person
) -> None:
    where = {"chat_id": group.id, "user_id": bob.id}
    await api("restrictChatMember", **where, permissions={"can_send_polls": True})
    await bob.leaves(group)
    await bob.joins(group)
    with pytest.raises(HeldBackError, match="can_send_photos"):
        await bob.sends_file("photo", "a.png", b"x", chat=group)
    await bob.leaves(group)

    away = await api("getChatMember", **where)
    every = dict.fromkeys(away.keys() - {"status", "user", "is_member", "until_date"}, True)
    await api("restrictChatMember", **where, permissions=every)

    assert (away["status"], away["is_member"], away["can_send_messages"]) == (
        "restricted",
        False,
        True,
    )
    assert (await api("getChatMember", **where))["status"] == "left"


async def test_a_ban_keeps_out_until_it_ends(
    sandbox: Sandbox, api: Api, group: Group, bob: Person
) -> None:
    await bob.says("Soon gone", group)
    where = {"chat_id": group.id, "user_id": bob.id}
    until = int(sandbox.clock.now()) + 60

    await api("banChatMember", **where, until_date=until, revoke_messages=True)

    assert group.messages == []
    for act in (bob.says("Hi", group), bob.joins(group)):
        with pytest.raises(HeldBackError, match="banned from the chat"):
            await act
    sandbox.clock.advance(61)
    await bob.joins(group)
    assert (await api("getChatMember", **where))["status"] == "member"


async def test_terms_too_short_or_too_long_are_for_ever(
    sandbox: Sandbox, api: Api, group: Group, bob: Person
) -> None:
    where = {"chat_id": group.id, "user_id": bob.id}

    for seconds in (10, 400 * 24 * 3600):
        await api("banChatMember", **where, until_date=int(sandbox.clock.now()) + seconds)
        assert (await api("getChatMember", **where))["until_date"] == 0


async def test_closed_and_deleted_topics_take_nothing(
    api: Api, group: Group, owner: Person, bob: Person
) -> None:
    topic = group.opens_topic("Digests")
    await bob.says("Open", group, thread=topic)
    group.closes_topic(topic)

    with pytest.raises(HeldBackError, match="the topic is closed"):
        await bob.says("Closed", group, thread=topic)
    await owner.says("The owner may", group, thread=topic)
    group.deletes_topic(topic)
    with pytest.raises(HeldBackError, match="the topic was deleted"):
        await owner.says("Gone", group, thread=topic)
    await api("closeGeneralForumTopic", chat_id=group.id)
    with pytest.raises(HeldBackError, match="the topic is closed"):
        await bob.says("Nor here", group)

    assert "Open" not in [message.text for message in group.messages]


async def test_channels_old_groups_and_deleted_accounts(
    sandbox: Sandbox, owner: Person, bob: Person
) -> None:
    channel = sandbox.chat("News", kind="channel")
    old = sandbox.chat("Old friends", kind="group")
    old.migrates()

    with pytest.raises(HeldBackError, match="only administrators post"):
        await bob.says("Hi", channel)
    channel.has_admin(owner, "can_post_messages")
    await owner.says("Post", channel)
    with pytest.raises(HeldBackError, match="became a supergroup"):
        await bob.says("Hi", old)
    owner.deletes_account()
    with pytest.raises(HeldBackError, match="account was deleted"):
        await owner.says("Hi", channel)


async def test_nobody_edits_what_others_said(group: Group, owner: Person, bob: Person) -> None:
    await owner.says("Mine", group)

    with pytest.raises(HeldBackError, match="someone else's"):
        await bob.edits(group.messages[-1], "Yours")


async def test_links_lead_in_until_they_end(
    sandbox: Sandbox, api: Api, group: Group, owner: Person
) -> None:
    once = await api("createChatInviteLink", chat_id=group.id, member_limit=1)
    short = await api(
        "createChatInviteLink", chat_id=group.id, expire_date=int(sandbox.clock.now()) + 60
    )
    main = await api("exportChatInviteLink", chat_id=group.id)
    await api("exportChatInviteLink", chat_id=group.id)
    await api("getUpdates", allowed_updates=["chat_member"])

    await sandbox.person("Eve").joins(group, once["invite_link"])
    sandbox.clock.advance(61)

    for link in (once["invite_link"], short["invite_link"], main, "https://t.me/+none"):
        with pytest.raises(HeldBackError, match="invite link"):
            await sandbox.person("Fay").joins(group, link)
    updates = await api("getUpdates")
    assert updates[0]["chat_member"]["invite_link"]["invite_link"] == once["invite_link"]


async def test_who_asks_to_join_is_let_in_or_not(
    sandbox: Sandbox, api: Api, refusal: Refusal, group: Group
) -> None:
    link = await api("createChatInviteLink", chat_id=group.id, creates_join_request=True)
    eve, fay = sandbox.person("Eve"), sandbox.person("Fay")

    await eve.joins(group, link["invite_link"])
    await fay.joins(group, link["invite_link"])

    requests = [one["chat_join_request"] for one in await api("getUpdates")]
    assert [request["from"]["first_name"] for request in requests] == ["Eve", "Fay"]
    await api("sendMessage", chat_id=requests[0]["user_chat_id"], text="Who are you?")
    where = {"chat_id": group.id, "user_id": eve.id}
    assert await api("approveChatJoinRequest", **where)
    assert await api("declineChatJoinRequest", chat_id=group.id, user_id=fay.id)
    assert (await api("getChatMember", **where))["status"] == "member"
    again = await refusal("approveChatJoinRequest", **where)
    assert again == "400 Bad Request: USER_ALREADY_PARTICIPANT"
    none = await refusal("approveChatJoinRequest", chat_id=group.id, user_id=fay.id)
    assert none == "400 Bad Request: HIDE_REQUESTER_MISSING"
    sandbox.clock.advance(301)
    late = await refusal("sendMessage", chat_id=fay.id, text="Hello?")
    assert late == "403 Forbidden: bot can't initiate conversation with a user"


async def test_links_have_bounds_that_fit(api: Api, refusal: Refusal, group: Group) -> None:
    both = {"chat_id": group.id, "creates_join_request": True, "member_limit": 5}

    assert (await refusal("createChatInviteLink", **both)).endswith("administrator approval")
    named = await api("createChatInviteLink", chat_id=group.id, name="x" * 40)
    changed = await api(
        "editChatInviteLink", chat_id=group.id, invite_link=named["invite_link"], member_limit=9
    )
    assert len(named["name"]) == 32
    assert "name" not in changed


async def test_the_terminal_says_what_did_not_get_there(
    sandbox: Sandbox, group: Group, owner: Person, bob: Person
) -> None:
    written: list[str] = []

    async def lines() -> AsyncIterator[str]:
        yield "@group Hi"
        talk.cancel()

    group.mutes_members()
    talk = asyncio.create_task(
        converse(sandbox, [bob, owner], group, lines=lines(), patience=0, write=written.append)
    )
    await asyncio.wait({talk}, timeout=20)

    assert "    That did not get there: may not: can_send_messages" in written


async def test_a_payload_that_telegram_would_not_pass_on_is_left_out(
    sandbox: Sandbox, owner: Person
) -> None:
    bot = sandbox.bot

    assert start_payload(bot, f"https://t.me/{bot.username}?start=d_1") == "d_1"
    assert start_payload(bot, f"https://t.me/{bot.username}?start=a%20b") == ""
    assert start_payload(bot, f"https://t.me/{bot.username}?start={'x' * 65}") == ""


async def test_who_is_out_neither_votes_nor_reacts(
    sandbox: Sandbox, api: Api, group: Group, bob: Person
) -> None:
    await api("sendPoll", chat_id=group.id, question="Which?", options=["One", "Two"])
    [message] = group.messages
    post = group.chat.posts[message.message_id]
    await bob.leaves(group)

    for one, words in ((bob, "not in the chat"), (sandbox.person("Eve"), "not in the chat")):
        with pytest.raises(HeldBackError, match=words):
            vote(sandbox.world, one.user, post, [0])
        with pytest.raises(HeldBackError, match=words):
            await one.reacts(message, "👍")
    await api("banChatMember", chat_id=group.id, user_id=bob.id)
    with pytest.raises(HeldBackError, match="banned"):
        await bob.reacts(message, "👍")

    assert (post.votes, post.reactions) == ({}, {})


async def test_private_chats_are_ones_own(sandbox: Sandbox, owner: Person, bob: Person) -> None:
    await owner.says("Mine")

    with pytest.raises(HeldBackError, match="not in the chat"):
        inbox.post(sandbox.world, bob.user, owner.private, {"text": "Not yours"})
    with pytest.raises(HeldBackError, match="not in the chat"):
        await bob.reacts(owner.messages[-1], "👍")

    assert [message.text for message in owner.messages] == ["Mine"]


async def test_deleted_accounts_react_no_more(group: Group, owner: Person, bob: Person) -> None:
    await owner.says("Hello", group)
    bob.deletes_account()

    with pytest.raises(HeldBackError, match="account was deleted"):
        await bob.reacts(group.messages[-1], "👍")


async def test_who_is_out_posts_nothing(
    sandbox: Sandbox, api: Api, group: Group, bob: Person
) -> None:
    await bob.leaves(group)
    content = {"text": "Hi"}

    with pytest.raises(HeldBackError, match="not in the chat"):
        inbox.post(sandbox.world, bob.user, group.chat, content)
    await api("banChatMember", chat_id=group.id, user_id=bob.id)
    with pytest.raises(HeldBackError, match="banned"):
        inbox.post(sandbox.world, bob.user, group.chat, content)
