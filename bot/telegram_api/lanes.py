"""Who waits: tickets, and a lane for each chat."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from heapq import heappop
from typing import Any, TypeAlias

from msgspec import Struct

from bot.services.outcomes import Priority
from bot.telegram_api.pacing import ChatPace

Chat: TypeAlias = int | str
Answer: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]
Turn: TypeAlias = asyncio.Future[Answer | None]


class Cause(StrEnum):
    """What a request waits for."""

    BOT_HALTED = "flood wait of the bot"
    CHAT_HALTED = "flood wait of the chat"
    GROUP_RATE = "messages a minute in the group"
    CHAT_RATE = "messages a second in the chat"
    BOT_RATE = "messages a second of the bot"


class Waiting(Struct, frozen=True):
    """One request that waits: since how long, for how long still, and why; in seconds."""

    chat: Chat
    method: str
    priority: Priority
    waited: float
    left: float
    cause: Cause


class Ask(Struct, frozen=True):
    """What the limiter needs to know of a request."""

    chat: Chat
    method: str
    priority: Priority
    cost: int
    paced: bool
    edits: int | None = None


class Ticket:
    """A place in a line; *turn* gives None when it has come.

    Where a newer edit of the same message supersedes this one, *turn* gives that one's answer.
    """

    __slots__ = (
        "ask",
        "cause",
        "deadline",
        "followers",
        "number",
        "since",
        "superseded",
        "turn",
    )

    def __init__(self, number: int, ask: Ask, since: float, deadline: float, turn: Turn) -> None:
        self.number = number
        self.ask = ask
        self.since = since
        self.deadline = deadline
        self.turn = turn
        self.cause: Cause | None = None
        self.superseded = False
        self.followers: list[Turn] = []

    def __lt__(self, other: Ticket) -> bool:
        return (self.ask.priority, self.number) < (other.ask.priority, other.number)

    @property
    def waits(self) -> bool:
        """Tell whether its turn is still to come."""
        return not (self.superseded or self.turn.done())


class Lane:
    """The line of one chat, with its budget and its flood wait."""

    def __init__(self, chat: Chat) -> None:
        self.pace = ChatPace(group=isinstance(chat, str) or chat < 0)
        self.halted_until = float("-inf")
        self.queue: list[Ticket] = []
        self.timer = float("inf")

    def head(self) -> Ticket | None:
        """Give the first that still waits."""
        while self.queue and not self.queue[0].waits:
            heappop(self.queue)
        return self.queue[0] if self.queue else None

    def ready_at(self, ask: Ask) -> float:
        """Give the moment at which *ask* may go, as far as its chat is concerned."""
        return max(self.halted_until, self.pace.ready_at) if ask.paced else self.halted_until

    def forgotten_at(self) -> float:
        """Give the moment from which an empty lane need not be kept."""
        return max(self.halted_until, self.pace.forgotten_at)

    def cause(self, ask: Ask, now: float) -> Cause | None:
        """Say what keeps *ask* from going now, if it is its chat."""
        if self.halted_until > now:
            return Cause.CHAT_HALTED
        if not ask.paced:
            return None
        if self.pace.minute_over > max(now, self.pace.second_over):
            return Cause.GROUP_RATE
        return Cause.CHAT_RATE if self.pace.second_over > now else None
