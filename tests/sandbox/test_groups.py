"""Groups: who sees what, who may do what, and what changes."""

from __future__ import annotations

import aiohttp
import pytest

from bot.sandbox import Group, Person, Sandbox
from tests.sandbox.conftest import Api, Refusal


async def texts(api: Api) -> list[str]:
    updates = await api("getUpdates")
    return [update["message"].get("text", "") for update in updates if "message" in update]


async def test_privacy_mode_lets_only_what_concerns_the_bot_through(
    api: Api, group: Group, bob: Person
) -> None:
    group.adds_bot()
    await api("sendMessage", chat_id=group.id, text="Hello")

    await bob.says("Just talk", group)
    await bob.says("/today", group)
    await bob.says("/today@digest_sandbox_bot", group)
    await bob.says("/today@other_bot", group)
    await bob.says("Well, @digest_sandbox_bot?", group)
    await bob.says("Thanks", group, reply_to=group.messages[0])
    await bob.says("See /today", group)

    assert await texts(api) == [
        "/today",
        "/today@digest_sandbox_bot",
        "Well, @digest_sandbox_bot?",
        "Thanks",
    ]


async def test_an_administrator_sees_everything(api: Api, group: Group, bob: Person) -> None:
    await bob.says("Just talk", group)

    assert await texts(api) == ["Just talk"]


async def test_who_speaks_joins_first(sandbox: Sandbox, api: Api, group: Group) -> None:
    await sandbox.person("Eve").says("Hi", group)

    updates = await api("getUpdates")

    assert "new_chat_members" in updates[0]["message"]
    assert await api("getChatMemberCount", chat_id=group.id) == 2


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_a_bot_that_is_out_is_told_so(
    sandbox: Sandbox, api: Api, refusal: Refusal, kind: str
) -> None:
    chat = sandbox.chat("Readers", kind=kind)

    chat.kicks_bot()
    kicked = await refusal("sendMessage", chat_id=chat.id, text="Hi")
    chat.removes_bot()
    removed = await refusal("sendMessage", chat_id=chat.id, text="Hi")

    assert kicked == f"403 Forbidden: bot was kicked from the {kind} chat"
    assert removed == f"403 Forbidden: bot is not a member of the {kind} chat"
    updates = await api("getUpdates")
    statuses = [one["my_chat_member"]["new_chat_member"]["status"] for one in updates]
    assert statuses == ["kicked", "left"]


async def test_a_member_may_do_less(sandbox: Sandbox, refusal: Refusal, group: Group) -> None:
    channel = sandbox.chat("News", kind="channel")
    await sandbox.person("Ann").says("Hi", group)
    pinned = group.messages[-1].message_id
    group.adds_bot()
    group.mutes_members()
    channel.adds_bot()

    assert await refusal("sendMessage", chat_id=group.id, text="Hi") == (
        "400 Bad Request: not enough rights to send text messages to the chat"
    )
    assert await refusal("sendMessage", chat_id=channel.id, text="Hi") == (
        "400 Bad Request: need administrator rights in the channel chat"
    )
    assert await refusal("pinChatMessage", chat_id=group.id, message_id=pinned) == (
        "400 Bad Request: not enough rights to manage pinned messages in the chat"
    )
    assert await refusal("setChatTitle", chat_id=group.id, title="x") == (
        "400 Bad Request: not enough rights to change chat title"
    )
    assert await refusal("createChatInviteLink", chat_id=group.id) == (
        "400 Bad Request: not enough rights to manage chat invite link"
    )
    assert await refusal("setChatPermissions", chat_id=group.id, permissions={}) == (
        "400 Bad Request: not enough rights to change chat permissions"
    )


async def test_a_channel_takes_posts(sandbox: Sandbox, api: Api) -> None:
    channel = sandbox.chat("@news", kind="channel", title="News")

    post = await api("sendMessage", chat_id="@news", text="Hi")

    assert post["sender_chat"]["id"] == channel.id
    assert "from" not in post


async def test_a_group_that_moved_tells_where(sandbox: Sandbox, api: Api, refusal: Refusal) -> None:
    old = sandbox.chat("Old friends", kind="group")
    await api("sendMessage", chat_id=old.id, text="Hi")

    new = old.migrates()

    assert await refusal("sendMessage", chat_id=old.id, text="Hi") == (
        "400 Bad Request: group chat was upgraded to a supergroup chat"
    )
    assert await api("sendMessage", chat_id=new.id, text="Hi")
    updates = await api("getUpdates")
    assert updates[0]["message"]["migrate_to_chat_id"] == new.id
    assert updates[1]["message"]["migrate_from_chat_id"] == old.id


