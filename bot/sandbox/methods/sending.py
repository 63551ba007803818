"""What all methods that send have in common: where to, in reply to what, with which buttons."""

from __future__ import annotations

from bot.sandbox import access, errors, posting
from bot.sandbox.keyboards import markup
from bot.sandbox.methods.registry import Query
from bot.sandbox.nouns import Chat, Json, Kind, Post
from bot.sandbox.world import World


def deliver(query: Query, content: Json, permission: str = "can_send_messages") -> Json:
    """Send *content* where the query says, and show the message."""
    buttons = markup(query.get("reply_markup"))
    chat = query.chat()
    access.check_write(query.world, chat, permission)
    return send(query, chat, content, buttons).view()


def send(query: Query, chat: Chat, content: Json, buttons: Json | None = None) -> Post:
    """Put the bot's message into a chat that it may write to."""
    reply, quote = reply_target(query, chat)
    access.member(query.world, chat).spoke_at = query.world.clock.now()
    return posting.place(
        query.world,
        chat,
        query.world.bot,
        content,
        markup=buttons,
        thread=thread(query, chat, reply),
        reply=reply,
        extra=extras(query) | quote,
    )


def extras(query: Query) -> Json:
    """Show again what was asked of the message as a whole."""
    shown: Json = {}
    if query.get("protect_content"):
        shown["has_protected_content"] = True
    if query.get("message_effect_id"):
        shown["effect_id"] = query.get("message_effect_id")
    if query.get("allow_paid_broadcast"):
        shown["is_paid_post"] = True
    return shown


def reply_target(query: Query, chat: Chat) -> tuple[Post | None, Json]:
    """Find the message to reply to, and the quote of it."""
    wish = query.get("reply_parameters")
    if not wish:
        return None, {}
    source = query.world.chat(wish["chat_id"]) if "chat_id" in wish else chat
    post = source.posts.get(int(wish.get("message_id", 0)))
    if post is None:
        if wish.get("allow_sending_without_reply"):
            return None, {}
        raise errors.bad_request(
            "message to be replied not found"
        )  # server, check_reply_parameters
    return post, quoted(post, wish)


def quoted(post: Post, wish: Json) -> Json:
    """Show the quoted part, which must stand in the message (docs, ReplyParameters)."""
    words = wish.get("quote")
    if not words:
        return {}
    if words not in post.text:
        raise errors.bad_request("QUOTE_TEXT_INVALID")  # seen
    position = int(wish.get("quote_position", 0))
    return {"quote": {"text": words, "position": position, "is_manual": True}}


def thread(query: Query, chat: Chat, reply: Post | None) -> int | None:
    """Find the topic that the message goes to; that of the answered message by default."""
    number = query.get("message_thread_id")
    if number is None:
        return reply.thread if reply is not None and reply.chat is chat else None
    check_thread(query.world, chat, int(number))
    return int(number)


def check_thread(world: World, chat: Chat, number: int) -> None:
    """Refuse topics that are not, or are closed to the bot."""
    topic = chat.topics.get(number) if chat.kind is Kind.SUPERGROUP else None
    if topic is None or number == 1:
        # seen: General is addressed by leaving the parameter out
        raise errors.bad_request("message thread not found")
    if topic.closed and not access.member(world, chat).may("can_manage_topics"):
        raise errors.bad_request("TOPIC_CLOSED")  # seen
