"""Coming and going: who is what in a chat, and the updates that tell of it."""

from __future__ import annotations

from bot.sandbox.nouns import Chat, Member, Standing, User
from bot.sandbox.world import World


def move(
    world: World,
    chat: Chat,
    user: User,
    standing: Standing,
    *,
    by: User,
    rights: frozenset[str] = frozenset(),
) -> Member:
    """Give someone another standing in a chat, and tell the bot of it."""
    member = chat.members.setdefault(user.id, Member(user, Standing.LEFT))
    before = member.view(chat.kind)
    member.standing, member.rights = standing, rights
    tell(world, chat, member, before, by)
    return member


def tell(world: World, chat: Chat, member: Member, before: dict[str, object], by: User) -> None:
    """Tell the bot: of itself always, of others if it asked and is an administrator."""
    after = member.view(chat.kind)
    if after == before:
        return
    change = {
        "chat": chat.view(),
        "from": by.view(),
        "date": world.now(),
        "old_chat_member": before,
        "new_chat_member": after,
    }
    world.tell("member", chat, {"user": member.user.view(), "status": member.standing.value})
    bot = chat.members.get(world.bot.id)
    if member.user is world.bot:
        world.updates.push("my_chat_member", change)
    elif bot is not None and bot.admin:
        world.updates.push("chat_member", change)
