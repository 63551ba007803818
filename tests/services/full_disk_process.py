"""A process whose disk is full while it sends: DATABASE URL; prints what arrived how often."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.model import Message
from bot.services.broadcasting import Broadcasts
from bot.services.delivery import DeliveryWorker
from bot.services.outcomes import Address, Outcome, Priority, Sent
from bot.services.subscriptions import Subscriptions
from bot.services.telling import Listener
from bot.storage.database import Database
from bot.storage.records import Summary

PEOPLE = 40
NO_MORE = 4096
"""Bytes that any file may have: less than the database has already."""


def now() -> datetime:
    return datetime.now(UTC)


def allow(size: int) -> None:
    """Let files grow to *size*; beyond it writing fails, as on a full disk."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))


class Telegram:
    """Takes every message; the disk is full from the tenth on, for some beats."""

    def __init__(self) -> None:
        self.arrived: Counter[int] = Counter()

    async def send(
        self, address: Address, message: Message, priority: Priority, *, piece: int | None = None
    ) -> Outcome:
        self.arrived[address.chat_id] += 1
        if self.arrived.total() == PEOPLE // 4:
            allow(NO_MORE)
            asyncio.get_running_loop().call_later(1.5, allow, resource.RLIM_INFINITY)
        return Sent(self.arrived.total())

    async def edit(
        self, address: Address, message_id: int, message: Message, priority: Priority
    ) -> Outcome:
        raise NotImplementedError

    async def delete(
        self, address: Address, message_ids: Sequence[int], priority: Priority
    ) -> Outcome:
        raise NotImplementedError

    def waited(self) -> Mapping[str, float]:
        return {}

    def queued(self) -> int:
        return 0

    def resting(self) -> int:
        return 0


class StopWhenFinished(Listener):
    """Ends the process with its broadcast."""

    worker: DeliveryWorker

    async def finished(self, summary: Summary) -> None:
        self.worker.stop()


async def main(url: str) -> None:
    telegram, listener = Telegram(), StopWhenFinished()
    async with Database.open(url) as database:
        subscriptions = Subscriptions(database, now)
        for chat in range(1, PEOPLE + 1):
            await subscriptions.subscribe(chat)
        broadcasts = Broadcasts(database, now)
        draft = await broadcasts.draft(1, [Message("hi")])
        await broadcasts.confirm(draft.id, 1)
        worker = listener.worker = DeliveryWorker(
            database, telegram, now=now, listener=listener, in_flight=8
        )
        await worker.run()
        progress = await broadcasts.progress(draft.id)
    sent = progress.sent if progress else 0
    result = {"sent": sent, "arrived": sorted(telegram.arrived.values())}
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
