"""Groups and channels, in the hands of those who run them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox import inbox
from bot.sandbox.membership import move
from bot.sandbox.nouns import ADMINS, Chat, Json, Kind, Member, Standing, Topic, User
from bot.sandbox.posting import delete_topic, open_topic, serve
from bot.sandbox.views import MessageView
from bot.sandbox.world import World

if TYPE_CHECKING:
    from bot.sandbox.people import Person


# Telegram's own account for service notices: who acts where no person is.
HOST = User(777000, "Telegram")


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """One group or channel."""

    world: World
    chat: Chat

    @property
    def id(self) -> int:
        """The chat's id."""
        return self.chat.id

    @property
    def messages(self) -> list[MessageView]:
        """All that stands in the chat, in order."""
        return [MessageView.of(post) for post in self.chat.posts.values()]

    def has_owner(self, person: Person) -> None:
        """Make a person the owner."""
        self.chat.members[person.id] = Member(person.user, Standing.CREATOR)

    def has_member(self, person: Person) -> None:
        """Count a person among the members from the start, without a word."""
        self.chat.members[person.id] = Member(person.user)

    def has_admin(self, person: Person, *rights: str) -> None:
        """Make a person an administrator."""
        standing = Standing.ADMINISTRATOR
        move(
            self.world, self.chat, person.user, standing, by=self._boss(), rights=frozenset(rights)
        )

    def kicks_bot(self) -> None:
        """Put the bot out."""
        self._place_bot(Standing.KICKED)

    def removes_bot(self) -> None:
        """Take the bot out; it may come again."""
        self._place_bot(Standing.LEFT)

    def adds_bot(self, *rights: str) -> None:
        """Let the bot in, as an administrator if it gets rights."""
        self._place_bot(Standing.ADMINISTRATOR if rights else Standing.MEMBER, frozenset(rights))

    def mutes_members(self) -> None:
        """Let only administrators write."""
        self.chat.permissions = frozenset()

    def opens_topic(self, name: str) -> int:
        """Open a forum topic, and return its id."""
        self.chat.forum = True
        shown = {"name": name, "icon_color": Topic(0, name).color}
        post = open_topic(self.world, self.chat, self._boss(), shown)
        inbox.tell(self.world, post)
        return post.id

    def closes_topic(self, topic: int) -> None:
        """Close a topic to members."""
        self.chat.topics[topic].closed = True
        line: Json = {"forum_topic_closed": {}}
        inbox.tell(self.world, serve(self.world, self.chat, self._boss(), line, thread=topic))

    def deletes_topic(self, topic: int) -> None:
        """Delete a topic with all that is in it."""
        delete_topic(self.world, self.chat, topic)

    def migrates(self) -> Group:
        """Turn a basic group into a supergroup with another id (docs, ResponseParameters)."""
        old = self.chat
        new = self.world.new_chat(old.title, Kind.SUPERGROUP)
        new.members = old.members
        old.migrated_to = new.id
        boss = self._boss()
        inbox.tell(self.world, serve(self.world, old, boss, {"migrate_to_chat_id": new.id}))
        inbox.tell(self.world, serve(self.world, new, boss, {"migrate_from_chat_id": old.id}))
        return Group(self.world, new)

    def _boss(self) -> User:
        """Name who runs the chat: its owner or first human administrator."""
        people = [member for member in self.chat.members.values() if not member.user.is_bot]
        admins = [member for member in people if member.standing in ADMINS]
        return (admins or people or [Member(HOST)])[0].user

    def _place_bot(self, standing: Standing, rights: frozenset[str] = frozenset()) -> None:
        move(self.world, self.chat, self.world.bot, standing, by=self._boss(), rights=rights)
