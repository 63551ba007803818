"""Faults, limits and the clock: trouble on request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Clock, Person, Rates, Sandbox
from tests.sandbox.conftest import Api, Refusal


async def test_a_status_hits_the_calls_that_are_meant(
    sandbox: Sandbox, api: Api, refusal: Refusal, ann: Person
) -> None:
    sandbox.faults.add(
        method="sendMessage", chat=ann.id, status=502, description="Bad Gateway", times=1
    )

    assert await api("sendMessage", chat_id="@ai_news_plus", text="Fine")
    assert await refusal("sendMessage", chat_id=ann.id, text="Hit") == "502 Bad Gateway"
    assert await api("sendMessage", chat_id=ann.id, text="Fine again")
    assert [call.ok for call in sandbox.calls] == [True, False, True]
    assert sandbox.calls[1].error == "Bad Gateway"


async def test_a_flood_wait_names_its_seconds(
    sandbox: Sandbox, refusal: Refusal, api: Api, ann: Person
) -> None:
    number = sandbox.faults.add(retry_after=7)

    words = await refusal("sendMessage", chat_id=ann.id, text="x")
    sandbox.faults.remove(number)

    assert words == "429 Too Many Requests: retry after 7"
    assert await api("sendMessage", chat_id=ann.id, text="x")


async def test_a_flood_hits_all_answers_to_a_person(
    sandbox: Sandbox, api: Api, refusal: Refusal, ann: Person, session: aiohttp.ClientSession
) -> None:
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    sent = await api("sendMessage", chat_id=ann.id, text="Press", reply_markup=markup)
    await ann.presses(await ann.sees("Press"), "Go", within=0)
    press = (await api("getUpdates", offset=-1))[0]["callback_query"]
    sandbox.faults.add(chat=ann.id, retry_after=3)
    where = {"chat_id": str(ann.id), "message_id": sent["message_id"]}

    said = [
        await refusal("sendMessage", chat_id=ann.id, text="x"),
        await refusal("editMessageText", **where, text="x"),
        await refusal("answerCallbackQuery", callback_query_id=press["id"]),
    ]
    url = f"{sandbox.api}/bot{sandbox.token}/sendMessage"
    async with session.post(url, json={"chat_id": ann.id, "text": "x"}) as response:
        assert response.headers["Retry-After"] == "3"

    assert said == ["429 Too Many Requests: retry after 3"] * 3
    assert await api("sendMessage", chat_id="@ai_news_plus", text="Others may")


async def test_a_fault_knows_a_chat_by_both_its_names(
    sandbox: Sandbox, api: Api, refusal: Refusal
) -> None:
    sandbox.faults.add(chat="@AI_news_plus", status=500, description="Down")
    group = sandbox.chat("@ai_news_plus")

    assert await refusal("sendMessage", chat_id=group.id, text="x") == "500 Down"
    assert (await refusal("sendMessage", chat_id="", text="x")).endswith("chat_id is empty")
    assert await api("getMe")


async def test_a_cut_does_nothing_and_a_lost_answer_does_all(
    sandbox: Sandbox, api: Api, ann: Person
) -> None:
    sandbox.faults.add(cut=True, times=1)
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=ann.id, text="Cut")
    sandbox.faults.clear()
    sandbox.faults.add(lost=True, delay=0.01)
    with pytest.raises(aiohttp.ClientError):
        await api("sendMessage", chat_id=ann.id, text="Lost")

    assert [message.text for message in ann.messages] == ["/start", "Lost"]
    assert sandbox.calls[0].error == "sandbox: the connection was cut"


async def test_a_share_hits_that_share(
    sandbox: Sandbox, api: Api, ann: Person, tmp_path: Path
) -> None:
    path = tmp_path / "faults.json"
    path.write_text(json.dumps([{"share": 0.3, "status": 500}]))
    sandbox.faults.load(path)

    hits = sum(sandbox.faults.strike("sendMessage") is not None for _ in range(1000))

    assert 240 < hits < 360


async def test_a_wish_that_is_no_fault_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="wrong"):
        sandbox.faults.add(wrong=1)


@pytest.fixture
async def strict() -> Any:
    clock = Clock()
    clock.hold()
    async with Sandbox(limits=True, clock=clock) as sandbox:
        yield sandbox


async def send(sandbox: Sandbox, chat_id: object, times: int) -> list[int]:
    """Send at once; return what each was answered."""
    url = f"{sandbox.api}/bot{sandbox.token}/sendMessage"
    answers = []
    async with aiohttp.ClientSession() as session:
        for _ in range(times):
            async with session.post(url, json={"chat_id": chat_id, "text": "x"}) as response:
                body = await response.json()
                answers.append(body.get("parameters", {}).get("retry_after", 0))
    return answers


async def test_a_chat_takes_a_burst_and_then_one_a_second(strict: Sandbox) -> None:
    ann = strict.person("Ann")
    await ann.says("/start")

    assert await send(strict, ann.id, 4) == [0, 0, 0, 1]
    strict.clock.advance(1)
    assert await send(strict, ann.id, 2) == [0, 1]
    assert strict.limits.refused == 2


async def test_a_group_takes_twenty_a_minute(strict: Sandbox) -> None:
    answers = []
    for _ in range(21):
        answers += await send(strict, "@ai_news_plus", 1)
        strict.clock.advance(1)

    assert answers == [0] * 20 + [40]


async def test_the_bot_sends_thirty_a_second(strict: Sandbox) -> None:
    strict.limits.use(Rates(bot=30, burst=100, group=100))

    answers = await send(strict, "@ai_news_plus", 31)
    strict.limits.use(None)
    free = await send(strict, "@ai_news_plus", 40)

    assert answers == [0] * 30 + [1]
    assert free == [0] * 40


async def test_the_clock_is_the_tests_own() -> None:
    clock = Clock()
    clock.hold()
    before = clock.now()

    clock.advance(60)

    assert clock.now() == before + 60
    instant = clock.instant()
    clock.run()
    clock.set(instant)
    assert clock.now() == pytest.approx(before + 60, abs=5)
    assert Clock(instant).now() == pytest.approx(before + 60, abs=5)
