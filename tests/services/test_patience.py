"""What is waited for at a start, and for how long."""

from __future__ import annotations

import asyncio

from bot.services.patience import soon


async def test_what_comes_in_time_is_waited_for() -> None:
    archive_is_read, order = asyncio.Event(), list[str]()

    async def deliver() -> None:
        await soon(archive_is_read, most=3600)
        order.append("sent")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(deliver())
        for _ in range(100):
            await asyncio.sleep(0)
        order.append("read")
        archive_is_read.set()

    assert order == ["read", "sent"]


async def test_what_does_not_come_is_waited_for_no_longer() -> None:
    archive_is_read = asyncio.Event()

    await soon(archive_is_read, most=0)

    assert not archive_is_read.is_set()
