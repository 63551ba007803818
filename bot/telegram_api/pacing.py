"""Budgets: when the next request may go, and what the last ones used up. Pure arithmetic.

A server counts requests as they arrive, so each budget stays a little below what is allowed:
what leaves evenly may arrive in bunches.
"""

from __future__ import annotations

from collections import deque

# Of the allowed rate; the rest is for the network's unevenness.
_SHARE = 0.975
# A timer that fires late does not slow the bot down, as long as it is no later than this.
_CREDIT = 0.01
_CHAT_GAP = 1.05
_GROUP_COUNT = 20
_GROUP_WINDOW = 61.0
_NEVER = float("-inf")


class BotPace:
    """Spaces all messages of the bot evenly, at *rate* a second."""

    def __init__(self, rate: float) -> None:
        self._gap = 1.0 / (rate * _SHARE)
        self.ready_at = _NEVER

    def take(self, now: float, cost: int) -> None:
        """Use the budget up by *cost* messages."""
        self.ready_at = max(self.ready_at, now - _CREDIT) + cost * self._gap


class ChatPace:
    """Keeps a message a second in a chat, and twenty a minute in a group."""

    def __init__(self, *, group: bool) -> None:
        self._last = _NEVER
        self._sent: deque[float] | None = deque(maxlen=_GROUP_COUNT) if group else None

    @property
    def second_over(self) -> float:
        """Give the moment at which the second after the last message is over."""
        return self._last + _CHAT_GAP

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
        return self._last + (_CHAT_GAP if self._sent is None else _GROUP_WINDOW)

    def take(self, now: float, cost: int) -> None:
        """Note *cost* messages."""
        self._last = now
        if self._sent is not None:
            self._sent.extend([now] * cost)