async def test_topics_live_and_die(api: Api, refusal: Refusal, group: Group, owner: Person) -> None:
    topic = group.opens_topic("Digests")
    where = {"chat_id": group.id, "message_thread_id": topic}

    sent = await api("sendMessage", **where, text="In the topic")
    assert sent["message_thread_id"] == topic
    group.closes_topic(topic)
    assert await api("sendMessage", **where, text="An administrator may")
    group.adds_bot()
    assert await refusal("sendMessage", **where, text="x") == "400 Bad Request: TOPIC_CLOSED"
    group.deletes_topic(topic)
    assert await refusal("sendMessage", **where, text="x") == (
        "400 Bad Request: message thread not found"
    )
    assert await refusal("createForumTopic", chat_id=group.id, name="x") == (
        "400 Bad Request: not enough rights to create a topic"
    )


async def test_the_bot_manages_topics(
    sandbox: Sandbox, api: Api, refusal: Refusal, group: Group
) -> None:
    assert await refusal("createForumTopic", chat_id=group.id, name="x") == (
        "400 Bad Request: the chat is not a forum"
    )
    group.chat.forum = True

    topic = await api("createForumTopic", chat_id=group.id, name="Digests")
    where = {"chat_id": group.id, "message_thread_id": topic["message_thread_id"]}
    message = await api("sendMessage", **where, text="Hi")
    reply = await api(
        "sendMessage",
        chat_id=group.id,
        text="Re",
        reply_parameters={"message_id": message["message_id"]},
    )

    assert reply["message_thread_id"] == where["message_thread_id"]
    assert await api("editForumTopic", **where, name="News")
    assert await api("closeForumTopic", **where)
    assert (await refusal("closeForumTopic", **where)).endswith("TOPIC_NOT_MODIFIED")
    assert await api("reopenForumTopic", **where)
    await api("pinChatMessage", chat_id=group.id, message_id=message["message_id"])
    assert await api("unpinAllForumTopicMessages", **where)
    assert await api("deleteForumTopic", **where)
    assert (await refusal("editForumTopic", **where)).endswith("TOPIC_ID_INVALID")
    assert (await refusal("createForumTopic", chat_id=group.id, name="")).endswith(
        "must be non-empty"
    )
    color = await refusal("createForumTopic", chat_id=group.id, name="x", icon_color=5)
    assert color.endswith("invalid icon color specified")


async def test_the_general_topic_has_methods_of_its_own(
    api: Api, refusal: Refusal, group: Group, bob: Person
) -> None:
    where = {"chat_id": group.id}
    group.opens_topic("Digests")

    assert await api("editGeneralForumTopic", **where, name="Lobby")
    assert await api("hideGeneralForumTopic", **where)
    assert await api("sendMessage", **where, text="An administrator may")
    assert (await refusal("hideGeneralForumTopic", **where)).endswith("TOPIC_NOT_MODIFIED")
    assert await api("unhideGeneralForumTopic", **where)
    assert (await refusal("closeGeneralForumTopic", **where)).endswith("TOPIC_NOT_MODIFIED")
    group.adds_bot()
    closed = await refusal("sendMessage", **where, text="A member may not")
    denied = await refusal("reopenGeneralForumTopic", **where)
    group.adds_bot("can_manage_topics")
    assert await api("reopenGeneralForumTopic", **where)

    assert closed == "400 Bad Request: TOPIC_CLOSED"
    assert denied == "400 Bad Request: not enough rights to close or open the topic"
    lines = [set(post.content) for post in group.chat.posts.values() if post.service]
    assert {"general_forum_topic_hidden"} in lines
    assert {"general_forum_topic_unhidden"} in lines


async def test_topics_are_changed_by_right_or_by_their_opener(
    api: Api, refusal: Refusal, group: Group
) -> None:
    theirs = group.opens_topic("Theirs")
    own = await api("createForumTopic", chat_id=group.id, name="Own")
    group.adds_bot()
    where = {"chat_id": group.id, "message_thread_id": own["message_thread_id"]}

    assert await api("editForumTopic", **where, name="Mine")
    assert await api("editForumTopic", **where)
    same = await refusal("editForumTopic", **where, name="Mine")
    other = await refusal("closeForumTopic", chat_id=group.id, message_thread_id=theirs)
    none = await refusal("closeForumTopic", chat_id=group.id, message_thread_id=-1)

    assert same == "400 Bad Request: TOPIC_NOT_MODIFIED"
    assert other == "400 Bad Request: not enough rights to close or open the topic"
    assert none == "400 Bad Request: invalid message thread identifier specified"


