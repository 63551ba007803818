"""What all methods that send have in common: where to, in reply to what, with which buttons."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox import access, errors, posting
from bot.sandbox.access import Access
from bot.sandbox.keyboards import markup
from bot.sandbox.methods.registry import Query
from bot.sandbox.methods.texts import words
from bot.sandbox.nouns import Chat, Json, Kind, Post, Topic
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Way:
    """Where a message goes: the chat, the topic, what it answers, and what it says of that."""

    chat: Chat
    thread: int | None = None
    reply: Post | None = None
    extra: Json = field(default_factory=dict)


def deliver(query: Query, content: Json, permission: str = "can_send_messages") -> Json:
    """Send *content* where the query says, and show the message."""
    buttons = markup(query.get("reply_markup"))
    return send(query, way(query, permission), content, buttons).view()


def way(query: Query, permission: str = "can_send_messages") -> Way:
    """Find the way of a message that needs *permission*, if the bot may send one there."""
    chat = query.chat(Access.WRITE)
    reply, answered = reply_target(query, chat)
    topic = thread(query, chat, reply)
    access.check_send(query.world, chat, permission)
    return Way(chat, topic, reply, extras(query) | answered)


def send(query: Query, to: Way, content: Json, buttons: Json | None = None) -> Post:
    """Put the bot's message into a chat that it may write to."""
    access.member(query.world, to.chat).spoke_at = query.world.clock.now()
    return posting.place(
        query.world,
        to.chat,
        query.world.bot,
        content,
        markup=buttons,
        thread=to.thread,
        reply=to.reply,
        extra=dict(to.extra),
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
    """Find the message to reply to, and what the answer shows of it."""
    wish = query.get("reply_parameters") or {}
    number = int(wish.get("message_id", 0))
    if number <= 0:
        return None, {}
    source = replied_chat(query, chat, wish)
    post = source.posts.get(number) if access.sees_messages(query.world, source) else None
    if post is None:
        if wish.get("allow_sending_without_reply"):
            return None, {}
        # server, check_reply_parameters
        raise errors.bad_request("message to be replied not found")
    if source is not chat:
        return None, external(post) | quoted(post, wish)
    return post, quoted(post, wish)


def replied_chat(query: Query, chat: Chat, wish: Json) -> Chat:
    """Find the chat of the message to reply to (server, check_reply_parameters)."""
    if "chat_id" not in wish:
        return chat
    source = query.world.chat(wish["chat_id"])
    access.check(query.world, source, Access.READ)
    return source


def external(post: Post) -> Json:
    """Show a message of another chat that is answered (docs, ExternalReplyInfo)."""
    shown: Json = {"origin": posting.origin(post)}
    if not post.chat.private:
        shown |= {"chat": post.chat.view(), "message_id": post.id}
    return {"external_reply": shown}


def quoted(post: Post, wish: Json) -> Json:
    """Show the quoted part, which must stand in the message (docs, ReplyParameters)."""
    if not wish.get("quote"):
        return {}
    mode, given = wish.get("quote_parse_mode"), wish.get("quote_entities")
    text, entities = words(str(wish["quote"]), mode, given)
    if text not in post.text:
        raise errors.bad_request("QUOTE_TEXT_INVALID")  # seen
    quote: Json = {
        "text": text,
        "position": int(wish.get("quote_position", 0)),
        "is_manual": True,
    }
    return {"quote": quote | ({"entities": entities} if entities else {})}


def thread(query: Query, chat: Chat, reply: Post | None) -> int | None:
    """Find the topic that the message goes to; that of the answered message by default."""
    number = query.get("message_thread_id") or (reply.thread if reply is not None else None)
    if number is None:
        check_open(query.world, chat, chat.general)
        return None
    check_open(query.world, chat, topic_of(chat, int(number)))
    return int(number)


def topic_of(chat: Chat, number: int) -> Topic:
    """Find a topic."""
    topic = chat.topics.get(number) if chat.kind is Kind.SUPERGROUP else None
    if topic is None:
        # seen: General, which is 1, is addressed by leaving the parameter out
        raise errors.bad_request("message thread not found")
    return topic


def check_open(world: World, chat: Chat, topic: Topic) -> None:
    """Refuse topics that are closed to the bot."""
    own = access.member(world, chat)
    if topic.closed and not own.may("can_manage_topics") and topic.by != world.bot.id:
        raise errors.bad_request("TOPIC_CLOSED")  # seen
