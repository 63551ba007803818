"""Who is what in a chat: looking, banning, restricting, promoting."""

from __future__ import annotations

from bot.sandbox import access, errors, posting
from bot.sandbox.access import Access
from bot.sandbox.membership import move, set_term, tell
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

# docs, ChatPermissions: what each of these brings with it, unless asked otherwise
MEDIA = PERMISSIONS[:7]
BRINGS = {
    "can_send_other_messages": MEDIA,
    "can_add_web_page_previews": MEDIA,
    "can_send_polls": ("can_send_messages",),
}
# docs, setChatAdministratorCustomTitle
TITLE = 16
# server: where methods work, and what is said elsewhere
WIDE = (Kind.SUPERGROUP, Kind.CHANNEL)
NOT_WIDE = "method is available for supergroup and channel chats only"
NARROW = (Kind.SUPERGROUP,)
NOT_NARROW = "method is available only for supergroups"


@method("getChatMember")
def get_chat_member(query: Query) -> Json:
    """Show what someone is in a chat; who never was there has left."""
    user_id = query.user_id()
    own = user_id == query.world.bot.id
    chat = query.chat(Access.READ if own else Access.MEMBERS)
    return found(query, chat, user_id).view(chat.kind)


@method("getChatAdministrators")
def get_chat_administrators(query: Query) -> list[Json]:
    """List a chat's administrators; other bots are left out, the bot itself is not."""
    chat = query.chat(Access.MEMBERS)
    if chat.private:
        raise errors.bad_request("there are no administrators in the private chat")  # server
    return [member.view(chat.kind) for member in chat.members.values() if member.admin]


def found(query: Query, chat: Chat, user_id: int) -> Member:
    """Find someone's place in a chat."""
    user = query.world.users.get(user_id)
    if user is None:
        raise errors.bad_request("PARTICIPANT_ID_INVALID")  # seen
    return chat.members.get(user_id) or Member(user, Standing.LEFT)


def target(query: Query, kinds: tuple[Kind, ...], refusal: str) -> tuple[Chat, Member]:
    """Find the member that the bot acts upon, in a chat of these *kinds*."""
    user_id = query.user_id()
    chat = query.chat(Access.WRITE)
    if chat.kind not in kinds:
        raise errors.bad_request(refusal)
    member = found(query, chat, user_id)
    chat.members.setdefault(user_id, member)
    return chat, member


def check_restrict(query: Query, chat: Chat, member: Member) -> None:
    """Refuse to act upon who is above that, or without the right to."""
    if member.standing is Standing.CREATOR:
        raise errors.bad_request("can't remove chat owner")  # tdlib
    if member.user is query.world.bot:
        raise errors.bad_request("can't restrict self")  # tdlib
    refusal = "not enough rights to restrict/unrestrict chat member"  # tdlib
    access.check_right(query.world, chat, "can_restrict_members", refusal)
    if member.admin and not member.editable:
        raise errors.bad_request("user is an administrator of the chat")  # server


@method("banChatMember")
def ban_chat_member(query: Query) -> bool:
    """Put someone out for good, or until a date."""
    kinds = (Kind.GROUP, *WIDE)
    chat, member = target(query, kinds, "can't ban members in private chats")  # tdlib
    check_restrict(query, chat, member)
    set_term(query.world, member, int(query.get("until_date", 0)))
    move(query.world, chat, member.user, Standing.KICKED, by=query.world.bot)
    if query.get("revoke_messages"):
        theirs = [post for post in chat.posts.values() if post.sender is member.user]
        posting.remove(query.world, theirs)
    return True


@method("unbanChatMember")
def unban_chat_member(query: Query) -> bool:
    """Let someone come again; without only_if_banned this removes who is in (docs)."""
    chat, member = target(query, WIDE, NOT_WIDE)
    if member.standing is not Standing.KICKED and query.get("only_if_banned"):
        return True
    check_restrict(query, chat, member)
    move(query.world, chat, member.user, Standing.LEFT, by=query.world.bot)
    return True


@method("restrictChatMember")
def restrict_chat_member(query: Query) -> bool:
    """Take permissions from someone, or give them back."""
    given = permissions(query)
    chat, member = target(query, NARROW, NOT_NARROW)
    check_restrict(query, chat, member)
    before, inside = member.view(chat.kind), member.present
    member.permissions, member.inside = given, inside
    free = Standing.MEMBER if inside else Standing.LEFT
    member.standing = free if given == frozenset(PERMISSIONS) else Standing.RESTRICTED
    set_term(query.world, member, int(query.get("until_date", 0)))
    tell(query.world, chat, member, before, query.world.bot)
    return True


def permissions(query: Query) -> frozenset[str]:
    """Read permissions, some of which bring others with them."""
    given = query.need("permissions")
    asked = {name for name in PERMISSIONS if given.get(name)}
    if query.get("use_independent_chat_permissions"):
        return frozenset(asked)
    brought = {name for one in asked for name in BRINGS.get(one, ())}
    return frozenset(asked | brought)


@method("setChatPermissions")
def set_chat_permissions(query: Query) -> bool:
    """Say what ordinary members may do."""
    given = permissions(query)
    chat = query.chat(Access.WRITE)
    refusal = "not enough rights to change chat permissions"  # tdlib
    access.check_right(query.world, chat, "can_restrict_members", refusal)
    if given == chat.permissions:
        raise errors.bad_request("CHAT_NOT_MODIFIED")  # seen
    chat.permissions = given
    return True


@method("promoteChatMember")
def promote_chat_member(query: Query) -> bool:
    """Make someone an administrator, or an ordinary member again."""
    chat, member = target(query, WIDE, NOT_WIDE)
    every = RIGHTS + (CHANNEL_RIGHTS if chat.kind is Kind.CHANNEL else GROUP_RIGHTS)
    rights = frozenset(name for name in every if query.get(name))
    check_promote(query, chat, member, rights)
    standing = Standing.ADMINISTRATOR if rights or query.get("is_anonymous") else Standing.MEMBER
    member.editable, member.anonymous = True, bool(query.get("is_anonymous"))
    move(query.world, chat, member.user, standing, by=query.world.bot, rights=rights)
    return True


def check_promote(query: Query, chat: Chat, member: Member, rights: frozenset[str]) -> None:
    """Refuse to promote or demote who is out of reach, or to more than the bot is itself."""
    own = access.member(query.world, chat)
    if member.standing is Standing.CREATOR:
        raise errors.bad_request("can't remove chat owner")  # tdlib
    if member is own:
        raise errors.bad_request("can't promote self")  # tdlib
    if not own.may("can_promote_members"):
        raise errors.bad_request("not enough rights")  # tdlib
    if not member.present:
        raise errors.bad_request("USER_NOT_PARTICIPANT")  # seen
    if member.admin and not member.editable:
        raise errors.bad_request("CHAT_ADMIN_REQUIRED")  # seen
    if not all(own.may(right) for right in rights):
        raise errors.bad_request("RIGHT_FORBIDDEN")  # seen


@method("setChatAdministratorCustomTitle")
def set_chat_administrator_custom_title(query: Query) -> bool:
    """Give an administrator a title (server, process_set_chat_administrator_custom_title)."""
    _, member = target(query, NARROW, NOT_NARROW)
    if member.standing is Standing.CREATOR:
        raise errors.bad_request("only creator can edit their custom title")
    if not member.admin:
        raise errors.bad_request("user is not an administrator")
    if not member.editable:
        raise errors.bad_request("not enough rights to change custom title of the user")
    member.title = str(query.get("custom_title", ""))[:TITLE] or None
    return True
