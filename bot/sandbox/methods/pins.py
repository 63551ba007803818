"""Pinned messages."""

from __future__ import annotations

from bot.sandbox import access, errors, posting
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.nouns import Chat, Kind


def check_pin(query: Query, chat: Chat) -> None:
    """Refuse where the bot may not pin."""
    access.check_edit(query.world, chat)
    if chat.private:
        access.check_private(chat)
        return
    right = "can_edit_messages" if chat.kind is Kind.CHANNEL else "can_pin_messages"
    # seen, and tdlib: can_pin_messages
    refusal = "not enough rights to manage pinned messages in the chat"
    access.check_right(query.world, chat, right, refusal)


@method("pinChatMessage")
def pin_chat_message(query: Query) -> bool:
    """Pin a message."""
    chat = query.chat()
    check_pin(query, chat)
    post = query.post(chat, "message to pin")
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
    chat = query.chat()
    check_pin(query, chat)
    number = query.get("message_id") or (chat.pinned[-1] if chat.pinned else None)
    if number not in chat.pinned:
        raise errors.bad_request("message to unpin not found")  # server, check_message
    chat.pinned.remove(number)
    query.world.tell("pinned", chat, {"message_ids": list(chat.pinned)})
    return True


@method("unpinAllChatMessages")
def unpin_all_chat_messages(query: Query) -> bool:
    """Unpin everything."""
    chat = query.chat()
    check_pin(query, chat)
    chat.pinned.clear()
    query.world.tell("pinned", chat, {"message_ids": []})
    return True
