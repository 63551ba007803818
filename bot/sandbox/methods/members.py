"""Who is what in a chat: looking, banning, restricting, promoting."""

from __future__ import annotations

from bot.sandbox import access, errors
from bot.sandbox.membership import move, tell
from bot.sandbox.methods.chats import readable
from bot.sandbox.methods.registry import Query, method
from bot.sandbox.nouns import (
    CHANNEL_RIGHTS,
    GROUP_RIGHTS,
    PERMISSIONS,
    RIGHTS,
    Chat,
    Json,
    Kind,
    Member,
    Standing,
)


@method("getChatMember")
def get_chat_member(query: Query) -> Json:
    """Show what someone is in a chat; who never was there has left."""
    chat = readable(query)
    number = int(query.get("user_id", 0))
    if number <= 0:
        raise errors.bad_request("invalid user_id specified")  # server, get_user_id
    user = query.world.users.get(number)
    if user is None:
        raise errors.bad_request("member not found")  # server, PARTICIPANT_ID_INVALID
    member = chat.members.get(number) or Member(user, Standing.LEFT)
    return member.view(chat.kind)


@method("getChatAdministrators")
def get_chat_administrators(query: Query) -> list[Json]:
    """List a chat's administrators; other bots are left out, the bot itself is not."""
    chat = readable(query)
    if chat.private:
        raise errors.bad_request("there are no administrators in the private chat")  # server
    return [member.view(chat.kind) for member in chat.members.values() if member.admin]


def target(query: Query, right: str) -> tuple[Chat, Member]:
    """Find the member that the bot may act upon."""
    chat = query.chat()
    if chat.private:
        # tdlib, set_chat_participant_status
        raise errors.bad_request("chat member status can't be changed in private chats")
    access.check_edit(query.world, chat)
    user = query.world.user(int(query.get("user_id", 0)))
    refusal = "not enough rights to restrict/unrestrict chat member"  # server
    access.check_right(query.world, chat, right, refusal)
    member = chat.members.setdefault(user.id, Member(user, Standing.LEFT))
    if member.standing is Standing.CREATOR:
        raise errors.bad_request("can't remove chat owner")  # server
    return chat, member


@method("banChatMember")
def ban_chat_member(query: Query) -> bool:
    """Put someone out for good, or until a date."""
    chat, member = target(query, "can_restrict_members")
    if member.admin:
        raise errors.bad_request("user is an administrator of the chat")  # server
    member.until = int(query.get("until_date", 0))
    move(query.world, chat, member.user, Standing.KICKED, by=query.world.bot)
    return True


@method("unbanChatMember")
def unban_chat_member(query: Query) -> bool:
    """Let someone come again; without only_if_banned this removes who is in (docs)."""
    chat, member = target(query, "can_restrict_members")
    if member.standing is Standing.KICKED or not query.get("only_if_banned"):
        move(query.world, chat, member.user, Standing.LEFT, by=query.world.bot)
    return True


@method("restrictChatMember")
def restrict_chat_member(query: Query) -> bool:
    """Take permissions from someone, or give them back."""
    chat, member = target(query, "can_restrict_members")
    if chat.kind is not Kind.SUPERGROUP:
        raise errors.bad_request(
            "method is available for supergroup and channel chats only"
        )  # server
    before = member.view(chat.kind)
    given = query.need("permissions")
    member.permissions = frozenset(name for name in PERMISSIONS if given.get(name))
    whole = member.permissions == frozenset(PERMISSIONS)
    member.standing = Standing.MEMBER if whole else Standing.RESTRICTED
    member.until = int(query.get("until_date", 0))
    tell(query.world, chat, member, before, query.world.bot)
    return True


@method("promoteChatMember")
def promote_chat_member(query: Query) -> bool:
    """Make someone an administrator, or an ordinary member again."""
    chat, member = target(query, "can_promote_members")
    every = RIGHTS + GROUP_RIGHTS + CHANNEL_RIGHTS
    rights = frozenset(name for name in every if query.get(name))
    standing = Standing.ADMINISTRATOR if rights else Standing.MEMBER
    move(query.world, chat, member.user, standing, by=query.world.bot, rights=rights)
    return True


@method("setChatPermissions")
def set_chat_permissions(query: Query) -> bool:
    """Say what ordinary members may do."""
    chat = query.chat()
    access.check_edit(query.world, chat)
    refusal = "not enough rights to change chat permissions"  # tdlib
    access.check_right(query.world, chat, "can_restrict_members", refusal)
    given = query.need("permissions")
    chat.permissions = frozenset(name for name in PERMISSIONS if given.get(name))
    return True


@method("setChatAdministratorCustomTitle")
def set_chat_administrator_custom_title(query: Query) -> bool:
    """Give an administrator a title."""
    _, member = target(query, "can_promote_members")
    if member.standing is not Standing.ADMINISTRATOR:
        raise errors.bad_request("user is not an administrator")  # server
    member.title = str(query.get("custom_title", ""))[:16] or None
    return True
