"""People who talk to the bot: for tests, the terminal and scripts."""

from __future__ import annotations

import asyncio
import mimetypes
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox import inbox, joining, posting, pressing
from bot.sandbox.contents import file_content
from bot.sandbox.files import Upload
from bot.sandbox.hindrances import HeldBackError
from bot.sandbox.membership import come_or_go, move
from bot.sandbox.nouns import Chat, Json, Post, Standing, User
from bot.sandbox.posting import serve
from bot.sandbox.pressing import Answer
from bot.sandbox.views import MessageView
from bot.sandbox.world import World

if TYPE_CHECKING:
    from bot.sandbox.groups import Group

# Only what never comes takes this long; a slow machine must not be taken for a silent bot.
PATIENCE = 60.0
PIECE = 4096


class NotSeenError(AssertionError):
    """Nobody saw what was waited for; the message is what they saw instead."""


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """One person; each act is what a client of Telegram's would do."""

    world: World
    user: User
    _since: dict[int, int]

    @property
    def id(self) -> int:
        """The person's id, which is that of the private chat too."""
        return self.user.id

    @property
    def private(self) -> Chat:
        """The private chat with the bot."""
        return self.world.chats[self.user.id]

    @property
    def messages(self) -> list[MessageView]:
        """All that stands in the private chat."""
        return [MessageView.of(post) for post in self.private.posts.values()]

    async def says(
        self,
        text: str,
        chat: Group | None = None,
        *,
        reply_to: MessageView | None = None,
        thread: int | None = None,
    ) -> None:
        """Send words, as several messages where they are too long for one."""
        place = await self._enter(chat)
        reply = place.posts.get(reply_to.message_id) if reply_to else None
        for start in range(0, len(text), PIECE):
            content = inbox.text_content(text[start : start + PIECE])
            inbox.post(self.world, self.user, place, content, reply, thread)

    async def edits(self, message: MessageView, text: str) -> None:
        """Change one's own words."""
        post = self.world.chats[message.chat_id].posts[message.message_id]
        if post.sender is not self.user:
            raise HeldBackError("the message is someone else's")
        posting.change(self.world, post, inbox.text_content(text), None)
        inbox.tell(self.world, post)

    async def reacts(self, message: MessageView, emoji: str) -> None:
        """React to a message."""
        post = self.world.chats[message.chat_id].posts[message.message_id]
        inbox.react(self.world, self.user, post, [{"type": "emoji", "emoji": emoji}])

    async def sends_document(
        self,
        name: str,
        content: bytes,
        caption: str = "",
        chat: Group | None = None,
        thread: int | None = None,
    ) -> None:
        """Send a file."""
        await self.sends_file("document", name, content, caption, chat, thread)

    async def sends_file(
        self,
        kind: str,
        name: str,
        content: bytes,
        caption: str = "",
        chat: Group | None = None,
        thread: int | None = None,
    ) -> None:
        """Send a photo, video, audio, voice, animation, sticker, video_note or document."""
        guessed = mimetypes.guess_type(name)[0] or "text/plain"
        file = self.world.files.add(Upload(name, guessed, content))
        shown = file_content(kind, file, {"file_name": name})
        await self.sends(shown | ({"caption": caption} if caption else {}), chat, thread)

    async def sends(
        self, content: Json, chat: Group | None = None, thread: int | None = None
    ) -> None:
        """Send anything, such as a location or a contact, as the Bot API would show it."""
        place = await self._enter(chat)
        inbox.post(self.world, self.user, place, content, thread=thread)

    async def sees(
        self, text: str, within: float = PATIENCE, *, in_: Group | None = None
    ) -> MessageView:
        """Wait for the bot's message or edit with *text*, newer than one's own last act there."""
        chat = self._chat(in_)
        try:
            async with asyncio.timeout(within):
                return MessageView.of(await self._wait_for(text, chat))
        except TimeoutError:
            raise NotSeenError(self._complaint(text, chat)) from None

    async def presses(
        self, message: MessageView, label: str, within: float = PATIENCE
    ) -> Answer | None:
        """Press a button; return the bot's answer, None if it gave none in time."""
        chat = self.world.chats[message.chat_id]
        button = pressing.find(chat.posts.get(message.message_id), label)
        return await self.presses_button(message, button, within)

    async def presses_button(
        self, message: MessageView, button: Json, within: float = PATIENCE
    ) -> Answer | None:
        """Press a button that was found already; a link that starts the bot starts it."""
        payload = pressing.start_payload(self.world.bot, str(button.get("url", "")))
        if payload is not None:
            await self.says(f"/start {payload}".strip())
            return None
        chat = self.world.chats[message.chat_id]
        self._acts(chat)
        post = chat.posts[message.message_id]
        return await pressing.press(self.world, self.user, post, button, within)

    async def types_inline(
        self, words: str, within: float = PATIENCE, *, in_: Group | None = None
    ) -> list[Json]:
        """Type `@bot words`; return what the bot offers."""
        chat = self._chat(in_)
        return await pressing.type_inline(self.world, self.user, words, within, chat)

    async def scrolls_on(self, within: float = PATIENCE) -> list[Json]:
        """Scroll to the end of what the bot offered; return what comes next, if anything."""
        return await pressing.scroll_inline(self.world, self.user, within)

    async def chooses(self, result: Json, chat: Group | None = None) -> None:
        """Send what the bot offered inline."""
        place = await self._enter(chat)
        pressing.choose(self.world, self.user, place, result)

    async def blocks(self) -> None:
        """Block the bot."""
        self.private.blocked = True
        self._tell_block(Standing.KICKED)

    async def unblocks(self) -> None:
        """Let the bot write again."""
        self.private.blocked = False
        self._tell_block(Standing.MEMBER)

    async def joins(self, group: Group, link: str | None = None) -> None:
        """Join a group; by a *link* that wants approval one only asks to."""
        joining.come(self.world, group.chat, self.user, link)

    async def leaves(self, group: Group) -> None:
        """Leave a group."""
        line = {"left_chat_member": self.user.view()}
        inbox.tell(self.world, serve(self.world, group.chat, self.user, line))
        come_or_go(self.world, group.chat, self.user, inside=False)

    def deletes_account(self) -> None:
        """Leave Telegram for good."""
        self.user.deactivated = True

    def _chat(self, group: Group | None) -> Chat:
        return self.private if group is None else group.chat

    async def _enter(self, group: Group | None) -> Chat:
        """Be where one wants to speak: writing to the bot starts and unblocks the private chat."""
        chat = self._chat(group)
        if group is None:
            if chat.blocked:
                await self.unblocks()
            chat.started = True
        elif self.user.id not in chat.members or not chat.members[self.user.id].present:
            await self.joins(group)
        self._acts(chat)
        return chat

    def _acts(self, chat: Chat) -> None:
        self._since[chat.id] = self.world.changes

    def _tell_block(self, standing: Standing) -> None:
        move(self.world, self.private, self.world.bot, standing, by=self.user)

    async def _wait_for(self, text: str, chat: Chat) -> Post:
        since = self._since.get(chat.id, 0)
        with self.world.events.listening() as news:
            while True:
                for post in reversed(chat.posts.values()):
                    if post.changed > since and post.sender is self.world.bot and text in post.text:
                        return post
                await news.get()

    def _complaint(self, text: str, chat: Chat) -> str:
        shown = "\n".join(f"  {post.id}: {post.text!r}" for post in list(chat.posts.values())[-8:])
        return f"{self.user.first_name} did not see {text!r}; the chat's last messages:\n{shown}"
