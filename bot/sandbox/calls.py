"""The record of what the bot asked."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.events import Events
from bot.sandbox.nouns import Json

KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method, and how it ended; *error* is Telegram's description of a refusal."""

    method: str
    params: Json
    ok: bool
    error: str | None
    at: float

    def shown(self) -> Json:
        """Show the call as JSON."""
        return {
            "method": self.method,
            "params": self.params,
            "ok": self.ok,
            "error": self.error,
            "at": self.at,
        }


class Calls:
    """Keep the calls, oldest first; of a great many, the newer half."""

    def __init__(self, events: Events) -> None:
        self.made: list[Call] = []
        self._events = events

    def add(self, call: Call) -> None:
        """Write a call down and tell who watches."""
        if len(self.made) >= KEPT:
            del self.made[: KEPT // 2]
        self.made.append(call)
        self._events.publish("call", call.shown())
