"""May the bot do this here? Telegram's answers, in the order in which it asks."""

from __future__ import annotations

import math
from enum import IntEnum

from bot.sandbox import errors
from bot.sandbox.nouns import Chat, Kind, Member, Standing
from bot.sandbox.world import World

# tdlib, MessagesManager::can_send_message_content: the permission, and what the refusal names.
CONTENTS = {
    "can_send_messages": "text messages",
    "can_send_photos": "photos",
    "can_send_documents": "documents",
    "can_send_videos": "videos",
    "can_send_audios": "music",
    "can_send_voice_notes": "voice notes",
    "can_send_video_notes": "video notes",
    "can_send_polls": "polls",
    "can_send_other_messages": "animations",
}


class Access(IntEnum):
    """How closely a method comes to a chat (server, AccessRights)."""

    READ = 1
    MEMBERS = 2
    EDIT = 3
    WRITE = 4


def member(world: World, chat: Chat) -> Member:
    """Find the bot's own place in a chat."""
    return chat.members.get(world.bot.id) or Member(world.bot, Standing.LEFT)


def check(world: World, chat: Chat, access: Access) -> None:
    """Refuse where the bot may not come that close (server, check_chat_access)."""
    if chat.private:
        if world.users[chat.id].deactivated and access >= Access.EDIT:
            raise errors.forbidden("user is deactivated")
    elif chat.kind is Kind.GROUP:
        check_group(member(world, chat), chat, access)
    else:
        check_supergroup(member(world, chat), chat, access)


def check_group(own: Member, chat: Chat, access: Access) -> None:
    """Refuse in a basic group; one that moved on is still there to be looked at."""
    access = Access.WRITE if access is Access.MEMBERS else access
    if chat.migrated_to is not None:
        if access is Access.WRITE:
            raise errors.migrated(chat.migrated_to)
    elif access >= Access.EDIT:
        refuse_absent(own, chat)


def check_supergroup(own: Member, chat: Chat, access: Access) -> None:
    """Refuse in a supergroup or channel; who was not put out may read a public one."""
    if own.standing is Standing.KICKED or access >= Access.EDIT or not chat.username:
        refuse_absent(own, chat)


def refuse_absent(own: Member, chat: Chat) -> None:
    """Refuse where the bot is not."""
    if own.standing is Standing.KICKED:
        raise errors.forbidden(f"bot was kicked from the {chat.kind.value} chat")
    if not own.present:
        raise errors.forbidden(f"bot is not a member of the {chat.kind.value} chat")


def sees_messages(world: World, chat: Chat) -> bool:
    """Tell whether the bot can find messages there at all (server, have_message_access)."""
    return chat.kind in (Kind.PRIVATE, Kind.GROUP) or member(world, chat).present


def check_send(world: World, chat: Chat, permission: str = "can_send_messages") -> None:
    """Refuse where the bot may not send what needs *permission*."""
    check(world, chat, Access.WRITE)
    own = member(world, chat)
    if chat.private:
        check_private(world, chat)
    elif chat.kind is Kind.CHANNEL:
        check_right(
            world, chat, "can_post_messages", "need administrator rights in the channel chat"
        )
    elif not permitted(chat, own, permission):
        # tdlib, can_send_message_content
        words = CONTENTS[permission]
        raise errors.bad_request(f"not enough rights to send {words} to the chat")
    elif slow_rest(chat, own, world.clock.now()) > 0:
        # tdlib, SLOWMODE_WAIT
        raise errors.too_many_requests(math.ceil(slow_rest(chat, own, world.clock.now())))


def check_private(world: World, chat: Chat) -> None:
    """Refuse where the person does not want to hear the bot."""
    if chat.blocked:
        raise errors.forbidden("bot was blocked by the user")  # server, USER_IS_BLOCKED
    if not chat.started and chat.open_until < world.clock.now():
        # server, PEER_ID_INVALID is worded so
        raise errors.forbidden("bot can't initiate conversation with a user")


def permitted(chat: Chat, one: Member, permission: str) -> bool:
    """Tell whether a member of a group, the bot or a person, may do what needs *permission*."""
    if one.admin:
        return True
    restricted = one.standing is Standing.RESTRICTED
    return permission in (chat.permissions & one.permissions if restricted else chat.permissions)


def slow_rest(chat: Chat, one: Member, now: float) -> float:
    """Tell how long slow mode keeps someone silent; administrators never."""
    return 0.0 if one.admin or not chat.slow_mode else one.spoke_at + chat.slow_mode - now


def check_right(world: World, chat: Chat, right: str, refusal: str) -> None:
    """Refuse where the bot lacks an administrator's *right*."""
    if not member(world, chat).may(right):
        raise errors.bad_request(refusal)
