"""Invite links."""

from __future__ import annotations

import hashlib

from bot.sandbox import access, errors
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.nouns import Chat, Json

# docs, createChatInviteLink
NAME = 32


def inviting(query: Query) -> Chat:
    """Find a chat to which the bot may invite."""
    chat = query.chat()
    if chat.private:
        raise errors.bad_request("can't invite members to a private chat")  # tdlib
    access.check_edit(query.world, chat)
    refusal = "not enough rights to manage chat invite link"  # server
    access.check_right(query.world, chat, "can_invite_users", refusal)
    return chat


@method("exportChatInviteLink")
def export_chat_invite_link(query: Query) -> str:
    """Make the bot's main link to a chat."""
    return address(inviting(query), 0)


@method("createChatInviteLink")
def create_chat_invite_link(query: Query) -> Json:
    """Make a further link to a chat."""
    chat = inviting(query)
    link: Json = {
        "invite_link": address(chat, query.world.change()),
        "creator": query.world.bot.view(),
        "creates_join_request": bool(query.get("creates_join_request")),
        "is_primary": False,
        "is_revoked": False,
    }
    for name in ("name", "expire_date", "member_limit"):
        if query.get(name):
            link[name] = query.get(name)
    query.world.links[link["invite_link"]] = link
    return link


@method("editChatInviteLink", "revokeChatInviteLink")
def change_chat_invite_link(query: Query) -> Json:
    """Change or end a link."""
    inviting(query)
    link = query.world.links.get(str(query.get("invite_link", "")))
    if link is None:
        raise errors.bad_request("INVITE_HASH_EXPIRED")  # seen
    if query.method == "revokeChatInviteLink":
        link["is_revoked"] = True
    for name in ("name", "expire_date", "member_limit"):
        if query.get(name):
            link[name] = query.get(name)
    return link


def address(chat: Chat, number: int) -> str:
    """Make up a link's address."""
    digest = hashlib.sha256(f"{chat.id}/{number}".encode()).hexdigest()
    return f"https://t.me/+{digest[:16]}"
