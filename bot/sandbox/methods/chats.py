"""What chats are, and leaving them."""

from __future__ import annotations

from bot.sandbox import access, errors, posting
from bot.sandbox.membership import move
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.nouns import PERMISSIONS, Chat, Json, Kind, Standing


def readable(query: Query) -> Chat:
    """Find a chat that the bot may look into (server, check_chat_access)."""
    chat = query.chat()
    if not chat.private and not (chat.username and chat.kind is not Kind.GROUP):
        access.check_edit(query.world, chat)
    return chat


@method("getChat")
def get_chat(query: Query) -> Json:
    """Show everything about a chat (docs, ChatFullInfo)."""
    chat = readable(query)
    shown = chat.view() | {
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFTS, False),
    }
    if chat.username:
        shown["active_usernames"] = [chat.username]
    if chat.about:
        shown["bio" if chat.private else "description"] = chat.about
    if chat.pinned:
        shown["pinned_message"] = chat.posts[chat.pinned[-1]].view(nested=True)
    return shown | ({} if chat.private else group_facts(chat))


GIFTS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


def group_facts(chat: Chat) -> Json:
    """Show what only groups and channels have."""
    facts: Json = {"permissions": {name: name in chat.permissions for name in PERMISSIONS}}
    if chat.slow_mode:
        facts["slow_mode_delay"] = chat.slow_mode
    return facts


@method("getChatMemberCount")
def get_chat_member_count(query: Query) -> int:
    """Count who is in a chat."""
    return sum(member.present for member in readable(query).members.values())


@method("leaveChat")
def leave_chat(query: Query) -> bool:
    """Go."""
    chat = query.chat()
    if chat.private:
        raise errors.bad_request("chat member status can't be changed in private chats")  # tdlib
    access.check_edit(query.world, chat)
    bot = query.world.bot
    posting.serve(query.world, chat, bot, {"left_chat_member": bot.view()})
    move(query.world, chat, bot, Standing.LEFT, by=bot)
    return True


def check_info(query: Query) -> Chat:
    """Find a chat whose title and description the bot may change."""
    chat = query.chat()
    if chat.private:
        raise errors.bad_request("can't change private chat title")  # tdlib
    access.check_edit(query.world, chat)
    # tdlib, set_title, set_description
    refusal = "not enough rights to change chat title"
    access.check_right(query.world, chat, "can_change_info", refusal)
    return chat


@method("setChatTitle")
def set_chat_title(query: Query) -> bool:
    """Name a chat anew."""
    title = str(query.get("title", "")).strip()
    if not title:
        raise errors.bad_request("title can't be empty")  # tdlib
    chat = check_info(query)
    chat.title = title[:128]
    posting.serve(query.world, chat, query.world.bot, {"new_chat_title": chat.title})
    return True


@method("setChatDescription")
def set_chat_description(query: Query) -> bool:
    """Describe a chat anew."""
    about = str(query.get("description", ""))
    chat = check_info(query)
    if about == (chat.about or ""):
        raise errors.bad_request("chat description is not modified")  # server
    chat.about = about[:255] or None
    return True
