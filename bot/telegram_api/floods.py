"""Flood waits of the whole bot: several chats that report one at once."""

from __future__ import annotations

from collections import deque

from bot.telegram_api.asking import Chat

# The whole bot is halted only if this many chats report a flood wait within so many seconds.
_REPORTS = 3
_AT_ONCE = 2.0
_REMEMBERED = 100


class Floods:
    """Knows until when the whole bot is halted."""

    def __init__(self) -> None:
        self.over_at = float("-inf")
        self._reports: deque[tuple[float, Chat, float]] = deque(maxlen=_REMEMBERED)

    def report(self, chat: Chat, until: float, now: float) -> bool:
        """Note that *chat* has to wait *until* then; tell whether the whole bot has to."""
        self._reports.append((now, chat, until))
        recent = {chat: until for at, chat, until in self._reports if now - at <= _AT_ONCE}
        if len(recent) < _REPORTS:
            return False
        # The shortest of the waits: one chat's long wait shall not silence all others.
        self.over_at = max(self.over_at, min(recent.values()))
        return True
