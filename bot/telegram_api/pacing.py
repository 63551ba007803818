"""Budgets: when the next request may go, and what the last ones used up. Pure arithmetic.

A server counts requests as they arrive, so each budget stays a little below what is allowed:
what leaves evenly may arrive in bunches.
"""

from __future__ import annotations

from collections import deque

# Of the allowed rate; the rest is for the network's unevenness.
_SHARE = 0.98
# Who was held up by so much may catch up; a busy process loses little of its rate.
_CREDIT = 0.05
CHAT_GAP = 1.05
_GROUP_COUNT = 20
_GROUP_WINDOW = 61.0
_NEVER = float("-inf")


class BotPace:
    """Spaces all messages of the bot evenly, *rate* in a little more than any second."""

    def __init__(self, rate: float) -> None:
        self._gap = 1.0 / (rate * _SHARE)
        self._most = max(int(rate), 1)
        self._window = self._most * self._gap
        self._left: deque[float] = deque(maxlen=self._most)
        self._leaving = 0
        self._even = _NEVER

    @property
    def ready_at(self) -> float:
        """Give the moment at which the next message may leave."""
        if len(self._left) < self._most:
            return self._even
        return max(self._even, self._left[0] + self._window)

    def take(self, now: float, cost: int, since: float) -> None:
        """Use the budget up by *cost* messages, which wait since then and leave any moment.

        What is not waited for is not caught up with: two that leave together leave a gap before
        them, which comes back each second.
        """
        cost = min(cost, self._most)
        self._even = max(self._even, now - _CREDIT, since) + cost * self._gap
        self._left.extend([now] * cost)
        self._leaving = min(self._leaving + cost, self._most)

    def leave(self, now: float, cost: int) -> None:
        """Note that the first of those that were to leave do so only now."""
        for _ in range(min(cost, self._leaving)):
            self._left[-self._leaving] = now
            self._leaving -= 1


class ChatPace:
    """Keeps a message a second in a chat, and twenty a minute in a group."""

    def __init__(self, *, group: bool) -> None:
        self._last = _NEVER
        self._sent: deque[float] | None = deque(maxlen=_GROUP_COUNT) if group else None

    @property
    def second_over(self) -> float:
        """Give the moment at which the second after the last message is over."""
        return self._last + CHAT_GAP

    @property
    def minute_over(self) -> float:
        """Give the moment at which fewer than twenty messages are in the last minute."""
        if self._sent is None or len(self._sent) < _GROUP_COUNT:
            return _NEVER
        return self._sent[0] + _GROUP_WINDOW

    @property
    def ready_at(self) -> float:
        """Give the moment at which the chat may get its next message."""
        return max(self.second_over, self.minute_over)

    @property
    def forgotten_at(self) -> float:
        """Give the moment from which nothing that was sent matters any more."""
        return self._last + (CHAT_GAP if self._sent is None else _GROUP_WINDOW)

    def take(self, now: float, cost: int) -> None:
        """Note *cost* messages."""
        self._last = now
        if self._sent is not None:
            self._sent.extend([now] * cost)
