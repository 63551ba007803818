"""Where the methods enter themselves, and what each is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import errors
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

    def chat(self, name: str = "chat_id") -> Chat:
        """Find the chat that is addressed."""
        return self.world.chat(self.get(name, ""))

    def message_id(self, name: str = "message_id") -> int:
        """Read the number of a message."""
        number = int(self.get(name, 0))
        if number <= 0:
            # server, check_message
            raise errors.bad_request("message identifier is not specified")
        return number

    def post(self, chat: Chat, purpose: str) -> Post:
        """Find the message that is meant, *purpose* being what the refusal names."""
        number = self.message_id()
        post = chat.posts.get(number)
        if post is None or post.service:
            raise errors.bad_request(f"{purpose} not found")  # server, check_message
        return post


Method = Callable[[Query], Any]
METHODS: dict[str, Method] = {}


def method(*names: str) -> Callable[[Method], Method]:
    """Enter a function under the *names* of methods that it serves."""

    def enter(function: Method) -> Method:
        for name in names:
            if name not in schema().methods:
                raise LookupError(f"Bot API {schema().version} has no method {name}")
            METHODS[name] = function
        return function

    return enter
