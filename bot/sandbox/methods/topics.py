"""Forum topics."""

from __future__ import annotations

from bot.sandbox import access, errors, posting
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.nouns import Chat, Json, Topic

# docs, createForumTopic
NAME = range(1, 129)
COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


def forum(query: Query) -> Chat:
    """Find a forum whose topics the bot may manage."""
    chat = query.chat()
    access.check_edit(query.world, chat)
    if not chat.forum:
        raise errors.bad_request("the chat is not a forum")  # tdlib, ForumTopicManager
    refusal = "not enough rights to manage topics"  # tdlib, ForumTopicManager
    if not access.member(query.world, chat).may("can_manage_topics"):
        raise errors.bad_request(refusal)
    return chat


def known(query: Query) -> tuple[Chat, Topic]:
    """Find the topic that is meant."""
    chat = forum(query)
    topic = chat.topics.get(int(query.get("message_thread_id", 0)))
    if topic is None:
        raise errors.bad_request("message thread not found")  # seen
    return chat, topic


def topic_name(query: Query) -> str:
    """Read a topic's name."""
    name = str(query.get("name", "")).strip()
    if len(name) not in NAME:
        raise errors.bad_request("topic title must be non-empty")  # tdlib, ForumTopicManager
    return name


@method("createForumTopic")
def create_forum_topic(query: Query) -> Json:
    """Open a topic."""
    chat, name = forum(query), topic_name(query)
    color = int(query.get("icon_color", COLORS[0]))
    if color not in COLORS:
        raise errors.bad_request("invalid icon color specified")  # tdlib
    shown: Json = {"name": name, "icon_color": color}
    if query.get("icon_custom_emoji_id"):
        shown["icon_custom_emoji_id"] = query.get("icon_custom_emoji_id")
    post = posting.serve(query.world, chat, query.world.bot, {"forum_topic_created": shown})
    post.thread = post.id
    chat.topics[post.id] = Topic(post.id, name, color, shown.get("icon_custom_emoji_id"))
    return shown | {"message_thread_id": post.id}


@method("editForumTopic")
def edit_forum_topic(query: Query) -> bool:
    """Name a topic anew."""
    chat, topic = known(query)
    if "name" in query.params:
        topic.name = topic_name(query)
    topic.emoji = query.get("icon_custom_emoji_id") or topic.emoji
    serve(query, chat, topic, {"forum_topic_edited": {"name": topic.name}})
    return True


@method("closeForumTopic", "reopenForumTopic")
def close_forum_topic(query: Query) -> bool:
    """Close a topic to members, or open it again."""
    chat, topic = known(query)
    closed = query.method == "closeForumTopic"
    if topic.closed == closed:
        raise errors.bad_request("TOPIC_NOT_MODIFIED")  # seen
    topic.closed = closed
    serve(query, chat, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    return True


@method("deleteForumTopic")
def delete_forum_topic(query: Query) -> bool:
    """Delete a topic with everything in it."""
    chat, topic = known(query)
    posts = [post for post in chat.posts.values() if post.thread == topic.id]
    posting.remove(query.world, posts)
    del chat.topics[topic.id]
    return True


@method("unpinAllForumTopicMessages")
def unpin_all_forum_topic_messages(query: Query) -> bool:
    """Unpin everything in a topic."""
    chat, topic = known(query)
    inside = {post.id for post in chat.posts.values() if post.thread == topic.id}
    chat.pinned[:] = [number for number in chat.pinned if number not in inside]
    return True


def serve(query: Query, chat: Chat, topic: Topic, line: Json) -> None:
    """Put a service line into a topic."""
    posting.serve(query.world, chat, query.world.bot, line, thread=topic.id)
