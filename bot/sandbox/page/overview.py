"""The state of the sandbox as the page draws it: people, chats, messages."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from bot.sandbox.nouns import ADMINS, Chat, Json, Post, User
from bot.sandbox.world import World

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox

# Messages of a chat and calls that the page gets at once; it asks for older ones.
RECENT = 60
CALLS = 100
PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def overview(sandbox: Sandbox) -> Json:
    """Show everything that the page needs to begin."""
    world = sandbox.world
    return {
        "number": world.events.number,
        "zone": sandbox.zone,
        "now": world.clock.now(),
        "stage": sandbox.stagehand is not None,
        "bot": bot_view(world),
        "people": [person.user.view() for person in sandbox.people.values()],
        "chats": [chat_view(world, chat) for chat in world.chats.values()],
        "calls": [call.shown() for call in sandbox.calls[-CALLS:]],
    }


def bot_view(world: World) -> Json:
    """Show the bot, with what it says of itself."""
    return world.bot.view() | {
        "description": {
            language: words
            for (kind, language), words in world.profile.texts.items()
            if kind == "description"
        }
    }


def chat_view(world: World, chat: Chat) -> Json:
    """Show a chat with its newest messages."""
    recent = list(islice(reversed(chat.posts.values()), RECENT))[::-1]
    return chat.view() | {
        "name": chat.title,
        "private": chat.private,
        "started": chat.started,
        "blocked": chat.blocked,
        "members": {
            str(member.user.id): member.standing.value
            for member in chat.members.values()
            if member.present
        },
        "topics": [
            {"id": topic.id, "name": topic.name, "closed": topic.closed}
            for topic in chat.topics.values()
        ],
        "pinned": pinned(world, chat),
        "posts": views(world, recent),
        "more": len(chat.posts) > len(recent),
    }


def pinned(world: World, chat: Chat) -> list[Json]:
    """Show the pinned messages, oldest first."""
    return views(world, (chat.posts[number] for number in chat.pinned if number in chat.posts))


def views(world: World, posts: Iterable[Post]) -> list[Json]:
    """Show messages."""
    return [post_view(world, post) for post in posts]


def post_view(world: World, post: Post) -> Json:
    """Show a message as the Bot API does, and what people see besides."""
    shown = post.view() | {"service": post.service}
    if post.sender is not None:
        shown["by"] = post.sender.view()
    if post.markup and not post.inline_markup:
        shown["keyboard"] = post.markup
    shown["reactions"] = [
        {"emoji": reaction.get("emoji", "⭐"), "by": person}
        for person, given in post.reactions.items()
        for reaction in given
    ]
    if "photo" in post.content:
        file = world.files.find(post.content["photo"][-1]["file_id"])
        shown["picture"] = file is not None and picture_type(file.content) is not None
    return shown


def picture_type(content: bytes) -> str | None:
    """Tell what kind of picture a file is by how it begins."""
    return next((kind for start, kind in PICTURES.items() if content.startswith(start)), None)


def commands(world: World, chat: Chat, user: User) -> list[Json]:
    """List the commands that the menu shows someone in a chat."""
    return world.profile.commands_for(scopes(chat, user), (user.language or "")[:2])


def scopes(chat: Chat, user: User) -> list[str]:
    """List the scopes that apply, the narrowest first (docs, "Determining list of commands")."""
    if chat.private:
        return [f"chat:{chat.id}", "all_private_chats", "default"]
    member = chat.members.get(user.id)
    admin = member is not None and member.standing in ADMINS
    of_admins = [f"chat_administrators:{chat.id}"] if admin else []
    all_admins = ["all_chat_administrators"] if admin else []
    return [
        f"chat_member:{chat.id}:{user.id}",
        *of_admins,
        f"chat:{chat.id}",
        *all_admins,
        "all_group_chats",
        "default",
    ]