async def test_members_are_shown_as_they_are(
    sandbox: Sandbox, api: Api, refusal: Refusal, group: Group, owner: Person, bob: Person
) -> None:
    async def status(person: Person) -> str:
        return str((await api("getChatMember", chat_id=group.id, user_id=person.id))["status"])

    eve = sandbox.person("Eve")
    group.has_admin(eve, "can_pin_messages")

    assert [await status(one) for one in (owner, bob, eve)] == [
        "creator",
        "member",
        "administrator",
    ]
    admins = await api("getChatAdministrators", chat_id="@ai_news_plus")
    assert [admin["user"]["first_name"] for admin in admins] == ["Digest Sandbox", "Owner", "Eve"]
    await bob.leaves(group)
    assert await status(bob) == "left"
    assert (await refusal("getChatMember", chat_id=group.id, user_id=5)).endswith(
        "PARTICIPANT_ID_INVALID"
    )
    assert (await refusal("getChatMember", chat_id=group.id)).endswith("invalid user_id specified")
    private = await refusal("getChatAdministrators", chat_id=bob.id)
    assert private == "400 Bad Request: there are no administrators in the private chat"


async def test_the_bot_acts_upon_members(
    api: Api, refusal: Refusal, group: Group, owner: Person, bob: Person
) -> None:
    where = {"chat_id": group.id, "user_id": bob.id}

    async def status() -> str:
        return str((await api("getChatMember", **where))["status"])

    assert await api("restrictChatMember", **where, permissions={"can_send_messages": True})
    assert await status() == "restricted"
    assert await api("promoteChatMember", **where, can_pin_messages=True)
    assert await api("setChatAdministratorCustomTitle", **where, custom_title="Chief")
    assert (await api("getChatMember", **where))["custom_title"] == "Chief"
    assert await api("promoteChatMember", **where)
    assert (await refusal("setChatAdministratorCustomTitle", **where, custom_title="x")).endswith(
        "user is not an administrator"
    )
    assert await api("banChatMember", **where)
    assert await status() == "kicked"
    assert await api("unbanChatMember", **where, only_if_banned=True)
    assert await status() == "left"
    kept = await refusal("banChatMember", chat_id=group.id, user_id=owner.id)
    assert kept == "400 Bad Request: can't remove chat owner"
    private = await refusal("banChatMember", chat_id=bob.id, user_id=bob.id)
    assert private.endswith("can't ban members in private chats")
    assert (await refusal("banChatMember", chat_id=group.id, user_id=9)).endswith("_ID_INVALID")


async def test_some_are_out_of_the_bots_reach(
    sandbox: Sandbox, api: Api, refusal: Refusal, group: Group, owner: Person, bob: Person
) -> None:
    eve = sandbox.person("Eve")
    group.has_admin(eve, "can_pin_messages")
    group.adds_bot("can_promote_members", "can_restrict_members")
    boss, admin, itself = (
        {"chat_id": group.id, "user_id": one} for one in (owner.id, eve.id, sandbox.bot.id)
    )
    fay = {"chat_id": group.id, "user_id": sandbox.person("Fay").id}

    for method, where, words in (
        ("banChatMember", admin, "user is an administrator of the chat"),
        ("restrictChatMember", itself, "can't restrict self"),
        ("promoteChatMember", admin, "CHAT_ADMIN_REQUIRED"),
        ("promoteChatMember", itself, "can't promote self"),
        ("promoteChatMember", boss, "can't remove chat owner"),
        ("promoteChatMember", fay, "USER_NOT_PARTICIPANT"),
        ("setChatAdministratorCustomTitle", boss, "only creator can edit their custom title"),
        (
            "setChatAdministratorCustomTitle",
            admin,
            "not enough rights to change custom title of the user",
        ),
    ):
        more: dict[str, object] = {"permissions": {}} if method.startswith("restrict") else {}
        assert await refusal(method, **where, **more) == f"400 Bad Request: {words}"
    who = {"chat_id": group.id, "user_id": bob.id}
    forbidden = await refusal("promoteChatMember", **who, can_pin_messages=True)
    assert forbidden == "400 Bad Request: RIGHT_FORBIDDEN"
    group.adds_bot("can_restrict_members")
    denied = await refusal("promoteChatMember", **who, can_restrict_members=True)
    assert denied == "400 Bad Request: not enough rights"


async def test_how_close_a_bot_may_come(
    sandbox: Sandbox, api: Api, refusal: Refusal, group: Group, owner: Person
) -> None:
    private = sandbox.chat("Closed club")
    old = sandbox.chat("Old friends", kind="group")
    sent = await api("sendMessage", chat_id=old.id, text="Hi")
    await owner.says("Public", group)
    public = {"from_chat_id": group.id, "message_id": group.messages[-1].message_id}
    group.removes_bot()
    private.removes_bot()
    old.migrates()

    assert (await api("getChat", chat_id=group.id))["type"] == "supergroup"
    assert (await refusal("getChat", chat_id=private.id)).startswith("403 Forbidden: bot is not")
    group.kicks_bot()
    assert (await refusal("getChat", chat_id=group.id)).startswith("403 Forbidden: bot was kicked")
    group.removes_bot()
    copied = await refusal("copyMessage", chat_id=old.id, **public)
    assert copied == "400 Bad Request: message to copy not found"
    edit = {"chat_id": old.id, "message_id": sent["message_id"], "text": "Still mine"}
    assert (await api("editMessageText", **edit))["text"] == "Still mine"
    assert await api("getChat", chat_id=old.id)
    moved = "400 Bad Request: group chat was upgraded to a supergroup chat"
    assert await refusal("getChatMemberCount", chat_id=old.id) == moved


