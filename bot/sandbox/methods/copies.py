"""Sending on what stands in some chat: copied as the bot's own, or forwarded with its origin."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox import access, errors, posting
from bot.sandbox.access import Access
from bot.sandbox.contents import needed
from bot.sandbox.keyboards import forwardable, markup
from bot.sandbox.methods.polls import anew
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.methods.sending import Way, send, way
from bot.sandbox.methods.texts import caption_content
from bot.sandbox.nouns import Json, Post

# docs, copyMessages, forwardMessages and deleteMessages
BATCH = 100
# docs, sendMessage: what has this can be neither copied nor forwarded
PROTECTED = "has_protected_content"


@method("copyMessage")
def copy_message(query: Query) -> Json:
    """Send the same content once more, as the bot's own; its buttons stay behind (tdlib)."""
    caption = caption_content(query.params)
    original = source(query, "copy")
    content = dict(original.content)
    if "caption" in query.params:
        content = without_caption(content) | caption
    content = anew(query.world, content)
    buttons = markup(query.get("reply_markup"))
    return {"message_id": send(query, way(query, needed(content)), content, buttons).id}


@method("forwardMessage")
def forward_message(query: Query) -> Json:
    """Send a message on, with its origin."""
    original = source(query, "forward")
    return forwarded(query, way(query, needed(original.content)), original).view()


def source(query: Query, purpose: str) -> Post:
    """Find the message that is sent on."""
    query.need("from_chat_id")
    post = query.post(query.chat(Access.READ, "from_chat_id"), f"message to {purpose}")
    if post.service or post.extra.get(PROTECTED):
        done = {"copy": "copied", "forward": "forwarded"}[purpose]
        raise errors.bad_request(f"the message can't be {done}")  # seen
    return post


@method("copyMessages")
def copy_messages(query: Query) -> list[Json]:
    """Copy those of many messages that are there."""
    posts, to = batch(query)
    return [{"message_id": copied(query, to, post).id} for post in posts]


@method("forwardMessages")
def forward_messages(query: Query) -> list[Json]:
    """Forward those of many messages that are there."""
    posts, to = batch(query)
    return [{"message_id": forwarded(query, to, post).id} for post in posts]


def batch(query: Query) -> tuple[list[Post], Way]:
    """Find the messages of a batch, whose numbers must rise, and their way."""
    query.need("from_chat_id")
    numbers = message_ids(query)
    to = way(query)
    chat = query.chat(Access.READ, "from_chat_id")
    if sorted(set(numbers)) != numbers:
        # tdlib, forward_messages
        raise errors.bad_request("message identifiers must be in a strictly increasing order")
    posts = chat.posts if access.sees_messages(query.world, chat) else {}
    found = [posts[number] for number in numbers if number in posts]
    fit = [post for post in found if not post.service and not post.extra.get(PROTECTED)]
    if not fit:
        raise errors.bad_request("there are no messages to forward")  # tdlib
    for post in fit:
        access.check_send(query.world, to.chat, needed(post.content))
    return fit, to


def message_ids(query: Query) -> list[int]:
    """Read the numbers of a batch (server, get_message_ids)."""
    numbers: list[int] = query.get("message_ids") or []
    if not numbers:
        raise errors.bad_request("message identifiers are not specified")
    if len(numbers) > BATCH:
        raise errors.bad_request("too many message identifiers specified")
    if min(numbers) <= 0:
        raise errors.bad_request("invalid message identifier specified")
    return numbers


def copied(query: Query, to: Way, post: Post) -> Post:
    """Copy one message."""
    content = without_caption(post.content) if query.get("remove_caption") else dict(post.content)
    return send(query, to, anew(query.world, content))


def without_caption(content: Json) -> Json:
    """Leave the words under a photo or file out."""
    return {key: value for key, value in content.items() if "caption" not in key}


def forwarded(query: Query, to: Way, original: Post) -> Post:
    """Forward one message."""
    first = {"forward_origin": original.extra.get("forward_origin") or posting.origin(original)}
    on = replace(to, extra=to.extra | first)
    return send(query, on, dict(original.content), forwardable(original.inline_markup))
