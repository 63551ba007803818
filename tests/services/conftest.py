"""A database, a clock that the test owns, and a sender that does as it is told."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.model import Digest, Message, Source
from bot.services.outcomes import Address, Outcome, Priority, Sent
from bot.services.subscriptions import Subscriptions
from bot.storage.database import Database
from bot.storage.records import Rendered

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
        self.hold: asyncio.Event | None = None

    def answers(self, chat_id: int, *outcomes: Outcome) -> None:
        self.planned[chat_id].extend(outcomes)

    async def send(self, address: Address, message: Message, priority: Priority) -> Outcome:
        self.tries.append((address, message))
        if self.hold is not None:
            await self.hold.wait()
        await asyncio.sleep(0)
        planned = self.planned[address.chat_id]
        outcome = planned.popleft() if planned else Sent(len(self.tries))
        if isinstance(outcome, Sent):
            self.arrived[address].append(message.text)
        return outcome


class Shelf:
    """An archive of digests made by hand."""

    def __init__(self) -> None:
        self.digests: list[Digest] = []
        self.sources: dict[str, Source] = {}

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

    async def between(self, first: date, last: date) -> list[Digest]:
        return sorted(
            (one for one in self.digests if first <= one.day <= last), key=lambda one: one.day
        )

    def source(self, name: str) -> Source | None:
        return self.sources.get(name)


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
def url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database.open(url, busy_timeout=0.1) as opened:
        yield opened


@pytest.fixture
def subscriptions(database: Database, clock: Clock) -> Subscriptions:
    return Subscriptions(database, clock)
