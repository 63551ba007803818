from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from telegram import Chat, Message, Update

from bot.telegram_api.order import InOrder


def update(number: int, chat: int) -> Update:
    message = Message(number, datetime.now(UTC), Chat(chat, "private"))
    return Update(number, message=message)


async def test_updates_of_a_chat_are_handled_in_order_those_of_others_meanwhile() -> None:
    done: list[str] = []
    gate = asyncio.Event()

    async def handle(name: str) -> None:
        if name == "first":
            await gate.wait()
        done.append(name)

    async with InOrder(10) as processor:
        tasks = [
            asyncio.create_task(processor.process_update(update(1, 7), handle("first"))),
            asyncio.create_task(processor.process_update(update(2, 7), handle("second"))),
            asyncio.create_task(processor.process_update(update(3, 8), handle("another chat"))),
            asyncio.create_task(processor.process_update("no update", handle("no chat"))),
        ]
        await asyncio.sleep(0.05)
        assert done == ["another chat", "no chat"]

        gate.set()
        await asyncio.gather(*tasks)

    assert done[2:] == ["first", "second"]
