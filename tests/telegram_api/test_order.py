from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from telegram import CallbackQuery, Chat, Message, Update, User

from bot.telegram_api.order import InOrder


def update(number: int, chat: int) -> Update:
    message = Message(number, datetime.now(UTC), Chat(chat, "private"))
    return Update(number, message=message)


def press(number: int, chat: int, on: int, kind: str = "group") -> Update:
    message = Message(on, datetime.now(UTC), Chat(chat, kind))
    query = CallbackQuery(str(number), User(9, "Ann", is_bot=False), "1", message=message)
    return Update(number, callback_query=query)


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


async def test_in_a_group_a_press_waits_only_for_those_on_the_same_message() -> None:
    done: list[str] = []
    gate = asyncio.Event()

    async def handle(name: str) -> None:
        if name.startswith("slow"):
            await gate.wait()
        done.append(name)

    async with InOrder(10) as processor:
        tasks = [
            asyncio.create_task(processor.process_update(one, handle(name)))
            for one, name in (
                (update(1, 7), "slow command"),
                (press(2, 7, on=3), "slow press"),
                (press(3, 7, on=3), "press behind it"),
                (press(4, 7, on=4), "press elsewhere"),
            )
        ]
        await asyncio.sleep(0.05)
        assert done == ["press elsewhere"]

        gate.set()
        await asyncio.gather(*tasks)

    assert done.index("slow press") < done.index("press behind it")


async def test_alone_with_the_bot_one_asks_what_came_of_a_press() -> None:
    done: list[str] = []
    gate = asyncio.Event()

    async def handle(name: str) -> None:
        if name == "press":
            await gate.wait()
        done.append(name)

    async with InOrder(10) as processor:
        pressed = press(1, 7, on=3, kind="private")
        tasks = [
            asyncio.create_task(processor.process_update(pressed, handle("press"))),
            asyncio.create_task(processor.process_update(update(2, 7), handle("question"))),
        ]
        await asyncio.sleep(0.05)
        assert done == []

        gate.set()
        await asyncio.gather(*tasks)

    assert done == ["press", "question"]
