"""Invite links, and those who ask to join."""

from __future__ import annotations

import hashlib

from bot.sandbox import access, errors, joining
from bot.sandbox.access import Access
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.nouns import Chat, Json, Link

# docs, createChatInviteLink; tdlib cuts longer names
NAME = 32


def inviting(query: Query) -> Chat:
    """Find a chat to which the bot may invite (tdlib, can_manage_dialog_invite_links)."""
    chat = query.chat(Access.WRITE)
    if chat.private:
        raise errors.bad_request("can't invite members to a private chat")
    refusal = "not enough rights to manage chat invite link"
    access.check_right(query.world, chat, "can_invite_users", refusal)
    return chat


@method("exportChatInviteLink")
def export_chat_invite_link(query: Query) -> str:
    """Make the bot's main link to a chat anew; the one before ends (docs)."""
    chat = inviting(query)
    for link in query.world.links.values():
        if link.chat is chat and link.view["is_primary"]:
            link.view["is_revoked"] = True
    return str(new_link(query, chat, is_primary=True)["invite_link"])


@method("createChatInviteLink")
def create_chat_invite_link(query: Query) -> Json:
    """Make a further link to a chat."""
    check_bounds(query)
    return new_link(query, inviting(query), is_primary=False)


def new_link(query: Query, chat: Chat, *, is_primary: bool) -> Json:
    """Make a link."""
    digest = hashlib.sha256(f"{chat.id}/{query.world.change()}".encode()).hexdigest()
    view: Json = {
        "invite_link": f"https://t.me/+{digest[:16]}",
        "creator": query.world.bot.view(),
        "creates_join_request": False,
        "is_primary": is_primary,
        "is_revoked": False,
    } | bounds(query)
    query.world.links[view["invite_link"]] = Link(chat, view)
    return view


def bounds(query: Query) -> Json:
    """Read what a link is called, and what bounds it."""
    shown: Json = {"creates_join_request": bool(query.get("creates_join_request"))}
    if query.get("name"):
        shown["name"] = str(query.get("name"))[:NAME]
    numbers = ("expire_date", "member_limit")
    return shown | {name: query.get(name) for name in numbers if query.get(name, 0) > 0}


def check_bounds(query: Query) -> None:
    """Refuse bounds that do not go together (tdlib, export_dialog_invite_link)."""
    if query.get("creates_join_request") and query.get("member_limit"):
        raise errors.bad_request(
            "member limit can't be specified for links requiring administrator approval"
        )


@method("editChatInviteLink")
def edit_chat_invite_link(query: Query) -> Json:
    """Change a link; what is not given is taken from it (server)."""
    check_bounds(query)
    link = known(query)
    kept = ("invite_link", "creator", "is_primary", "is_revoked")
    link.view = {name: link.view[name] for name in kept} | bounds(query)
    return link.view


@method("revokeChatInviteLink")
def revoke_chat_invite_link(query: Query) -> Json:
    """End a link."""
    link = known(query)
    link.view["is_revoked"] = True
    return link.view


def known(query: Query) -> Link:
    """Find the link that is meant."""
    chat = inviting(query)
    link = query.world.links.get(str(query.get("invite_link", "")))
    if link is None or link.chat is not chat:
        raise errors.bad_request("INVITE_HASH_EXPIRED")  # seen
    return link


@method("approveChatJoinRequest", "declineChatJoinRequest")
def answer_chat_join_request(query: Query) -> bool:
    """Let someone in who asked, or do not."""
    user_id = query.user_id()
    chat = inviting(query)
    member = chat.members.get(user_id)
    if member is not None and member.present:
        raise errors.bad_request("USER_ALREADY_PARTICIPANT")  # seen
    if user_id not in chat.requests:
        raise errors.bad_request("HIDE_REQUESTER_MISSING")  # seen
    link = chat.requests.pop(user_id)
    if query.method == "approveChatJoinRequest":
        joining.enter(query.world, chat, query.world.users[user_id], link, asked=True)
    return True
