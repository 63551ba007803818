"""Messages come into chats, change and go: what everyone sees of it."""

from __future__ import annotations

from bot.sandbox.nouns import Chat, Json, Kind, Post, Topic, User
from bot.sandbox.world import World


def place(world: World, chat: Chat, sender: User | None, content: Json, **more: object) -> Post:
    """Put a new message into a chat."""
    number = world.next_message_id(chat)
    post = Post(number, chat, sender, world.now(), content, **more)  # type: ignore[arg-type]
    post.changed = world.change()
    chat.posts[number] = post
    world.tell("message", chat, {"message": post.view()})
    return post


def change(world: World, post: Post, content: Json, markup: Json | None) -> None:
    """Replace what a message says and its buttons; only new words count as an edit."""
    if content != post.content:
        post.edited = world.now()
    post.content = content
    post.markup = markup
    post.changed = world.change()
    world.tell("edited", post.chat, {"message": post.view()})


def remove(world: World, posts: list[Post]) -> None:
    """Take messages out of their chat."""
    for post in posts:
        del post.chat.posts[post.id]
        if post.id in post.chat.pinned:
            post.chat.pinned.remove(post.id)
        world.tell("deleted", post.chat, {"message_id": post.id})
    world.change()


def serve(world: World, chat: Chat, sender: User | None, content: Json, **more: object) -> Post:
    """Put a service line into a chat."""
    return place(world, chat, sender, content, service=True, **more)


def open_topic(world: World, chat: Chat, opener: User, shown: Json) -> Post:
    """Open a forum topic, which is named after the service line that tells of it."""
    line = {"forum_topic_created": shown}
    post = serve(world, chat, opener, line, thread=chat.next_id)
    emoji = shown.get("icon_custom_emoji_id")
    chat.topics[post.id] = Topic(post.id, shown["name"], shown["icon_color"], emoji, by=opener.id)
    return post


def delete_topic(world: World, chat: Chat, number: int) -> None:
    """Delete a forum topic with everything in it."""
    remove(world, [post for post in chat.posts.values() if post.thread == number])
    del chat.topics[number]


def origin(post: Post) -> Json:
    """Tell where a message was first (docs, MessageOrigin)."""
    if post.chat.kind is Kind.CHANNEL or post.sender is None:
        shown = {"type": "channel", "chat": post.chat.view(), "message_id": post.id}
    else:
        shown = {"type": "user", "sender_user": post.sender.view()}
    return shown | {"date": post.date}
