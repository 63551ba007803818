"""The rate limiter: no request leaves before its chat and the bot may.

All happens on the event loop, in `_pump`: called when somebody comes, when a wait is over, and
when Telegram asks for patience. A budget is taken when a request goes, never before its wait.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeAlias

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter, ExtBot

from bot.services.outcomes import Priority
from bot.telegram_api.asking import Ask, Chat, read_ask
from bot.telegram_api.errors import Halted, seconds_of
from bot.telegram_api.floods import Floods
from bot.telegram_api.gates import Gate, Gates
from bot.telegram_api.lanes import Answer, Cause, Lane, Ticket, Turn, Waiting
from bot.telegram_api.pacing import CHAT_GAP

Request: TypeAlias = Callable[[], Coroutine[Any, Any, Answer]]

# A person's answer is of no use after half a minute; a broadcast comes back later by itself.
_PATIENCE = {Priority.REPLY: 30.0, Priority.BROADCAST: 5.0}
_LONGEST_LINE = 20
# Whoever may go within so much goes together: a loop that wakes for each message is slower.
_TICK = 0.004
_NEVER = float("-inf")
_FOREVER = float("inf")


class RateLimiter(BaseRateLimiter[Priority]):
    """Keeps all requests of the bot within Telegram's limits, people's answers first."""

    def __init__(self, rate: float) -> None:
        self.waited: defaultdict[Cause, float] = defaultdict(float)
        self._gates = Gates(rate)
        self._floods = Floods()
        self._numbers = count()
        self._lanes: dict[Chat, Lane] = {}
        self._timers: list[tuple[float, int, Chat]] = []
        self._timer: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """Need nothing: the first request sets it going."""

    async def shutdown(self) -> None:
        """Let go of the timer."""
        if self._timer is not None:
            self._timer.cancel()

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Priority | None,
    ) -> Answer:
        """Make the request when it may be made."""
        ask = read_ask(endpoint, data, rate_limit_args or Priority.REPLY)
        if ask is None:
            return await callback(*args, **kwargs)
        followers: list[Turn] = []
        try:
            answer = await self._carry_out(ask, followers, lambda: callback(*args, **kwargs))
        except BaseException as error:
            for follower in followers:
                _fail(follower, error)
            raise
        for follower in followers:
            if not follower.done():
                follower.set_result(answer)
        return answer

    async def _carry_out(self, ask: Ask, followers: list[Turn], request: Request) -> Answer:
        """Make the request; an answer to a person sits a short flood wait out."""
        deadline = self._time() + _PATIENCE[ask.priority]
        ticket: Ticket | None = None
        while True:
            if not self._is_free(ask):
                ticket = self._join(ask, deadline, followers, again=ticket is not None)
                answer = await self._turn(ticket)
                if answer is not None:
                    return answer
            try:
                return await request()
            except RetryAfter as error:
                until = self._time() + seconds_of(error)
                self._report(ask.chat, until)
                if ask.priority is Priority.BROADCAST or until > deadline:
                    raise

    def queued(self) -> int:
        """Count those who wait for nothing but the bot's own rate."""
        return sum(gate.queued for gate in self._gates.all)

    def resting(self) -> int:
        """Count the broadcasts' messages that wait for their chat, or behind another there."""
        return sum(gate.resting for gate in self._gates.all)

    def waiting(self) -> list[Waiting]:
        """Say who waits for what, and why; within a chat the first in line first."""
        now = self._time()
        return [
            self._describe(lane, ticket, place, now)
            for lane in self._lanes.values()
            for place, ticket in enumerate(lane.waiting())
        ]

    def _describe(self, lane: Lane, ticket: Ticket, place: int, now: float) -> Waiting:
        ask = ticket.ask
        place_over = place * CHAT_GAP if ask.paced else 0.0
        ready = max(lane.ready_at(ask) + place_over, self._open_at(self._gates.of(ask)))
        return Waiting(
            ask.chat,
            ask.method,
            ask.priority,
            waited=now - ticket.since,
            left=max(ready - now, 0.0),
            cause=self._cause(ask, lane, place, now),
        )

    def _cause(self, ask: Ask, lane: Lane, place: int, now: float) -> Cause:
        """Say what keeps *ask* for the longest, with so many before it in its lane."""
        if now < self._floods.over_at >= lane.ready_at(ask):
            return Cause.BOT_HALTED
        return lane.cause(ask, now) or (Cause.CHAT_RATE if place else Cause.BOT_RATE)

    # --- coming and going ---

    def _is_free(self, ask: Ask) -> bool:
        """Tell whether *ask* costs nothing and nothing is halted for it."""
        lane = self._lanes.get(ask.chat)
        halted_until = max(self._floods.over_at, lane.halted_until if lane else _NEVER)
        return not ask.cost and halted_until <= self._time()

    def _join(self, ask: Ask, deadline: float, followers: list[Turn], *, again: bool) -> Ticket:
        now = self._time()
        lane = self._lane(ask.chat)
        self._refuse_in_vain(ask, lane, now, deadline)
        turn: Turn = asyncio.get_running_loop().create_future()
        ticket = Ticket(next(self._numbers), ask, now, deadline, turn, followers)
        other = lane.editing(ask)
        if other is None:
            lane.join(ticket)
        elif again:
            other.followers += [*followers, turn]
        else:
            lane.replace(other, ticket)
        if lane.head() is ticket:
            self._look(ask.chat, lane, now)
            self._pump()
        return ticket

    def _lane(self, chat: Chat) -> Lane:
        lane = self._lanes.get(chat)
        if lane is None:
            lane = self._lanes[chat] = Lane(chat)
        return lane

    def _refuse_in_vain(self, ask: Ask, lane: Lane, now: float, deadline: float) -> None:
        """Refuse at once what would wait longer than its patience, so that lines stay short."""
        ready = max(lane.ready_at(ask), self._floods.over_at)
        crowded = len(lane) >= _LONGEST_LINE or self._gates.of(ask).is_crowded
        if ready > deadline or crowded:
            wait = max(ready - now, 1.0)
            raise Halted(wait, self._cause(ask, lane, len(lane), now))

    async def _turn(self, ticket: Ticket) -> Answer | None:
        """Wait; give the answer where a newer edit was made instead."""
        gate = self._gates.of(ticket.ask)
        gate.waiting[ticket.ask.priority] += 1
        try:
            return await ticket.turn
        finally:
            gate.waiting[ticket.ask.priority] -= 1
            if ticket.admitted:
                gate.leave(self._time(), ticket.ask.cost)

    # --- flood waits ---

    def _report(self, chat: Chat, until: float) -> None:
        """Halt *chat*, and the whole bot where several chats say the same at once."""
        now = self._time()
        lane = self._lane(chat)
        lane.halted_until = max(lane.halted_until, until)
        whole_bot = self._floods.report(chat, until, now)
        for halted in list(self._lanes.values()) if whole_bot else [lane]:
            self._send_away(halted, now)
        self._look(chat, lane, now)
        self._pump()

    def _send_away(self, lane: Lane, now: float) -> None:
        until = max(lane.halted_until, self._floods.over_at)
        for ticket in lane.waiting():
            if until > ticket.deadline:
                whole_bot = self._floods.over_at == until
                cause = Cause.BOT_HALTED if whole_bot else Cause.CHAT_HALTED
                ticket.turn.set_exception(Halted(until - now, cause))

    # --- the line moves ---

    def _wake(self) -> None:
        self._timer = None
        self._pump()

    def _pump(self) -> None:
        """Let go all that may go now, and come back when the next may."""
        now = self._time()
        while self._timers and self._timers[0][0] <= now:
            at, _, chat = heappop(self._timers)
            lane = self._lanes.get(chat)
            if lane is not None and lane.timer == at:
                lane.timer = _FOREVER
                self._look(chat, lane, now)
        for gate in self._gates.all:
            while gate.line and self._open_at(gate) <= now:
                self._admit(heappop(gate.line), gate, now)
        self._arm(now)

    def _admit(self, ticket: Ticket, gate: Gate, now: float) -> None:
        ask = ticket.ask
        lane = self._lanes.get(ask.chat)
        if lane is None:
            return  # whoever stood there went away, and the line is forgotten
        if lane.head() is ticket and lane.ready_at(ask) <= now:
            lane.leave()
            if ask.priority is Priority.BROADCAST:
                self.waited[ticket.cause or Cause.BOT_RATE] += now - ticket.since
            gate.take(now, ticket)
            if ask.paced:
                lane.pace.take(now, ask.cost)
            ticket.admitted = True
            ticket.turn.set_result(None)
        self._look(ask.chat, lane, now)

    def _look(self, chat: Chat, lane: Lane, now: float) -> None:
        """See what the lane of *chat* needs next: a turn, a timer, or nothing any more."""
        head = lane.head()
        at = lane.forgotten_at() if head is None else lane.ready_at(head.ask)
        if at > now:
            if head is not None:
                head.cause = lane.cause(head.ask, now)
            self._wake_at(at, chat, lane)
        elif head is not None:
            heappush(self._gates.of(head.ask).line, head)
        else:
            self._lanes.pop(chat, None)

    def _wake_at(self, at: float, chat: Chat, lane: Lane) -> None:
        if at != lane.timer:
            lane.timer = at
            heappush(self._timers, (at, next(self._numbers), chat))

    def _arm(self, now: float) -> None:
        at = self._timers[0][0] if self._timers else _FOREVER
        for gate in self._gates.all:
            if gate.line:
                at = min(at, self._open_at(gate))
        at = max(at, now + _TICK)
        if self._timer is not None:
            if self._timer.when() <= at:
                return
            self._timer.cancel()
            self._timer = None
        if at < _FOREVER:
            self._timer = asyncio.get_running_loop().call_at(at, self._wake)

    def _open_at(self, gate: Gate) -> float:
        """Give the moment at which *gate* lets the next through, as far as all chats go."""
        return max(gate.ready_at, self._floods.over_at)

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()


def limiter_of(bot: ExtBot[Priority]) -> RateLimiter:
    """Give the limiter that all requests of *bot* pass."""
    if not isinstance(bot.rate_limiter, RateLimiter):
        raise TypeError("messages are sent through the bot's own rate limiter")
    return bot.rate_limiter


def _fail(follower: Turn, error: BaseException) -> None:
    if follower.done():
        return
    if isinstance(error, asyncio.CancelledError):
        follower.cancel()
    else:
        follower.set_exception(error)
