"""May the bot do this here? Telegram's answers, in the order in which it asks."""

from __future__ import annotations

import math

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


def member(world: World, chat: Chat) -> Member:
    """Find the bot's own place in a chat."""
    return chat.members.get(world.bot.id) or Member(world.bot, Standing.LEFT)


def check_edit(world: World, chat: Chat) -> None:
    """Refuse where the bot is not, or no longer (server, check_chat_access)."""
    if chat.private:
        if world.users[chat.id].deactivated:
            raise errors.forbidden("user is deactivated")
        return
    if chat.migrated_to is not None:
        raise errors.migrated(chat.migrated_to)
    standing = member(world, chat).standing
    if standing is Standing.KICKED:
        raise errors.forbidden(f"bot was kicked from the {chat.kind.value} chat")
    if standing is Standing.LEFT:
        raise errors.forbidden(f"bot is not a member of the {chat.kind.value} chat")


def check_write(world: World, chat: Chat, permission: str = "can_send_messages") -> None:
    """Refuse where the bot may not send what needs *permission*."""
    check_edit(world, chat)
    if chat.private:
        check_private(chat)
    elif chat.kind is Kind.CHANNEL:
        check_right(
            world, chat, "can_post_messages", "need administrator rights in the channel chat"
        )
    elif not permitted(world, chat, permission):
        # tdlib, can_send_message_content
        words = CONTENTS[permission]
        raise errors.bad_request(f"not enough rights to send {words} to the chat")
    else:
        check_slow_mode(world, chat)


def check_slow_mode(world: World, chat: Chat) -> None:
    """Let who is no administrator write only so often (tdlib, SLOWMODE_WAIT)."""
    own = member(world, chat)
    rest = own.spoke_at + chat.slow_mode - world.clock.now()
    if not own.admin and chat.slow_mode and rest > 0:
        raise errors.too_many_requests(math.ceil(rest))


def check_private(chat: Chat) -> None:
    """Refuse where the person does not want to hear the bot."""
    if chat.blocked:
        raise errors.forbidden("bot was blocked by the user")  # server, USER_IS_BLOCKED
    if not chat.started:
        # server, PEER_ID_INVALID is worded so
        raise errors.forbidden("bot can't initiate conversation with a user")


def permitted(world: World, chat: Chat, permission: str) -> bool:
    """Tell whether the bot, as a member, may do what needs *permission*."""
    own = member(world, chat)
    if own.admin:
        return True
    allowed = chat.permissions
    return permission in (
        allowed & own.permissions if own.standing is Standing.RESTRICTED else allowed
    )


def check_right(world: World, chat: Chat, right: str, refusal: str) -> None:
    """Refuse where the bot lacks an administrator's *right*."""
    if not member(world, chat).may(right):
        raise errors.bad_request(refusal)
