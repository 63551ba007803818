"""Sending, copying, forwarding and deleting messages, pins, reactions, typing."""

from __future__ import annotations

from bot.sandbox import access, errors, posting
from bot.sandbox.keyboards import markup
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.methods.sending import check_thread, deliver, send
from bot.sandbox.methods.texts import caption_content, text_content
from bot.sandbox.nouns import Chat, Json, Kind, Post

# docs, deleteMessage
DELETABLE = 48 * 3600
# docs, copyMessages, forwardMessages and deleteMessages
BATCH = 100
# docs, sendChatAction
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


@method("sendMessage")
def send_message(query: Query) -> Json:
    """Send words."""
    return deliver(query, text_content(query.params))


@method("sendChatAction")
def send_chat_action(query: Query) -> bool:
    """Show that the bot is busy."""
    action = str(query.get("action", "")).lower()
    if action not in ACTIONS:
        raise errors.bad_request("wrong parameter action in request")  # server
    chat = query.chat()
    access.check_write(query.world, chat)
    query.world.tell("action", chat, {"action": action})
    return True


@method("copyMessage")
def copy_message(query: Query) -> Json:
    """Send the same content once more, as the bot's own."""
    original = source(query).posts.get(query.message_id())
    if original is None or original.service:
        raise errors.bad_request("message to copy not found")  # server, check_message
    content = dict(original.content)
    if "caption" in query.params:
        content = {key: content[key] for key in content if "caption" not in key}
        content |= caption_content(query.params)
    buttons = markup(query.get("reply_markup")) or original.inline_markup
    chat = query.chat()
    access.check_write(query.world, chat)
    return {"message_id": send(query, chat, content, buttons).id}


@method("copyMessages")
def copy_messages(query: Query) -> list[Json]:
    """Copy those of many messages that are there."""
    return [{"message_id": copied(query, post).id} for post in batch(query, "copy")]


def copied(query: Query, post: Post) -> Post:
    """Copy one message."""
    content = dict(post.content)
    if query.get("remove_caption"):
        content = {key: content[key] for key in content if "caption" not in key}
    return send(query, query.chat(), content, post.inline_markup)


@method("forwardMessage")
def forward_message(query: Query) -> Json:
    """Send a message on, with its origin."""
    original = source(query).posts.get(query.message_id())
    if original is None or original.service:
        raise errors.bad_request("message to forward not found")  # server, check_message
    chat = query.chat()
    access.check_write(query.world, chat)
    return forwarded(query, chat, original).view()


@method("forwardMessages")
def forward_messages(query: Query) -> list[Json]:
    """Forward those of many messages that are there."""
    return [
        {"message_id": forwarded(query, query.chat(), post).id} for post in batch(query, "forward")
    ]


def forwarded(query: Query, chat: Chat, original: Post) -> Post:
    """Forward one message."""
    post = send(query, chat, dict(original.content), original.inline_markup)
    post.extra |= {"forward_origin": original.extra.get("forward_origin") or origin(original)}
    return post


def origin(post: Post) -> Json:
    """Tell where a forwarded message was first (docs, MessageOrigin)."""
    if post.chat.kind is Kind.CHANNEL or post.sender is None:
        shown = {"type": "channel", "chat": post.chat.view(), "message_id": post.id}
    else:
        shown = {"type": "user", "sender_user": post.sender.view()}
    return shown | {"date": post.date}


def source(query: Query) -> Chat:
    """Find the chat that is copied or forwarded from."""
    return query.chat("from_chat_id")


def batch(query: Query, purpose: str) -> list[Post]:
    """Find the messages of a batch, whose numbers must rise (docs, copyMessages)."""
    numbers = query.need("message_ids")
    if not 1 <= len(numbers) <= BATCH:
        # server, get_message_ids
        raise errors.bad_request("too much message identifiers specified")
    if sorted(set(numbers)) != numbers:
        raise errors.bad_request(
            "message identifiers must be in a strictly increasing order"
        )  # tdlib
    access.check_write(query.world, query.chat())
    posts = source(query).posts
    found = [posts[number] for number in numbers if number in posts and not posts[number].service]
    if not found:
        raise errors.bad_request(f"there are no messages to {purpose}")  # tdlib
    return found


@method("deleteMessage")
def delete_message(query: Query) -> bool:
    """Take a message away."""
    chat = query.chat()
    access.check_edit(query.world, chat)
    post = chat.posts.get(query.message_id())
    if post is None:
        raise errors.bad_request("message to delete not found")  # server, check_message
    if not deletable(query, post):
        raise errors.bad_request("message can't be deleted for everyone")  # tdlib
    posting.remove(query.world, [post])
    return True


@method("deleteMessages")
def delete_messages(query: Query) -> bool:
    """Take those of many messages away that are there (docs: the others are skipped)."""
    numbers = query.need("message_ids")
    if not 1 <= len(numbers) <= BATCH:
        raise errors.bad_request("too much message identifiers specified")
    chat = query.chat()
    access.check_edit(query.world, chat)
    posts = [chat.posts[number] for number in dict.fromkeys(numbers) if number in chat.posts]
    if not all(deletable(query, post) for post in posts):
        raise errors.bad_request("message can't be deleted for everyone")
    posting.remove(query.world, posts)
    return True


def deletable(query: Query, post: Post) -> bool:
    """Tell whether the bot may delete a message (docs, deleteMessage)."""
    if not post.chat.private and access.member(query.world, post.chat).may("can_delete_messages"):
        return True
    young = query.world.now() - post.date < DELETABLE
    return young and (post.chat.private or post.sender is query.world.bot)


@method("setMessageReaction")
def set_message_reaction(query: Query) -> bool:
    """React to a message as the bot."""
    chat = query.chat()
    access.check_edit(query.world, chat)
    post = query.post(chat, "message to react")
    reactions = query.get("reaction") or []
    if len(reactions) > 1:
        raise errors.bad_request("REACTIONS_TOO_MANY")  # docs: bots may set one
    post.reactions[query.world.bot.id] = reactions
    query.world.tell("reaction", chat, {"message_id": post.id, "reactions": reactions})
    return True


@method("sendMessageDraft")
def send_message_draft(query: Query) -> bool:
    """Show words that are still being written."""
    chat = query.chat()
    if not chat.private:
        raise errors.bad_request("TEXTDRAFT_PEER_INVALID")  # seen
    access.check_write(query.world, chat)
    if "message_thread_id" in query.params:
        check_thread(query.world, chat, query.get("message_thread_id"))
    query.world.tell(
        "draft", chat, {"draft_id": query.need("draft_id"), **text_content(query.params)}
    )
    return True
