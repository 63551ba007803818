"""Who waits: tickets, and a lane for each chat."""

from __future__ import annotations

import asyncio
from enum import StrEnum
from heapq import heappop, heappush
from typing import Any, TypeAlias

from msgspec import Struct

from bot.services.outcomes import Priority
from bot.telegram_api.asking import Ask, Chat
from bot.telegram_api.pacing import ChatPace

Answer: TypeAlias = bool | dict[str, Any] | list[dict[str, Any]]
Turn: TypeAlias = asyncio.Future[Answer | None]

# So many answers may go before a post that came to its chat earlier: a lively group gets it too.
_MOST_OVERTAKING = 5


class Cause(StrEnum):
    """What a request waits for."""

    BOT_HALTED = "flood wait of the bot"
    CHAT_HALTED = "flood wait of the chat"
    GROUP_RATE = "messages a minute in the group"
    CHAT_RATE = "messages a second in the chat"
    BOT_RATE = "messages a second of the bot"


class Waiting(Struct, frozen=True):
    """One request that waits: since how long, for how long still at the least, in seconds; why."""

    chat: Chat
    method: str
    priority: Priority
    waited: float
    left: float
    cause: Cause


class Ticket:
    """A place in a line; *turn* gives None when it has come.

    Where a newer edit of the same message supersedes this one, *turn* gives that one's answer.
    """

    __slots__ = (
        "admitted",
        "ask",
        "cause",
        "deadline",
        "followers",
        "number",
        "since",
        "superseded",
        "turn",
    )

    def __init__(
        self,
        number: int,
        ask: Ask,
        since: float,
        deadline: float,
        turn: Turn,
        followers: list[Turn],
    ) -> None:
        self.number = number
        self.ask = ask
        self.since = since
        self.deadline = deadline
        self.turn = turn
        self.cause: Cause | None = None
        self.admitted = False
        self.superseded = False
        self.followers = followers

    def __lt__(self, other: Ticket) -> bool:
        mine, theirs = self.ask.priority, other.ask.priority
        return self.number < other.number if mine is theirs else mine < theirs

    @property
    def waits(self) -> bool:
        """Tell whether its turn is still to come."""
        return not (self.superseded or self.turn.done())


class Lane:
    """The line of one chat, with its budget and its flood wait."""

    def __init__(self, chat: Chat) -> None:
        self.pace = ChatPace(group=isinstance(chat, str) or chat < 0)
        self.halted_until = float("-inf")
        self.timer = float("inf")
        self._queue: list[tuple[int, Ticket]] = []
        self._came = 0

    def __len__(self) -> int:
        return len(self._queue)

    def join(self, ticket: Ticket) -> None:
        """Stand in line: people's answers before posts, but not for ever."""
        self._came += 1
        behind = 0 if ticket.ask.priority is Priority.REPLY else _MOST_OVERTAKING
        heappush(self._queue, (self._came + behind, ticket))

    def replace(self, older: Ticket, newer: Ticket) -> None:
        """Give *newer* the place of *older*, and its answer to whoever waits for that one's."""
        newer.followers += [*older.followers, older.turn]
        older.superseded = True
        rank = next(rank for rank, ticket in self._queue if ticket is older)
        newer.number = min(newer.number, older.number)
        heappush(self._queue, (rank, newer))

    def head(self) -> Ticket | None:
        """Give the first that still waits."""
        while self._queue and not self._queue[0][1].waits:
            heappop(self._queue)
        return self._queue[0][1] if self._queue else None

    def leave(self) -> None:
        """Let the first go."""
        heappop(self._queue)

    def waiting(self) -> list[Ticket]:
        """Give all that wait, the first in line first."""
        return [ticket for _, ticket in sorted(self._queue) if ticket.waits]

    def editing(self, ask: Ask) -> Ticket | None:
        """Find the edit of the same kind and message which waits."""
        if ask.edits is None:
            return None
        same = (ask.method, ask.edits)
        waiting = (one for _, one in self._queue if one.waits)
        return next((one for one in waiting if (one.ask.method, one.ask.edits) == same), None)

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
