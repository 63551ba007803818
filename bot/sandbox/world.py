"""People, chats and what is in them: the state of the sandbox. No HTTP."""

from __future__ import annotations

import re
from itertools import count

from bot.sandbox import errors
from bot.sandbox.clock import Clock
from bot.sandbox.events import Events
from bot.sandbox.files import Files
from bot.sandbox.nouns import (
    GROUP_RIGHTS,
    RIGHTS,
    Chat,
    Json,
    Kind,
    Link,
    Member,
    Post,
    Standing,
    User,
)
from bot.sandbox.profile import Profile
from bot.sandbox.questions import Offer, Questions
from bot.sandbox.updates import Updates
from bot.sandbox.webhook import Webhook

BOT = User(424242, "Digest Sandbox", "digest_sandbox_bot", is_bot=True)
# Well formed, and plainly no secret.
TOKEN = f"{BOT.id}:SANDBOX-token-that-opens-nothing-000000"
# As long as the ids of chats can be.
NUMBER = re.compile(r"-?[0-9]{1,19}")


class World:
    """Everything that Telegram's server knows."""

    def __init__(self, clock: Clock, *, privacy: bool = True) -> None:
        self.clock = clock
        self.privacy = privacy
        self.bot = BOT
        self.token = TOKEN
        self.events = Events()
        self.updates = Updates(clock.now)
        self.webhook = Webhook(clock.now)
        self.questions = Questions(clock.now)
        self.files = Files()
        self.profile = Profile()
        self.users: dict[int, User] = {BOT.id: BOT}
        self.chats: dict[int, Chat] = {}
        self.links: dict[str, Link] = {}
        self.inline: dict[str, Post] = {}
        self.offers: dict[int, Offer] = {}
        # When bans and restrictions end, and whose they are.
        self.terms: list[tuple[float, Member]] = []
        self.changes = 0
        self._names: dict[str, Chat] = {}
        self._user_ids = count(7_000_001)
        self._group_ids = count(1)
        # docs, Message: ids are unique within a chat; those of private chats and groups are shared.
        self._shared_ids = count(1)

    def new_person(self, name: str, username: str | None, language: str | None) -> User:
        """Let a person register; their private chat with the bot is there, not yet started."""
        user = User(next(self._user_ids), name, username, language)
        self.users[user.id] = user
        chat = Chat(user.id, Kind.PRIVATE, name, username, started=False)
        chat.members = {one.id: Member(one) for one in (user, self.bot)}
        self.add_chat(chat)
        return user

    def new_chat(self, title: str, kind: Kind, username: str | None = None) -> Chat:
        """Found a group or channel, with the bot as an administrator."""
        number = next(self._group_ids)
        chat_id = -5_000_000 - number if kind is Kind.GROUP else -1_001_000_000_000 - number
        chat = Chat(chat_id, kind, title, username)
        rights = frozenset(RIGHTS + GROUP_RIGHTS + ("can_post_messages", "can_edit_messages"))
        chat.members[self.bot.id] = Member(self.bot, Standing.ADMINISTRATOR, rights)
        self.add_chat(chat)
        return chat

    def add_chat(self, chat: Chat) -> None:
        """Make a chat known by its id and name."""
        self.chats[chat.id] = chat
        if chat.username:
            self._names[chat.username.lower()] = chat

    def named(self, name: str) -> Chat | None:
        """Find a chat by its public name."""
        return self._names.get(name.removeprefix("@").lower())

    def chat(self, address: int | str) -> Chat:
        """Find the chat that the bot addresses, by id or public name."""
        chat = self._find(address)
        if chat is None or not self._met(chat):
            raise errors.bad_request("chat not found")  # server, check_chat
        return chat

    def user(self, user_id: int) -> User:
        """Find a user by id."""
        if user_id not in self.users:
            raise errors.bad_request("user not found")  # server, check_user
        return self.users[user_id]

    def addressed(self, given: Json) -> frozenset[str]:
        """Name the chat that a call concerns, in all ways: for answers, that of who asked."""
        asked = given.get("callback_query_id") or given.get("inline_query_id")
        user = self.questions.asker(str(asked)) if asked else None
        number = user.id if user else given.get("chat_id")
        try:
            chat = self._find(number) if isinstance(number, int | str) else None
        except errors.ApiError:
            chat = None
        names = {str(number)} if chat is None else {str(chat.id), f"@{chat.username}"}
        return frozenset(name.lower() for name in names)

    def next_message_id(self, chat: Chat) -> int:
        """Number the next message of a chat."""
        if chat.kind in (Kind.PRIVATE, Kind.GROUP):
            return next(self._shared_ids)
        number = chat.next_id
        chat.next_id += 1
        return number

    def now(self) -> int:
        """Tell the time as messages carry it."""
        return int(self.clock.now())

    def change(self) -> int:
        """Count a change of a chat."""
        self.changes += 1
        return self.changes

    def tell(self, kind: str, chat: Chat, data: Json) -> None:
        """Publish what happened in a chat."""
        self.events.publish(kind, {"chat": chat.id} | data)

    def _met(self, chat: Chat) -> bool:
        """Tell whether the bot ever met a person: in private, or in or before a group (seen)."""
        if chat.started:
            return True
        groups = (group for group in self.chats.values() if not group.private)
        return chat.open_until > 0 or any(chat.id in group.members for group in groups)

    def _find(self, address: int | str) -> Chat | None:
        if isinstance(address, str):
            text = address.strip()
            if not text:
                raise errors.bad_request("chat_id is empty")  # server, check_chat
            if not NUMBER.fullmatch(text):
                chat = self.named(text) if text[0] == "@" else None
                # docs, sendMessage: a name addresses channels and supergroups, never people.
                return None if chat is None or chat.private else chat
            address = int(text)
        return self.chats.get(address)
