"""Forum topics; the General one has methods of its own."""

from __future__ import annotations

from bot.sandbox import access, errors, posting
from bot.sandbox.access import Access
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.nouns import Chat, Json, Kind, Topic

# docs, createForumTopic; tdlib cuts longer names
NAME = 128
COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


def forum(query: Query) -> Chat:
    """Find a forum (tdlib, ForumTopicManager::is_forum)."""
    chat = query.chat(Access.WRITE)
    if not chat.forum or chat.kind is not Kind.SUPERGROUP:
        raise errors.bad_request("the chat is not a forum")
    return chat


def known(query: Query, right: str, deed: str) -> tuple[Chat, Topic]:
    """Find the topic that is meant, if the bot may change it: by *right*, or as its opener."""
    chat = forum(query)
    number = int(query.get("message_thread_id", 0))
    general = "General" in query.method
    if not general and number <= 0:
        # tdlib, can_be_message_thread_id
        raise errors.bad_request("invalid message thread identifier specified")
    topic = chat.general if general else chat.topics.get(number)
    if topic is None:
        raise errors.bad_request("TOPIC_ID_INVALID")  # seen
    if not access.member(query.world, chat).may(right) and topic.by != query.world.bot.id:
        raise errors.bad_request(f"not enough rights to {deed} the topic")  # tdlib
    return chat, topic


def title(query: Query) -> str:
    """Read a topic's name (tdlib, clean_name)."""
    name = " ".join(str(query.get("name", "")).split())[:NAME]
    if not name:
        raise errors.bad_request("title must be non-empty")  # tdlib, ForumTopicManager
    return name


@method("createForumTopic")
def create_forum_topic(query: Query) -> Json:
    """Open a topic."""
    chat = forum(query)
    refusal = "not enough rights to create a topic"  # tdlib; docs name the right
    access.check_right(query.world, chat, "can_manage_topics", refusal)
    name, color = title(query), int(query.get("icon_color", COLORS[0]))
    if color not in COLORS:
        raise errors.bad_request("invalid icon color specified")  # tdlib
    shown: Json = {"name": name, "icon_color": color}
    if query.get("icon_custom_emoji_id"):
        shown["icon_custom_emoji_id"] = query.get("icon_custom_emoji_id")
    post = posting.open_topic(query.world, chat, query.world.bot, shown)
    return shown | {"message_thread_id": post.id}


@method("editForumTopic", "editGeneralForumTopic")
def edit_forum_topic(query: Query) -> bool:
    """Name a topic anew, or give it another icon."""
    chat, topic = known(query, "can_manage_topics", "edit")
    changed: Json = {}
    if query.get("name") or "General" in query.method:
        changed["name"] = title(query)
    if "icon_custom_emoji_id" in query.params:
        changed["icon_custom_emoji_id"] = query.get("icon_custom_emoji_id")
    before = {"name": topic.name, "icon_custom_emoji_id": topic.emoji or ""}
    if changed and changed.items() <= before.items():
        raise errors.bad_request("TOPIC_NOT_MODIFIED")  # seen
    topic.name = changed.get("name", topic.name)
    topic.emoji = changed.get("icon_custom_emoji_id", topic.emoji) or None
    if changed:
        serve(query, chat, topic, {"forum_topic_edited": changed})
    return True


@method("closeForumTopic", "reopenForumTopic", "closeGeneralForumTopic", "reopenGeneralForumTopic")
def close_forum_topic(query: Query) -> bool:
    """Close a topic to members, or open it again."""
    chat, topic = known(query, "can_manage_topics", "close or open")
    closed = query.method.startswith("close")
    if topic.closed == closed:
        raise errors.bad_request("TOPIC_NOT_MODIFIED")  # seen
    topic.closed = closed
    # docs, reopenGeneralForumTopic: it is unhidden by that
    topic.hidden = topic.hidden and closed
    serve(query, chat, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    return True


@method("hideGeneralForumTopic", "unhideGeneralForumTopic")
def hide_general_forum_topic(query: Query) -> bool:
    """Hide the General topic, which closes it too (docs), or show it again."""
    chat, topic = known(query, "can_manage_topics", "close or open")
    hidden = query.method.startswith("hide")
    if topic.hidden == hidden:
        raise errors.bad_request("TOPIC_NOT_MODIFIED")  # seen
    topic.hidden = hidden
    topic.closed = hidden or topic.closed
    line = "general_forum_topic_hidden" if hidden else "general_forum_topic_unhidden"
    serve(query, chat, topic, {line: {}})
    return True


@method("deleteForumTopic")
def delete_forum_topic(query: Query) -> bool:
    """Delete a topic with everything in it."""
    chat, topic = known(query, "can_delete_messages", "delete")
    posting.delete_topic(query.world, chat, topic.id)
    return True


def serve(query: Query, chat: Chat, topic: Topic, line: Json) -> None:
    """Put a service line into a topic."""
    thread = None if topic is chat.general else topic.id
    posting.serve(query.world, chat, query.world.bot, line, thread=thread)
