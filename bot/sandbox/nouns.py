"""The nouns of the sandbox and how the Bot API shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

# docs, ChatPermissions: what an ordinary member may do.
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
# docs, ChatMemberAdministrator: the rights that every kind of chat has.
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
# docs, ChatMemberAdministrator: the rights that exist only in groups, or only in channels.
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics", "can_manage_tags")
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")


class Kind(StrEnum):
    """What a chat is."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class Standing(StrEnum):
    """What someone is in a chat."""

    CREATOR = "creator"
    ADMINISTRATOR = "administrator"
    MEMBER = "member"
    RESTRICTED = "restricted"
    LEFT = "left"
    KICKED = "kicked"


PRESENT = frozenset(
    {Standing.CREATOR, Standing.ADMINISTRATOR, Standing.MEMBER, Standing.RESTRICTED}
)
ADMINS = frozenset({Standing.CREATOR, Standing.ADMINISTRATOR})


@dataclass(slots=True)
class User:
    """A person, or the bot."""

    id: int
    first_name: str
    username: str | None = None
    language: str | None = None
    is_bot: bool = False
    deactivated: bool = False

    def view(self) -> Json:
        """Show the user as the Bot API does."""
        shown: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            shown["username"] = self.username
        if self.language:
            shown["language_code"] = self.language
        return shown


@dataclass(slots=True)
class Member:
    """Someone's place in a chat."""

    user: User
    standing: Standing = Standing.MEMBER
    rights: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset(PERMISSIONS)
    title: str | None = None
    until: int = 0
    spoke_at: float = 0.0
    # Who is restricted may have left.
    inside: bool = True
    anonymous: bool = False
    # Whether the bot made this administrator, and so may change what it made.
    editable: bool = False

    @property
    def present(self) -> bool:
        """Tell whether the chat's messages reach this member."""
        return self.standing in PRESENT and (self.inside or self.admin)

    @property
    def admin(self) -> bool:
        """Tell whether this member administers the chat."""
        return self.standing in ADMINS

    def may(self, right: str) -> bool:
        """Tell whether this member has an administrator's *right*."""
        return self.standing is Standing.CREATOR or (self.admin and right in self.rights)

    def view(self, kind: Kind) -> Json:
        """Show the member as the Bot API does (docs, ChatMember)."""
        shown: Json = {"status": self.standing.value, "user": self.user.view()}
        if self.standing is Standing.CREATOR:
            shown["is_anonymous"] = self.anonymous
        elif self.standing is Standing.ADMINISTRATOR:
            shown |= {"can_be_edited": self.editable, "is_anonymous": self.anonymous}
            shown |= self._rights(kind)
        elif self.standing is Standing.RESTRICTED:
            shown |= {"is_member": self.inside, "until_date": self.until}
            shown |= {name: name in self.permissions for name in PERMISSIONS}
        elif self.standing is Standing.KICKED:
            shown["until_date"] = self.until
        if self.title and self.admin:
            shown["custom_title"] = self.title
        return shown

    def _rights(self, kind: Kind) -> Json:
        own = CHANNEL_RIGHTS if kind is Kind.CHANNEL else GROUP_RIGHTS
        return {name: name in self.rights for name in RIGHTS + own}


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is that of the message that opened it."""

    id: int
    name: str
    color: int = 0x6FB9F0
    emoji: str | None = None
    closed: bool = False
    hidden: bool = False
    by: int = 0


@dataclass(slots=True)
class Link:
    """An invite link of the bot's: as the Bot API shows it, and how many came by it."""

    chat: Chat
    view: Json
    joined: int = 0


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat, group or channel, with everything in it."""

    id: int
    kind: Kind
    title: str
    username: str | None = None
    about: str | None = None
    photo: Json | None = None
    forum: bool = False
    slow_mode: int = 0
    blocked: bool = False
    started: bool = True
    # A bot may write to who asks to join for some minutes.
    open_until: float = 0.0
    migrated_to: int | None = None
    permissions: frozenset[str] = frozenset(PERMISSIONS)
    members: dict[int, Member] = field(default_factory=dict)
    posts: dict[int, Post] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    general: Topic = field(default_factory=lambda: Topic(1, "General"))
    pinned: list[int] = field(default_factory=list)
    # Who asks to join, and by which link.
    requests: dict[int, Link] = field(default_factory=dict)
    # The first message of a group is that of its founding; topic 1 is the General one.
    next_id: int = 2

    @property
    def private(self) -> bool:
        """Tell whether the chat is one person's with the bot."""
        return self.kind is Kind.PRIVATE

    def view(self) -> Json:
        """Show the chat as the Bot API does."""
        name = "first_name" if self.private else "title"
        shown: Json = {"id": self.id, "type": self.kind.value, name: self.title}
        if self.username:
            shown["username"] = self.username
        if self.forum:
            shown["is_forum"] = True
        return shown


@dataclass(slots=True, eq=False)
class Post:
    """A message as it stands in a chat; *changed* counts the chats' changes, for who waits."""

    id: int
    chat: Chat
    sender: User | None
    date: int
    content: Json
    markup: Json | None = None
    thread: int | None = None
    reply: Post | None = None
    # What the bot knows a message by that someone sent with its inline result.
    inline_id: str | None = None
    extra: Json = field(default_factory=dict)
    edited: int | None = None
    changed: int = 0
    service: bool = False
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    votes: dict[int, list[int]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The words: of the text or of the caption."""
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        """The entities of the text or of the caption."""
        return list(self.content.get("entities") or self.content.get("caption_entities") or ())

    @property
    def inline_markup(self) -> Json | None:
        """The buttons under the message; a reply keyboard is not part of it."""
        return self.markup if self.markup and "inline_keyboard" in self.markup else None

    def view(self, *, nested: bool = False) -> Json:
        """Show the message as the Bot API does; a *nested* one without what it replies to."""
        shown: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.view()}
        if self.sender is not None and self.chat.kind is not Kind.CHANNEL:
            shown["from"] = self.sender.view()
        if self.chat.kind is Kind.CHANNEL:
            shown["sender_chat"] = self.chat.view()
        if self.thread is not None:
            shown |= {"message_thread_id": self.thread, "is_topic_message": True}
        if self.edited is not None:
            shown["edit_date"] = self.edited
        if self.reply is not None and not nested:
            shown["reply_to_message"] = self.reply.view(nested=True)
        if self.inline_markup:
            shown["reply_markup"] = self.inline_markup
        return shown | self.extra | self.content
