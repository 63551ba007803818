"""The rate limiter: no request leaves before its chat and the bot may.

All happens on the event loop, in `_pump`: called when somebody comes, when a wait is over, and
when Telegram asks for patience. A budget is taken when a request goes, never before its wait.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine
from heapq import heappop, heappush
from itertools import count
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.services.outcomes import Priority
from bot.telegram_api.errors import Halted, seconds_of
from bot.telegram_api.lanes import Answer, Ask, Cause, Chat, Lane, Ticket, Turn, Waiting
from bot.telegram_api.pacing import BotPace

# A person's answer is of no use after half a minute; a broadcast comes back later by itself.
_PATIENCE = {Priority.REPLY: 30.0, Priority.BROADCAST: 5.0}
_LONGEST_LINE = 20
# The whole bot is halted only if this many chats report a flood wait within so many seconds.
_REPORTS = 3
_AT_ONCE = 2.0
_NEVER = float("-inf")
_FOREVER = float("inf")
_COUNTED = ("send", "copy", "forward", "edit", "deleteMessages")


class RateLimiter(BaseRateLimiter[Priority]):
    """Keeps all requests of the bot within Telegram's limits, people's answers first."""

    def __init__(self, rate: float) -> None:
        self.waited: defaultdict[Cause, float] = defaultdict(float)
        self._pace = BotPace(rate)
        self._most_waiting = max(int(rate * _PATIENCE[Priority.REPLY]), 1)
        self._numbers = count()
        self._lanes: dict[Chat, Lane] = {}
        self._ready: list[Ticket] = []
        self._timers: list[tuple[float, int, Chat]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._waiting = 0
        self._halted_until = _NEVER
        self._reports: deque[tuple[float, Chat, float]] = deque(maxlen=100)

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
        ticket = None if self._is_free(ask) else self._join(ask)
        if ticket is not None:
            answer = await self._turn(ticket)
            if answer is not None:
                return answer
        return await self._call(ask, ticket, callback(*args, **kwargs))

    def waiting(self) -> list[Waiting]:
        """Say who waits for what, and why, the first in line first."""
        now = self._time()
        tickets = sorted(
            ticket for lane in self._lanes.values() for ticket in lane.queue if ticket.waits
        )
        return [self._describe(ticket, now) for ticket in tickets]

    def _describe(self, ticket: Ticket, now: float) -> Waiting:
        ask = ticket.ask
        lane = self._lanes[ask.chat]
        cause = lane.cause(ask, now) or Cause.BOT_RATE
        ready = max(lane.ready_at(ask), self._open_at())
        return Waiting(
            ask.chat,
            ask.method,
            ask.priority,
            waited=now - ticket.since,
            left=max(ready - now, 0.0),
            cause=Cause.BOT_HALTED if self._halted_until > now else cause,
        )

    # --- coming and going ---

    def _is_free(self, ask: Ask) -> bool:
        """Tell whether *ask* costs nothing and nothing is halted for it."""
        lane = self._lanes.get(ask.chat)
        halted_until = max(self._halted_until, lane.halted_until if lane else _NEVER)
        return not ask.cost and halted_until <= self._time()

    def _join(self, ask: Ask) -> Ticket:
        now = self._time()
        lane = self._lanes.get(ask.chat) or self._lanes.setdefault(ask.chat, Lane(ask.chat))
        deadline = now + _PATIENCE[ask.priority]
        self._refuse_in_vain(ask, lane, now, deadline)
        turn: Turn = asyncio.get_running_loop().create_future()
        ticket = Ticket(next(self._numbers), ask, now, deadline, turn)
        self._supersede(lane, ticket)
        heappush(lane.queue, ticket)
        if lane.queue[0] is ticket:
            self._look(ask.chat, lane, now)
        self._pump()
        return ticket

    def _refuse_in_vain(self, ask: Ask, lane: Lane, now: float, deadline: float) -> None:
        """Refuse at once what would wait longer than its patience, so that lines stay short."""
        ready = max(lane.ready_at(ask), self._halted_until)
        crowded = len(lane.queue) >= _LONGEST_LINE or self._waiting >= self._most_waiting
        if ready > deadline or crowded:
            wait = max(ready - now, 1.0)
            raise Halted(wait, whole_bot=self._halted_until > deadline)

    def _supersede(self, lane: Lane, ticket: Ticket) -> None:
        """Let a newer edit take the place of one of the same message that still waits."""
        if ticket.ask.edits is None:
            return
        for older in lane.queue:
            if older.waits and older.ask.edits == ticket.ask.edits:
                older.superseded = True
                ticket.number = older.number
                ticket.followers = [*older.followers, older.turn]

    async def _turn(self, ticket: Ticket) -> Answer | None:
        """Wait; give the answer where a newer edit was made instead."""
        self._waiting += 1
        try:
            return await ticket.turn
        except asyncio.CancelledError:
            for follower in ticket.followers:
                follower.cancel()
            raise
        finally:
            self._waiting -= 1

    async def _call(
        self, ask: Ask, ticket: Ticket | None, request: Coroutine[Any, Any, Answer]
    ) -> Answer:
        followers = ticket.followers if ticket else ()
        try:
            answer = await request
        except BaseException as error:
            if isinstance(error, RetryAfter):
                self._report(ask.chat, seconds_of(error))
            for follower in followers:
                _fail(follower, error)
            raise
        for follower in followers:
            if not follower.done():
                follower.set_result(answer)
        return answer

    # --- flood waits ---

    def _report(self, chat: Chat, seconds: float) -> None:
        """Halt *chat*, and the whole bot where several chats say the same at once."""
        now = self._time()
        lane = self._lanes.get(chat) or self._lanes.setdefault(chat, Lane(chat))
        lane.halted_until = max(lane.halted_until, now + seconds)
        self._reports.append((now, chat, now + seconds))
        recent = {chat: until for at, chat, until in self._reports if now - at <= _AT_ONCE}
        lanes = [lane]
        if len(recent) >= _REPORTS:
            # The shortest of the waits: one chat's long wait shall not silence all others.
            self._halted_until = max(self._halted_until, min(recent.values()))
            lanes = list(self._lanes.values())
        for halted in lanes:
            self._send_away(halted, now)
        self._look(chat, lane, now)
        self._pump()

    def _send_away(self, lane: Lane, now: float) -> None:
        for ticket in lane.queue:
            until = max(lane.halted_until, self._halted_until)
            if ticket.waits and until > ticket.deadline:
                whole_bot = self._halted_until > ticket.deadline
                ticket.turn.set_exception(Halted(until - now, whole_bot=whole_bot))

    # --- the line moves ---

    def _pump(self) -> None:
        """Let go all that may go now, and come back when the next may."""
        now = self._time()
        while self._timers and self._timers[0][0] <= now:
            at, _, chat = heappop(self._timers)
            lane = self._lanes.get(chat)
            if lane is not None and lane.timer == at:
                lane.timer = _FOREVER
                self._look(chat, lane, now)
        while self._ready and self._open_at() <= now:
            self._admit(heappop(self._ready), now)
        self._arm(now)

    def _admit(self, ticket: Ticket, now: float) -> None:
        ask = ticket.ask
        lane = self._lanes.get(ask.chat)
        if lane is None:
            return  # whoever stood there went away, and the line is forgotten
        if lane.head() is ticket and lane.ready_at(ask) <= now:
            heappop(lane.queue)
            if ask.priority is Priority.BROADCAST:
                self.waited[ticket.cause or Cause.BOT_RATE] += now - ticket.since
            self._pace.take(now, ask.cost)
            if ask.paced:
                lane.pace.take(now, ask.cost)
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
            heappush(self._ready, head)
        else:
            self._lanes.pop(chat, None)

    def _wake_at(self, at: float, chat: Chat, lane: Lane) -> None:
        if at != lane.timer:
            lane.timer = at
            heappush(self._timers, (at, next(self._numbers), chat))

    def _arm(self, now: float) -> None:
        moments = [self._timers[0][0]] if self._timers else []
        if self._ready:
            moments.append(self._open_at())
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if moments:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(min(moments), now), self._pump)

    def _open_at(self) -> float:
        """Give the moment at which the bot may send, as far as all chats together go."""
        return max(self._pace.ready_at, self._halted_until)

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()


def _fail(follower: Turn, error: BaseException) -> None:
    if follower.done():
        return
    if isinstance(error, asyncio.CancelledError):
        follower.cancel()
    else:
        follower.set_exception(error)


def read_ask(method: str, data: dict[str, Any], priority: Priority) -> Ask | None:
    """Read from a request what the limiter needs; None where no chat is concerned."""
    chat = data.get("chat_id")
    if chat is None:
        return None
    if isinstance(chat, str) and chat.lstrip("-").isdigit():
        chat = int(chat)
    message_id = data.get("message_id") if method.startswith("edit") else None
    # Edits in private chats are answers to pressed buttons: nobody but the bot's rate slows them.
    in_group = isinstance(chat, str) or chat < 0
    paced = not method.startswith("delete") and (message_id is None or in_group)
    cost = _cost(method, data)
    return Ask(chat, method, priority, cost, paced=bool(cost) and paced, edits=message_id)


def _cost(method: str, data: dict[str, Any]) -> int:
    """Count the messages that a request sends, edits or deletes."""
    if method == "sendChatAction" or not method.startswith(_COUNTED):
        return 0
    several = data.get("media") or data.get("message_ids")
    return len(several) if isinstance(several, list | tuple) else 1
