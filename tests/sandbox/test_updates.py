"""Updates: kept until confirmed, handed to one poller at a time."""

from __future__ import annotations

import asyncio

from bot.sandbox import Sandbox
from tests.sandbox.conftest import Api, Refusal, polling


async def test_updates_come_again_until_confirmed(sandbox: Sandbox, api: Api) -> None:
    ann = sandbox.person("Ann")
    for words in ("One", "Two", "Three"):
        await ann.says(words)

    first = await api("getUpdates", limit=2)
    again = await api("getUpdates")
    rest = await api("getUpdates", offset=first[1]["update_id"] + 1)
    last = await api("getUpdates", offset=-1)

    assert [update["message"]["text"] for update in first] == ["One", "Two"]
    assert len(again) == 3
    assert [update["message"]["text"] for update in rest] == ["Three"]
    assert last == rest


async def test_a_poll_waits_for_news(sandbox: Sandbox, api: Api) -> None:
    poll = asyncio.ensure_future(api("getUpdates", timeout=30))
    await polling(sandbox)

    await sandbox.person("Ann").says("Hi")

    updates = await poll
    assert updates[0]["message"]["text"] == "Hi"


async def test_a_poll_ends_when_its_time_is_over(api: Api) -> None:
    assert await api("getUpdates", timeout=1) == []


async def test_a_second_poller_ends_the_first(sandbox: Sandbox, api: Api, refusal: Refusal) -> None:
    first = asyncio.ensure_future(refusal("getUpdates", timeout=30))
    await polling(sandbox)

    second = await api("getUpdates", timeout=0)

    assert second == []
    assert await first == (
        "409 Conflict: terminated by other getUpdates request; make sure that only one bot "
        "instance is running"
    )


async def test_unasked_kinds_do_not_come(sandbox: Sandbox, api: Api) -> None:
    ann = sandbox.person("Ann")
    group = sandbox.chat("@ai_news_plus")

    await ann.joins(group)
    by_default = await api("getUpdates")
    await api("getUpdates", offset=-1, allowed_updates=["chat_member"])
    await ann.leaves(group)
    asked = await api("getUpdates", offset=by_default[-1]["update_id"] + 1)
    await api("getUpdates", offset=-1, allowed_updates=[])
    await ann.joins(group)
    default = await api("getUpdates", offset=asked[-1]["update_id"] + 1)

    assert ["message" in update for update in by_default] == [True]
    assert ["chat_member" in update for update in asked] == [True]
    assert ["message" in update for update in default] == [True]


async def test_updates_are_forgotten_after_a_day(sandbox: Sandbox, api: Api) -> None:
    await sandbox.person("Ann").says("Hi")

    sandbox.clock.advance(24 * 3600 + 1)

    assert await api("getUpdates") == []


async def test_blocking_and_coming_back_is_told(sandbox: Sandbox, api: Api) -> None:
    ann = sandbox.person("Ann")
    await ann.says("/start")

    await ann.blocks()
    await ann.unblocks()
    await ann.blocks()
    await ann.says("/start")

    updates = await api("getUpdates")
    changes = [update["my_chat_member"] for update in updates if "my_chat_member" in update]
    statuses = [change["new_chat_member"]["status"] for change in changes]
    assert statuses == ["kicked", "member", "kicked", "member"]
    assert "message" in updates[-1]


async def test_get_me_names_the_bot(sandbox: Sandbox, api: Api) -> None:
    me = await api("getMe")

    assert (me["id"], me["username"]) == (sandbox.bot.id, "digest_sandbox_bot")
    assert me["can_read_all_group_messages"] is False
    assert await api("logOut")
    assert await api("close")
