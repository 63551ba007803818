"""Coming and going: who is what in a chat, and the updates that tell of it."""

from __future__ import annotations

from typing import Any

from bot.sandbox.nouns import Chat, Json, Member, Standing, User
from bot.sandbox.world import World

# docs, banChatMember: shorter or longer terms are for ever
SHORTEST = 30
LONGEST = 366 * 24 * 3600


def move(
    world: World,
    chat: Chat,
    user: User,
    standing: Standing,
    *,
    by: User,
    rights: frozenset[str] = frozenset(),
    **more: object,
) -> Member:
    """Give someone another standing in a chat, and tell the bot of it."""
    member = chat.members.setdefault(user.id, Member(user, Standing.LEFT))
    before = member.view(chat.kind)
    member.standing, member.rights = standing, rights
    tell(world, chat, member, before, by, **more)
    return member


def come_or_go(world: World, chat: Chat, user: User, *, inside: bool, **more: Any) -> None:
    """Let someone in or out; restrictions outlive both (docs, ChatMemberRestricted)."""
    member = chat.members.get(user.id)
    if member is None or member.standing is not Standing.RESTRICTED:
        move(world, chat, user, Standing.MEMBER if inside else Standing.LEFT, by=user, **more)
        return
    before = member.view(chat.kind)
    member.inside = inside
    tell(world, chat, member, before, user, **more)


def tell(world: World, chat: Chat, member: Member, before: Json, by: User, **more: object) -> None:
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
        **more,
    }
    world.tell("member", chat, {"user": member.user.view(), "status": member.standing.value})
    bot = chat.members.get(world.bot.id)
    if member.user is world.bot:
        world.updates.push("my_chat_member", change)
    elif bot is not None and bot.admin:
        world.updates.push("chat_member", change)


def set_term(world: World, member: Member, until: int) -> None:
    """Let a ban or restriction end, unless that is at once or too far off (docs)."""
    lasts = until - world.clock.now()
    member.until = until if SHORTEST <= lasts <= LONGEST else 0
    if member.until:
        world.terms.append((member.until, member))


def lift(world: World) -> None:
    """End the bans and restrictions whose time is over; nobody is told (seen)."""
    if not world.terms:
        return
    now = world.clock.now()
    over = [member for until, member in world.terms if until == member.until <= now]
    world.terms = [term for term in world.terms if term[0] > now]
    for member in over:
        inside = member.standing is Standing.RESTRICTED and member.inside
        member.standing, member.until = Standing.MEMBER if inside else Standing.LEFT, 0
