"""Updates are taken once, while there is room, whatever they are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Update
from telegram.ext import Application, CallbackContext, TypeHandler

from bot.sandbox import Sandbox
from bot.telegram_api.client import Client
from bot.telegram_api.inbox import REMEMBERED, Inbox
from bot.telegram_api.order import InOrder
from bot.telegram_api.patience import Patience
from bot.telegram_api.polling import Polling

App = Application[Any, Any, Any, Any, Any, Any]
ROOM = 3


class Handled:
    """Notes what reaches the handlers, and holds it until the gate is open."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.gate = asyncio.Event()

    async def handle(self, update: Update, _: CallbackContext[Any, Any, Any, Any]) -> None:
        self.numbers.append(update.update_id)
        await self.gate.wait()


@pytest.fixture
def handled() -> Handled:
    return Handled()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def app(handled: Handled, sandbox: Sandbox) -> AsyncIterator[App]:
    client = Client(sandbox.api, sandbox.token, 30)
    builder = Application.builder().bot(client).updater(None)
    app = builder.concurrent_updates(InOrder(ROOM)).build()
    app.add_handler(TypeHandler(Update, handled.handle))
    async with app:
        await app.start()
        yield app
        handled.gate.set()
        await app.stop()


@pytest.fixture
def inbox(app: App) -> Inbox:
    inbox = Inbox(app)
    inbox.open()
    return inbox


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_repeated_update_is_handled_once(inbox: Inbox, handled: Handled) -> None:
    assert inbox.take({"update_id": 5})
    assert inbox.take({"update_id": 4})
    assert inbox.take({"update_id": 5})
    await settled()

    assert handled.numbers == [5, 4]


async def test_only_while_it_is_open_updates_are_taken(inbox: Inbox, handled: Handled) -> None:
    assert inbox.take({"update_id": 1})
    inbox.close()

    assert not inbox.take({"update_id": 2})
    # Telegram asks again after an answer that was lost: that one is in hand.
    assert inbox.take({"update_id": 1})

    inbox.open()
    assert inbox.take({"update_id": 2})
    await settled()
    assert handled.numbers == [1, 2]


async def test_what_there_is_no_room_for_is_taken_later(inbox: Inbox, handled: Handled) -> None:
    taken = [inbox.take({"update_id": number}) for number in range(ROOM + 2)]
    assert taken == [True] * ROOM + [False] * 2
    await settled()
    assert not inbox.take({"update_id": ROOM})

    handled.gate.set()
    await settled()

    assert inbox.take({"update_id": ROOM})


@pytest.mark.parametrize(
    "content",
    [
        {"message": {}},
        {"message": "hello"},
        {"message": {"message_id": 1, "date": "x", "chat": {"id": 1, "type": "private"}}},
        {"callback_query": []},
        {"callback_query": {"id": None, "from": 7}},
        {"my_chat_member": {"new_chat_member": {"status": "dreaming"}}},
    ],
)
async def test_what_the_library_cannot_read_is_in_hand_but_not_handled(
    inbox: Inbox, handled: Handled, content: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    assert inbox.take({"update_id": 8, **content})
    assert inbox.take({"update_id": 9})
    await settled()

    assert handled.numbers[-1] == 9
    if 8 not in handled.numbers:
        assert "update not understood" in capsys.readouterr().out


async def test_old_numbers_are_forgotten(inbox: Inbox, handled: Handled) -> None:
    handled.gate.set()
    for number in range(REMEMBERED + 1):
        while not inbox.take({"update_id": number}):
            await settled()

    assert len(inbox._taken) == REMEMBERED


async def test_polling_leaves_with_telegram_what_there_is_no_room_for(
    app: App, inbox: Inbox, handled: Handled, sandbox: Sandbox
) -> None:
    for number in range(ROOM + 2):
        await sandbox.person(f"Reader {number}").says("hello")
    waiting = [update["update_id"] for update in sandbox.world.updates.waiting(100)]
    polling = Polling(app.bot, inbox, ("message",), Patience())

    running = asyncio.create_task(polling.run())
    async with asyncio.timeout(30):
        while len(handled.numbers) < ROOM:  # noqa: ASYNC110 - handlers set no event
            await asyncio.sleep(0.02)
    polling.stop()
    await running
    await settled()

    assert handled.numbers == waiting[:ROOM]
    kept = [update["update_id"] for update in sandbox.world.updates.waiting(100)]
    assert kept == waiting[ROOM:]


async def test_polling_goes_on_when_there_is_room_again(
    app: App, inbox: Inbox, handled: Handled, sandbox: Sandbox
) -> None:
    for number in range(ROOM + 2):
        await sandbox.person(f"Reader {number}").says("hello")
    polling = Polling(app.bot, inbox, ("message",), Patience())
    running = asyncio.create_task(polling.run())

    async with asyncio.timeout(30):
        while len(handled.numbers) < ROOM + 2:
            if len(handled.numbers) == ROOM:
                handled.gate.set()
            await asyncio.sleep(0.02)
    polling.stop()
    await running

    assert sandbox.world.updates.waiting(100) == []
