"""Pinned messages."""

from __future__ import annotations

from bot.sandbox import access, errors, posting
from bot.sandbox.access import Access
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.nouns import Chat, Kind


def pinning(query: Query) -> Chat:
    """Find a chat in which the bot may pin."""
    chat = query.chat(Access.WRITE)
    if chat.private:
        access.check_private(query.world, chat)
        return chat
    right = "can_edit_messages" if chat.kind is Kind.CHANNEL else "can_pin_messages"
    # seen, and tdlib: can_pin_messages
    refusal = "not enough rights to manage pinned messages in the chat"
    access.check_right(query.world, chat, right, refusal)
    return chat


@method("pinChatMessage")
def pin_chat_message(query: Query) -> bool:
    """Pin a message."""
    post = query.post(query.chat(Access.WRITE), "message to pin")
    chat = pinning(query)
    if post.service:
        raise errors.bad_request("message can't be pinned")  # tdlib, pin_dialog_message
    if post.id in chat.pinned:
        return True
    chat.pinned.append(post.id)
    shown = {"pinned_message": post.view(nested=True)}
    posting.serve(query.world, chat, query.world.bot, shown, thread=post.thread)
    query.world.tell("pinned", chat, {"message_ids": list(chat.pinned)})
    return True


@method("unpinChatMessage")
def unpin_chat_message(query: Query) -> bool:
    """Unpin a message, the newest pinned one by default."""
    chat = pinning(query)
    number = query.get("message_id") or (chat.pinned[-1] if chat.pinned else None)
    if number not in chat.pinned:
        raise errors.bad_request("message to unpin not found")  # server, check_message
    unpin(query, chat, {number})
    return True


@method("unpinAllChatMessages")
def unpin_all_chat_messages(query: Query) -> bool:
    """Unpin everything."""
    chat = pinning(query)
    unpin(query, chat, set(chat.pinned))
    return True


@method("unpinAllForumTopicMessages", "unpinAllGeneralForumTopicMessages")
def unpin_all_forum_topic_messages(query: Query) -> bool:
    """Unpin everything in a topic, the General one or another."""
    chat = pinning(query)
    number = query.get("message_thread_id")
    inside = {post.id for post in chat.posts.values() if post.thread == number}
    unpin(query, chat, inside)
    return True


def unpin(query: Query, chat: Chat, numbers: set[int]) -> None:
    """Unpin some messages."""
    chat.pinned[:] = [number for number in chat.pinned if number not in numbers]
    query.world.tell("pinned", chat, {"message_ids": list(chat.pinned)})
