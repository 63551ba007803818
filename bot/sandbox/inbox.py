"""What people do reaches the bot, as far as Telegram lets the bot see it."""

from __future__ import annotations

from bot.sandbox import hindrances, posting
from bot.sandbox.contents import needed
from bot.sandbox.entities import formatted
from bot.sandbox.nouns import Chat, Json, Kind, Post, User
from bot.sandbox.views import covered
from bot.sandbox.world import World


def post(
    world: World,
    user: User,
    chat: Chat,
    content: Json,
    reply: Post | None = None,
    thread: int | None = None,
    **more: object,
) -> Post:
    """Let a person send something into a chat, or a topic of it, if nothing holds them back."""
    if reply is not None:
        thread = reply.thread
    hindrances.check_post(world, user, chat, needed(content), thread)
    message = posting.place(world, chat, user, content, reply=reply, thread=thread, **more)
    tell(world, message)
    return message


def text_content(text: str) -> Json:
    """Read what a person typed, with the entities that Telegram finds by itself."""
    words, entities = formatted(text, None, None)
    return {"text": words} | ({"entities": entities} if entities else {})


def tell(world: World, message: Post) -> None:
    """Give a message to the bot, if it may see it."""
    if visible(world, message):
        kind = "channel_post" if message.chat.kind is Kind.CHANNEL else "message"
        edited = "edited_" if message.edited is not None else ""
        world.updates.push(edited + kind, message.view())


def react(world: World, user: User, message: Post, reactions: list[Json]) -> None:
    """Let a person react to a message; bots hear of it as administrators, if they ask (docs)."""
    hindrances.check_there(world, user, message.chat)
    change = {
        "chat": message.chat.view(),
        "message_id": message.id,
        "user": user.view(),
        "date": world.now(),
        "old_reaction": message.reactions.get(user.id, []),
        "new_reaction": reactions,
    }
    message.reactions[user.id] = reactions
    world.tell("reaction", message.chat, {"message_id": message.id, "reactions": reactions})
    bot = message.chat.members.get(world.bot.id)
    if bot is not None and (bot.admin or message.chat.private):
        world.updates.push("message_reaction", change)


def visible(world: World, message: Post) -> bool:
    """Tell whether the bot sees a message (core.telegram.org/bots/features, "Privacy mode")."""
    chat = message.chat
    member = chat.members.get(world.bot.id)
    if chat.private:
        return not chat.blocked
    if member is None or not member.present:
        return False
    return member.admin or not world.privacy or message.service or addressed(world, message)


def addressed(world: World, message: Post) -> bool:
    """Tell whether a message in a group is meant for the bot, or was sent with its help."""
    if "via_bot" in message.extra:
        return True
    if message.reply is not None and message.reply.sender is world.bot:
        return True
    return any(concerns(world, message.text, entity) for entity in message.entities)


def concerns(world: World, text: str, entity: Json) -> bool:
    """Tell whether an entity is a mention of the bot or a command that it may answer."""
    words = covered(text, entity).lower()
    name = f"@{world.bot.username}".lower()
    if entity["type"] == "mention":
        return words == name
    if entity["type"] == "bot_command" and entity["offset"] == 0:
        return "@" not in words or words.endswith(name)
    return False
