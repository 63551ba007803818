"""What keeps people from speaking, as Telegram's servers and clients do."""

from __future__ import annotations

import math

from bot.sandbox import access
from bot.sandbox.membership import lift
from bot.sandbox.nouns import Chat, Kind, Member, Standing, Topic, User
from bot.sandbox.world import World


class HeldBackError(ValueError):
    """Telegram does not let a person do that; nothing has happened, and the message says why."""


def check_post(world: World, user: User, chat: Chat, permission: str, thread: int | None) -> None:
    """Hold someone back who may not send what needs *permission*, or not there, or not yet."""
    if chat.migrated_to is not None:
        raise HeldBackError("the group became a supergroup")
    member = check_there(world, user, chat)
    if chat.private:
        return
    check_permission(member, chat, permission)
    check_topic(member, chat, thread)
    rest = access.slow_rest(chat, member, world.clock.now())
    if rest > 0:
        raise HeldBackError(f"slow mode: {math.ceil(rest)} seconds more")
    member.spoke_at = world.clock.now()


def check_there(world: World, user: User, chat: Chat) -> Member:
    """Hold back who is not in the chat; private chats are each person's own."""
    lift(world)
    if user.deactivated:
        raise HeldBackError("the account was deleted")
    member = chat.members.get(user.id) or Member(user, Standing.LEFT)
    if member.standing is Standing.KICKED:
        raise HeldBackError("banned from the chat")
    if not member.present:
        raise HeldBackError("not in the chat")
    return member


def check_permission(member: Member, chat: Chat, permission: str) -> None:
    """Hold back who may not do that."""
    if chat.kind is Kind.CHANNEL:
        if not member.may("can_post_messages"):
            raise HeldBackError("only administrators post in a channel")
    elif not access.permitted(chat, member, permission):
        raise HeldBackError(f"may not: {permission}")


def check_topic(member: Member, chat: Chat, thread: int | None) -> None:
    """Hold back from topics that are closed or gone."""
    topic: Topic | None = chat.general if thread is None else chat.topics.get(thread)
    if topic is None:
        raise HeldBackError("the topic was deleted")
    if topic.closed and not member.may("can_manage_topics") and topic.by != member.user.id:
        raise HeldBackError("the topic is closed")
