"""A database, a clock that the test owns, and a sender that does as it is told."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping, Sequence, Set
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

import pytest

from bot.model import Digest, Message, Source
from bot.services.outcomes import Address, Outcome, Partly, Priority, Sent
from bot.services.subscriptions import Subscriptions
from bot.storage.database import Database
from bot.storage.records import Rendered
from tests.services.stage import Stage

START = datetime(2026, 1, 14, 1, 0, tzinfo=UTC)


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **delta: float) -> None:
        self.now += timedelta(**delta)


class Telegram:
    """Answers tries with the outcomes that the test put in line; else with success."""

    def __init__(self) -> None:
        self.tries: list[tuple[Address, Message]] = []
        self.planned: dict[int, deque[Outcome]] = defaultdict(deque)
        self.arrived: dict[Address, list[str]] = defaultdict(list)
        self.edits: list[tuple[Address, int, Message]] = []
        self.shown: dict[Address, dict[int, str]] = defaultdict(dict)
        self.hold: asyncio.Event | None = None
        self.rests = 0

    def answers(self, chat_id: int, *outcomes: Outcome) -> None:
        self.planned[chat_id].extend(outcomes)

    async def send(
        self, address: Address, message: Message, priority: Priority, *, piece: int | None = None
    ) -> Outcome:
        self.tries.append((address, message))
        number = len(self.tries)
        outcome = await self.answer(address) or Sent(number)
        if isinstance(outcome, Sent | Partly):
            text = message.text if piece is None else f"{message.text}, piece {piece}"
            if outcome.message_id:
                self.arrived[address].append(text)
                self.shown[address][outcome.message_id] = text
        return outcome

    async def edit(
        self, address: Address, message_id: int, message: Message, priority: Priority
    ) -> Outcome:
        self.edits.append((address, message_id, message))
        outcome = await self.answer(address) or Sent(message_id)
        if isinstance(outcome, Sent):
            self.shown[address][message_id] = message.text
        return outcome

    async def delete(
        self, address: Address, message_ids: Sequence[int], priority: Priority
    ) -> Outcome:
        outcome = await self.answer(address) or Sent(0)
        if isinstance(outcome, Sent):
            for message_id in message_ids:
                self.shown[address].pop(message_id, None)
        return outcome

    def waited(self) -> Mapping[str, float]:
        return {"messages a second of the bot": 0.25 * len(self.tries)}

    def queued(self) -> int:
        return 0

    def resting(self) -> int:
        return self.rests

    async def answer(self, address: Address) -> Outcome | None:
        if self.hold is not None:
            await self.hold.wait()
        await asyncio.sleep(0)
        planned = self.planned[address.chat_id]
        return planned.popleft() if planned else None


class Shelf:
    """An archive of digests made by hand."""

    def __init__(self) -> None:
        self.digests: list[Digest] = []
        self.sources: dict[str, Source] = {}
        self.away: set[str] = set()
        self.held: dict[str, set[str]] = {}

    def put(self, name: str, day: date, source: str = "") -> Digest:
        digest = Digest(
            id=name,
            source=source,
            language="en",
            day=day,
            title=name,
            headlines=(),
            sections=(),
            content_hash=name,
        )
        self.digests.append(digest)
        return digest

    async def digest(self, digest_id: str) -> Digest | None:
        return next((one for one in self.digests if one.id == digest_id), None)

    async def between(
        self, first: date, last: date, excused: Mapping[str, Set[str]] = MappingProxyType({})
    ) -> list[Digest]:
        fit = [one for one in self.digests if first <= one.day <= last]
        fit = [one for one in fit if self.held.get(one.id, set()) <= excused.get(one.id, set())]
        return sorted(fit, key=lambda one: one.day)

    def source(self, name: str) -> Source | None:
        return None if name in self.away else self.sources.get(name, Source(name))


def render(digest: Digest) -> Rendered:
    """Two parts for a group, one for a person."""
    return Rendered(
        group=(Message(f"{digest.title} 1"), Message(f"{digest.title} 2")),
        private=(Message(f"{digest.title} for you"),),
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def url(either_url: str) -> str:
    return either_url


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database.open(url, busy_timeout=0.1) as opened:
        yield opened


@pytest.fixture
def subscriptions(database: Database, clock: Clock) -> Subscriptions:
    return Subscriptions(database, clock)


@pytest.fixture
def stage(database: Database, clock: Clock, telegram: Telegram) -> Stage:
    return Stage(database, clock, telegram)
