"""What people do in the page with messages that are there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox import inbox, posting
from bot.sandbox.local import read, reply
from bot.sandbox.nouns import Chat, Json, Post, User

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox

LONGEST = 4096


class Changes:
    """Let the person that the page plays edit, delete, forward, pin and react."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._world = sandbox.world

    async def edit(self, request: web.Request) -> web.StreamResponse:
        """Change one's own words."""
        wish = await read(request)
        post = self._post(wish)
        if post.sender is not self._user(wish) or "forward_origin" in post.extra:
            raise LookupError("that is not one's own")
        posting.change(self._world, post, reworded(post, str(wish["text"])), post.markup)
        inbox.tell(self._world, post)
        return reply({})

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """Take a message away: one's own, or any where one is in charge."""
        wish = await read(request)
        post, user = self._post(wish), self._user(wish)
        if post.sender is not user and not in_charge(post.chat, user):
            raise LookupError("that is not one's own")
        posting.remove(self._world, [post])
        return reply({})

    async def forward(self, request: web.Request) -> web.StreamResponse:
        """Send a message on to another chat."""
        wish = await read(request)
        post, user = self._post(wish), self._user(wish)
        chat = self._world.chats[int(wish["to"])]
        source = {"forward_origin": post.extra.get("forward_origin") or posting.origin(post)}
        inbox.post(self._world, user, chat, dict(post.content), extra=source)
        return reply({})

    async def pin(self, request: web.Request) -> web.StreamResponse:
        """Pin a message, or unpin it."""
        wish = await read(request)
        post, user = self._post(wish), self._user(wish)
        if not in_charge(post.chat, user):
            raise LookupError("one is not in charge there")
        if wish["pinned"]:
            self._pin(post, user)
        else:
            post.chat.pinned.remove(post.id)
        self._world.tell("pinned", post.chat, {"message_ids": list(post.chat.pinned)})
        return reply({})

    async def react(self, request: web.Request) -> web.StreamResponse:
        """React to a message with an emoji, or take that back with none."""
        wish = await read(request)
        emoji = str(wish["emoji"] or "")
        reactions = [{"type": "emoji", "emoji": emoji}] if emoji else []
        inbox.react(self._world, self._user(wish), self._post(wish), reactions)
        return reply({})

    def _pin(self, post: Post, user: User) -> None:
        if post.id in post.chat.pinned:
            return
        post.chat.pinned.append(post.id)
        line = {"pinned_message": post.view(nested=True)}
        inbox.tell(
            self._world, posting.serve(self._world, post.chat, user, line, thread=post.thread)
        )

    def _user(self, wish: Json) -> User:
        return self._world.users[int(wish["person"])]

    def _post(self, wish: Json) -> Post:
        return self._world.chats[int(wish["chat"])].posts[int(wish["message_id"])]


def in_charge(chat: Chat, user: User) -> bool:
    """Tell whether someone may do with all messages of a chat as with their own."""
    member = chat.members.get(user.id)
    return chat.id == user.id or (member is not None and member.admin)


def reworded(post: Post, text: str) -> Json:
    """Give a message's content with other words: its text, or the caption of what it carries."""
    if not 0 < len(text) <= LONGEST:
        raise ValueError(f"a message has 1 to {LONGEST} characters")
    if "text" in post.content:
        return inbox.text_content(text)
    return {key: post.content[key] for key in post.content if "caption" not in key} | caption(text)


def caption(text: str) -> Json:
    """Read what a person typed below a picture or file."""
    named = {"text": "caption", "entities": "caption_entities"}
    return {named[key]: value for key, value in inbox.text_content(text).items()}
