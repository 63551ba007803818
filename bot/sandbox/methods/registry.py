"""Where the methods enter themselves, and what each is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import access, errors
from bot.sandbox.access import Access
from bot.sandbox.files import Upload
from bot.sandbox.nouns import Chat, Json, Post
from bot.sandbox.schema import schema
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Query:
    """One query: its parameters, already of the right types, and the files that came with it."""

    world: World
    method: str
    params: Json
    files: Mapping[str, Upload] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        """Read a parameter."""
        return self.params.get(name, default)

    def need(self, name: str) -> Any:
        """Read a parameter that the query cannot do without."""
        if name not in self.params:
            # server, get_required_string_arg
            raise errors.bad_request(f'parameter "{name}" is required')
        return self.params[name]

    def chat(self, closeness: Access, name: str = "chat_id") -> Chat:
        """Find the chat that is addressed, if the bot may come that close to it."""
        chat = self.world.chat(self.get(name, ""))
        access.check(self.world, chat, closeness)
        return chat

    def post(self, chat: Chat, purpose: str) -> Post:
        """Find the message that is meant, *purpose* being what the refusal names."""
        post = chat.posts.get(int(self.get("message_id", 0)))
        if post is None or not access.sees_messages(self.world, chat):
            raise errors.bad_request(f"{purpose} not found")  # server, check_message
        return post

    def user_id(self) -> int:
        """Read whom the query is about."""
        number = int(self.get("user_id", 0))
        if number <= 0:
            raise errors.bad_request("invalid user_id specified")  # server, get_user_id
        return number


@dataclass(frozen=True, slots=True)
class Remark:
    """A result that is only *true*, and what Telegram says besides."""

    words: str


Method = Callable[[Query], Any]
METHODS: dict[str, Method] = {}


def method(*names: str) -> Callable[[Method], Method]:
    """Enter a function under the *names* of methods that it serves."""

    def enter(function: Method) -> Method:
        """Enter the function under each name."""
        for name in names:
            if name not in schema().methods:
                raise LookupError(f"Bot API {schema().version} has no method {name}")
            METHODS[name] = function
        return function

    return enter
