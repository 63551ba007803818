"""Telegram as a plan: what each chat answers, what arrives there, and how each message must end."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.model import Message
from bot.services.outcomes import (
    Address,
    Gone,
    InDoubt,
    Migrated,
    Outcome,
    Partly,
    Priority,
    Refusal,
    Rejected,
    Retry,
    Sent,
)
from bot.storage.records import NOT_KNOWN

PIECES = 3
TOO_LONG = "too long"
# What is tried for a day is given up, once the next try would be later than that.
_NEARLY_A_DAY = timedelta(hours=23, minutes=40)


class World:
    """Answers as planned, and remembers all that the bot heard."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.planned: dict[int, list[Outcome]] = defaultdict(list)
        self.arrived: dict[int, list[str]] = defaultdict(list)
        self.seen: dict[tuple[int, int], str] = {}
        self.given: set[tuple[int, int]] = set()
        self.heard: dict[tuple[int, str], list[Outcome | None]] = defaultdict(list)
        self.lost: Counter[tuple[int, str]] = Counter()
        self.ever_lost: Counter[tuple[int, str]] = Counter()
        self.in_flight_at_crash: Counter[tuple[int, str]] = Counter()
        self.first_tried: dict[tuple[int, str], datetime] = {}
        self.last_tried: dict[tuple[int, str], datetime] = {}
        self.moved: dict[int, int] = {}
        self.meanwhile: dict[int, Callable[[int], Awaitable[None]]] = {}
        self.told_gone: set[int] = set()
        self.ever_gone: set[int] = set()
        self.sent_to_gone = 0
        self.frozen = False
        self.hold: asyncio.Event | None = None
        self.numbers = 0

    async def send(
        self, address: Address, message: Message, priority: Priority, *, piece: int | None = None
    ) -> Outcome:
        chat, text = address.chat_id, message.text
        outcome = self.outcome_of_send(address, piece)
        if isinstance(outcome, InDoubt) or (
            isinstance(outcome, Sent | Partly) and self.is_new(outcome)
        ):
            shown = text if piece is None else f"{text}/{piece}"
            self.arrived[chat].append(shown)
            self.seen[chat, self.numbers] = shown
            self.given.add((chat, self.numbers))
        self.first_tried.setdefault((chat, text), self.now())
        self.last_tried[chat, text] = self.now()
        self.heard[chat, text].append(None if self.frozen else _final(outcome, address))
        if self.frozen or isinstance(outcome, InDoubt):
            self.lost[chat, text] += 1
            self.ever_lost[chat, text] += 1
            self.in_flight_at_crash[chat, text] += self.frozen
        return await self.answer(address, outcome)

    async def edit(
        self, address: Address, message_id: int, message: Message, priority: Priority
    ) -> Outcome:
        outcome = self.outcome_of_change(address, message_id)
        if isinstance(outcome, Sent | InDoubt):
            assert (address.chat_id, message_id) in self.seen
            self.seen[address.chat_id, message_id] = message.text
        return await self.answer(address, outcome)

    async def delete(
        self, address: Address, message_ids: Sequence[int], priority: Priority
    ) -> Outcome:
        outcome = self.outcome_of_change(address, 0)
        if isinstance(outcome, Sent | InDoubt):
            for message_id in message_ids:
                assert (address.chat_id, message_id) in self.given
                self.seen.pop((address.chat_id, message_id), None)
        return await self.answer(address, outcome)

    def waited(self) -> Mapping[str, float]:
        return {}

    def queued(self) -> int:
        return 0

    def resting(self) -> int:
        return 0

    def is_new(self, outcome: Sent | Partly) -> bool:
        return outcome.message_id == self.numbers

    def outcome_of_send(self, address: Address, piece: int | None) -> Outcome:
        self.numbers += 1
        planned = self.next_outcome(address.chat_id)
        if piece == PIECES:
            return Sent(0, TOO_LONG)  # an admin saw the last of them
        match planned:
            case Partly() if piece is None:
                return Partly(0, TOO_LONG)
            case None | Partly() if piece is None or piece == PIECES - 1:
                return Sent(self.numbers, None if piece is None else TOO_LONG)
            case None | Partly():
                return Partly(self.numbers, TOO_LONG)
        return planned

    def outcome_of_change(self, address: Address, message_id: int) -> Outcome:
        planned = self.next_outcome(address.chat_id)
        return Sent(message_id) if planned is None or isinstance(planned, Partly) else planned

    def next_outcome(self, chat: int) -> Outcome | None:
        self.sent_to_gone += chat in self.told_gone
        if chat in self.moved:
            return Migrated(self.moved[chat])
        planned = self.planned[chat].pop(0) if self.planned[chat] else None
        match planned:
            case Migrated() if not -1000 < chat < 0:
                return None
            case Migrated():
                self.moved[chat] = chat - 1000
                return Migrated(self.moved[chat])
            case Gone() if not self.frozen:
                self.told_gone.add(chat)
                self.ever_gone.add(chat)
        return planned

    async def answer(self, address: Address, outcome: Outcome) -> Outcome:
        if leave := self.meanwhile.pop(address.chat_id, None):
            await leave(address.chat_id)
        if self.frozen:
            await asyncio.sleep(3600)
        if self.hold is not None:
            await self.hold.wait()
        return outcome

    def homes(self, chat: int) -> list[int]:
        """Give the ids that a chat has had."""
        return [chat, *(old for old, new in self.moved.items() if new == chat)]

    def is_there(self, chat: int, text: str) -> bool:
        """Tell whether a chat shows *text*, whole or a piece of it, corrected or not."""
        return any(
            home in self.homes(chat) and shown.replace("/", " ").split()[0] == text
            for (home, _), shown in self.seen.items()
        )

    def ends(self, chat: int, text: str) -> tuple[set[str], bool]:
        """Give what may be said of a message that ended: its states, and whether it was dropped.

        Dropped is what nobody was to get any more, for a reason that the machine knows.
        """
        heard = [one for home in self.homes(chat)[::-1] for one in self.heard[home, text]]
        may_be_there = any(self.lost[home, text] for home in self.homes(chat))
        failed = {f"failed: {NOT_KNOWN}"} if may_be_there else set()
        match heard[-1] if heard else Retry("not tried"):
            case Sent(plain=plain):
                return {f"sent: {plain}"}, False
            case Gone(reason) | Rejected(reason):
                return failed or {f"failed: {reason}"}, False
            case Retry(reason) if self.is_given_up(chat, text):
                return failed or {f"failed: {reason}"}, not failed
            case _:
                return failed, not failed

    def is_given_up(self, chat: int, text: str) -> bool:
        tries = [
            self.last_tried[home, text] - self.first_tried[first, text]
            for home in self.homes(chat)
            for first in self.homes(chat)
            if (home, text) in self.last_tried and (first, text) in self.first_tried
        ]
        return any(abs(took) >= _NEARLY_A_DAY for took in tries)


def _final(outcome: Outcome, address: Address) -> Outcome:
    """Take a refusal in a topic as what it is: another try, in the main thread."""
    if isinstance(outcome, Rejected) and outcome.kind is not Refusal.CONTENT and address.thread_id:
        return Retry(outcome.reason)
    return outcome
