"""Entering a group: at once, by a link, or by asking."""

from __future__ import annotations

from bot.sandbox import inbox, posting
from bot.sandbox.hindrances import HeldBackError
from bot.sandbox.membership import come_or_go, lift
from bot.sandbox.nouns import Chat, Json, Link, Standing, User
from bot.sandbox.world import World

# docs, ChatJoinRequest: as long a bot may write to who asked
OPEN_SECONDS = 5 * 60


def come(world: World, chat: Chat, user: User, address: str | None) -> None:
    """Let someone come, by the link at an *address* if they have one, unless they are banned."""
    lift(world)
    member = chat.members.get(user.id)
    if member is not None and member.standing is Standing.KICKED:
        raise HeldBackError("banned from the chat")
    link = check_link(world, chat, address) if address else None
    if link is not None and link.view["creates_join_request"]:
        ask(world, chat, user, link)
    else:
        enter(world, chat, user, link)


def enter(
    world: World, chat: Chat, user: User, link: Link | None = None, *, asked: bool = False
) -> None:
    """Let someone in, with the line that everyone sees and the updates that tell of it."""
    more: Json = {}
    if link is not None:
        link.joined += 1
        more["invite_link"] = dict(link.view)
    if asked:
        more["via_join_request"] = True
    come_or_go(world, chat, user, inside=True, **more)
    line = {"new_chat_members": [user.view()]}
    inbox.tell(world, posting.serve(world, chat, user, line))


def ask(world: World, chat: Chat, user: User, link: Link) -> None:
    """Let someone ask to join; the bot hears of it if it may let people in (docs)."""
    chat.requests[user.id] = link
    world.chats[user.id].open_until = world.clock.now() + OPEN_SECONDS
    bot = chat.members.get(world.bot.id)
    if bot is not None and bot.may("can_invite_users"):
        request = {
            "chat": chat.view(),
            "from": user.view(),
            "user_chat_id": user.id,
            "date": world.now(),
            "invite_link": dict(link.view),
        }
        world.updates.push("chat_join_request", request)


def check_link(world: World, chat: Chat, address: str) -> Link:
    """Find a link, and hold back from one that does not lead in, or not any more."""
    link = world.links.get(address)
    if link is None or link.chat is not chat or link.view["is_revoked"]:
        raise HeldBackError("the invite link does not lead there")
    now, limit = world.clock.now(), link.view.get("member_limit")
    if now > link.view.get("expire_date", now) or (limit and link.joined >= limit):
        raise HeldBackError("the invite link has expired")
    return link
