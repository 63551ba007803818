"""The bot's own library reads what the sandbox answers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from telegram import Bot, ChatMember, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from bot.sandbox import Sandbox


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with Bot(sandbox.token, base_url=f"{sandbox.api}/bot") as bot:
        yield bot


async def test_chats_and_members_are_read(sandbox: Sandbox, bot: Bot) -> None:
    group = sandbox.chat("@ai_news_plus")
    ann, bob = sandbox.person("Ann"), sandbox.person("Bob")
    group.has_owner(ann)
    await bob.joins(group)

    assert (await bot.get_chat(group.id)).permissions is not None
    admins = await bot.get_chat_administrators(group.id)
    assert {admin.status for admin in admins} == {ChatMember.OWNER, ChatMember.ADMINISTRATOR}
    assert (await bot.get_chat_member(group.id, bob.id)).status == ChatMember.MEMBER
    await bot.ban_chat_member(group.id, bob.id)
    assert (await bot.get_chat_member(group.id, bob.id)).status == ChatMember.BANNED
    assert await bot.get_chat_member_count(group.id) == 2


async def test_updates_of_members_are_read(sandbox: Sandbox, bot: Bot) -> None:
    ann, group = sandbox.person("Ann"), sandbox.chat("@ai_news_plus")
    group.has_owner(ann)
    await bot.get_updates(allowed_updates=["my_chat_member", "chat_member"])
    group.kicks_bot()
    group.adds_bot("can_delete_messages", "can_restrict_members")
    await sandbox.person("Bob").joins(group)

    updates = await bot.get_updates()

    assert updates[0].my_chat_member is not None
    assert updates[0].my_chat_member.from_user.first_name == "Ann"
    assert updates[2].chat_member is not None


async def test_messages_are_read(sandbox: Sandbox, bot: Bot) -> None:
    ann = sandbox.person("Ann")
    await ann.says("/start")

    sent = await bot.send_message(
        ann.id,
        "<b>Hi</b>",
        parse_mode=ParseMode.HTML,
        link_preview_options=LinkPreviewOptions(url="https://a.b/c", show_above_text=True),
        reply_parameters=ReplyParameters(1, allow_sending_without_reply=True),
    )
    file = await bot.send_document(ann.id, b"content", filename="day.md", caption="Read")

    assert sent.text_html == "<b>Hi</b>"
    assert file.document is not None
    loaded = await bot.get_file(file.document.file_id)
    assert loaded.file_path is not None
    assert await bot.delete_message(ann.id, sent.message_id)


async def test_refusals_become_the_librarys_errors(sandbox: Sandbox, bot: Bot) -> None:
    ann, old = sandbox.person("Ann"), sandbox.chat("Old", kind="group")
    await ann.says("/start")
    await ann.blocks()
    new = old.migrates()

    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(ann.id, "Hi")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(5, "Hi")
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old.id, "Hi")
    assert moved.value.new_chat_id == new.id
    sandbox.faults.add(retry_after=3)
    with pytest.raises(RetryAfter, match="Flood control"):
        await bot.get_me()


async def test_a_wrong_token_is_an_invalid_token(sandbox: Sandbox) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("1:wrong", base_url=f"{sandbox.api}/bot"):
            pass
