"""Taking messages away."""

from __future__ import annotations

from bot.sandbox import access, errors, posting
from bot.sandbox.access import Access
from bot.sandbox.methods.copies import message_ids
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.nouns import Kind, Post

# docs, deleteMessage
DELETABLE = 48 * 3600
DIE_STAYS = 24 * 3600
# docs, deleteMessage: service messages of creation stay
CREATION = ("forum_topic_created", "migrate_from_chat_id")


@method("deleteMessage")
def delete_message(query: Query) -> bool:
    """Take a message away."""
    for name in ("chat", "message"):
        if not query.get(f"{name}_id"):
            # server, process_delete_message_query
            raise errors.bad_request(f"{name} identifier is not specified")
    post = query.post(query.chat(Access.WRITE), "message to delete")
    check_deletable(query, post)
    posting.remove(query.world, [post])
    return True


@method("deleteMessages")
def delete_messages(query: Query) -> bool:
    """Take those of many messages away that are there (docs: the others are skipped)."""
    numbers = message_ids(query)
    chat = query.chat(Access.WRITE)
    posts = [chat.posts[number] for number in dict.fromkeys(numbers) if number in chat.posts]
    for post in posts:
        check_deletable(query, post)
    posting.remove(query.world, posts)
    return True


def check_deletable(query: Query, post: Post) -> None:
    """Refuse to delete what the bot may not, or no longer."""
    age = query.world.now() - post.date
    if post.chat.kind in (Kind.SUPERGROUP, Kind.CHANNEL):
        # tdlib, can_delete_channel_message: whatever its rights, a bot has two days
        if age >= DELETABLE or not in_supergroup(query, post):
            raise errors.bad_request("message can't be deleted")
    elif age >= DELETABLE or not in_small_chat(query, post, age):
        # tdlib, can_revoke_message
        raise errors.bad_request("message can't be deleted for everyone")


def in_supergroup(query: Query, post: Post) -> bool:
    """Tell whether the bot may delete a young message (tdlib, can_delete_channel_message)."""
    own = access.member(query.world, post.chat)
    if any(name in post.content for name in CREATION):
        return False
    if own.may("can_delete_messages"):
        return True
    if post.sender is not query.world.bot:
        return False
    needs_right = post.service or post.chat.kind is Kind.CHANNEL
    return not needs_right or own.may("can_post_messages")


def in_small_chat(query: Query, post: Post, age: float) -> bool:
    """Tell whether the bot may delete a young message of a private chat or basic group."""
    if post.chat.private:
        # docs: a die may be thrown away only when it is a day old
        return "dice" not in post.content or age >= DIE_STAYS
    return post.sender is query.world.bot or access.member(query.world, post.chat).admin
