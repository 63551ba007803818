"""Telegram's flood limits, as published (core.telegram.org/bots/faq)."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import Annotated

import msgspec
from msgspec import Meta

from bot.sandbox.errors import ApiError, too_many_requests
from bot.sandbox.nouns import Chat

MINUTE = 60.0
Count = Annotated[int, Meta(ge=1)]


class Rates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many messages are let through: by the second in all, by the second and minute in a chat.

    A chat takes *burst* messages at once before its second counts.
    """

    bot: Count = 30
    paid: Count = 1000
    chat: Annotated[float, Meta(gt=0)] = 1.0
    burst: Count = 3
    group: Count = 20


class Window:
    """The moments of the last *span* seconds, at most *limit* of them."""

    def __init__(self, limit: int, span: float) -> None:
        self._limit = limit
        self._span = span
        self._moments: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Tell how long there is no room."""
        while self._moments and self._moments[0] <= now - self._span:
            self._moments.popleft()
        return self._moments[0] + self._span - now if len(self._moments) >= self._limit else 0.0

    def take(self, now: float) -> None:
        """Count one."""
        self._moments.append(now)


class Bucket:
    """A chat's allowance: refilled by *rate*, never above *size*."""

    def __init__(self, rate: float, size: int) -> None:
        self._rate = rate
        self._size = size
        self._level = float(size)
        self._at = 0.0

    def wait(self, now: float) -> float:
        """Tell how long there is none left."""
        self._level = min(self._size, self._level + (now - self._at) * self._rate)
        self._at = now
        return 0.0 if self._level >= 1 else (1 - self._level) / self._rate

    def take(self, now: float) -> None:
        """Use one."""
        del now
        self._level -= 1


class Limits:
    """Count what is sent and refuse what is too much."""

    def __init__(self, now: Callable[[], float], rates: Rates | None) -> None:
        self._now = now
        self.refused = 0
        self.use(rates)

    def use(self, rates: Rates | None) -> None:
        """Switch to other rates; None switches the limits off."""
        self.rates = rates
        self._chats: dict[int, tuple[Window | Bucket, ...]] = {}
        self._bot = Window(rates.bot, 1.0) if rates else None
        self._paid = Window(rates.paid, 1.0) if rates else None

    def check(self, chat: Chat, messages: int = 1, *, paid: bool = False) -> None:
        """Let messages to a chat through, or say how long to wait."""
        whole = self._paid if paid else self._bot
        if self.rates is None or whole is None:
            return
        now = self._now()
        counters = (whole, *self._counters(chat, self.rates))
        wait = max(counter.wait(now) for counter in counters)
        if wait > 0:
            raise self._refusal(wait)
        for counter in counters:
            for _ in range(messages):
                counter.take(now)

    def _counters(self, chat: Chat, rates: Rates) -> tuple[Window | Bucket, ...]:
        if chat.id not in self._chats:
            second = Bucket(rates.chat, rates.burst)
            minute = Window(rates.group, MINUTE)
            self._chats[chat.id] = (second,) if chat.private else (second, minute)
        return self._chats[chat.id]

    def _refusal(self, wait: float) -> ApiError:
        self.refused += 1
        return too_many_requests(max(1, math.ceil(wait)))
