"""The bot's own rate: broadcasts that are paid for have all of it, everything else what is free."""

from __future__ import annotations

from collections import Counter

from bot.services.outcomes import Priority
from bot.settings import FREE_RATE
from bot.telegram_api.asking import Ask
from bot.telegram_api.lanes import Ticket
from bot.telegram_api.pacing import BotPace

# Seconds until the end of a line comes through: for so long the limiter lets an answer wait.
_LONGEST_WAIT = 30.0


class Gate:
    """A rate of the bot, within *wider* ones, and whoever waits for it."""

    def __init__(self, rate: float, *wider: BotPace) -> None:
        self.pace = BotPace(rate)
        self.line: list[Ticket] = []
        self.waiting: Counter[Priority] = Counter()
        self._paces = (self.pace, *wider)
        self._most_waiting = max(int(rate * _LONGEST_WAIT), 1)

    @property
    def is_crowded(self) -> bool:
        """Tell whether as many wait as get through in a while, for the gate or their chats."""
        return self.waiting.total() >= self._most_waiting

    @property
    def queued(self) -> int:
        """Count those who wait for nothing but the gate, without whoever went away meanwhile."""
        return len(self._in_line())

    @property
    def resting(self) -> int:
        """Count the broadcasts' messages that wait for their chat, or behind another there."""
        in_line = sum(one.ask.priority is Priority.BROADCAST for one in self._in_line())
        return self.waiting[Priority.BROADCAST] - in_line

    @property
    def ready_at(self) -> float:
        """Give the moment at which the next message may leave."""
        return max([pace.ready_at for pace in self._paces])

    def _in_line(self) -> set[Ticket]:
        return {ticket for ticket in self.line if ticket.waits}

    def take(self, now: float, ticket: Ticket) -> None:
        """Use the budgets up by what *ticket* sends, which leaves any moment."""
        for pace in self._paces:
            pace.take(now, ticket.ask.cost, ticket.since)

    def leave(self, now: float, cost: int) -> None:
        """Note that the first of those that were to leave do so only now."""
        for pace in self._paces:
            pace.leave(now, cost)


class Gates:
    """All gates, that of people first."""

    def __init__(self, rate: float) -> None:
        self._paid = Gate(rate)
        self._free = self._paid if rate <= FREE_RATE else Gate(FREE_RATE, self._paid.pace)
        self.all = tuple(dict.fromkeys((self._free, self._paid)))

    def of(self, ask: Ask) -> Gate:
        """Find the gate that *ask* has to pass."""
        return self._paid if ask.paid else self._free