async def test_a_basic_group_knows_no_restrictions(
    sandbox: Sandbox, refusal: Refusal, bob: Person
) -> None:
    old = sandbox.chat("Old friends", kind="group")

    words = await refusal("restrictChatMember", chat_id=old.id, user_id=bob.id, permissions={})

    assert words.endswith("method is available only for supergroups")


async def test_a_chat_is_named_described_and_left(
    sandbox: Sandbox, api: Api, refusal: Refusal, group: Group, bob: Person
) -> None:
    group.chat.slow_mode = 30
    where = {"chat_id": group.id}

    assert await api("setChatTitle", **where, title="AI News")
    assert await api("setChatDescription", **where, description="All of it")
    assert await api("setChatPermissions", **where, permissions={"can_send_messages": True})
    shown = await api("getChat", **where)

    assert (shown["title"], shown["description"], shown["slow_mode_delay"]) == (
        "AI News",
        "All of it",
        30,
    )
    assert (await refusal("setChatTitle", **where, title=" ")).endswith("title must be non-empty")
    same = await refusal("setChatDescription", **where, description="All of it")
    assert same.endswith("chat description is not modified")
    assert (await refusal("setChatTitle", chat_id=bob.id, title="x")).endswith("private chat title")
    assert (await refusal("leaveChat", chat_id=bob.id)).endswith("can't leave private chats")
    assert await api("leaveChat", **where)
    assert (await refusal("leaveChat", **where)).startswith("403 Forbidden: bot is not a member")


async def test_invite_links_are_made_changed_and_ended(
    api: Api, refusal: Refusal, group: Group, bob: Person
) -> None:
    where = {"chat_id": group.id}

    assert (await api("exportChatInviteLink", **where)).startswith("https://t.me/+")
    link = (await api("createChatInviteLink", **where, name="Friends"))["invite_link"]
    edited = await api("editChatInviteLink", **where, invite_link=link, member_limit=5)
    ended = await api("revokeChatInviteLink", **where, invite_link=link)

    assert edited["member_limit"] == 5
    assert ended["is_revoked"]
    assert (await refusal("revokeChatInviteLink", **where, invite_link="x")).endswith("EXPIRED")
    assert (await refusal("exportChatInviteLink", chat_id=bob.id)).endswith("private chat")


async def test_slow_mode_makes_members_wait(
    sandbox: Sandbox, api: Api, refusal: Refusal, group: Group
) -> None:
    sandbox.clock.hold()
    group.chat.slow_mode = 30
    await api("sendMessage", chat_id=group.id, text="An administrator")
    await api("sendMessage", chat_id=group.id, text="need not wait")

    group.adds_bot()
    words = await refusal("sendMessage", chat_id=group.id, text="A member must")
    sandbox.clock.advance(30)

    assert words == "429 Too Many Requests: retry after 30"
    assert await api("sendMessage", chat_id=group.id, text="Now")


async def test_edits_and_reactions_of_people_are_told(api: Api, group: Group, bob: Person) -> None:
    await api("getUpdates", allowed_updates=["edited_message", "message_reaction"])
    await bob.says("Hi", group)

    await bob.edits(group.messages[-1], "Hello")
    await bob.reacts(group.messages[-1], "👍")

    updates = await api("getUpdates")
    assert updates[0]["edited_message"]["text"] == "Hello"
    assert updates[1]["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "👍"}]


async def test_a_group_takes_a_picture_and_loses_it(
    sandbox: Sandbox, api: Api, refusal: Refusal, group: Group, session: aiohttp.ClientSession
) -> None:
    form = aiohttp.FormData({"chat_id": str(group.id)})
    form.add_field("photo", b"\x89PNG", filename="a.png")

    async with session.post(f"{sandbox.api}/bot{sandbox.token}/setChatPhoto", data=form) as reply:
        assert (await reply.json())["result"] is True

    assert (await api("getChat", chat_id=group.id))["photo"]["big_file_id"]
    assert await api("deleteChatPhoto", chat_id=group.id)
    assert (await refusal("deleteChatPhoto", chat_id=group.id)).endswith("CHAT_NOT_MODIFIED")
    linked = await refusal("setChatPhoto", chat_id=group.id, photo="https://a.b/c.png")
    assert linked.endswith("photo must be uploaded as an InputFile")
    none = await refusal("setChatPhoto", chat_id=group.id)
    assert none.endswith("there is no photo in the request")
