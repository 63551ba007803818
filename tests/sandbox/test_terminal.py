"""The sandbox in a terminal."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.sandbox import Clock, Sandbox, converse
from bot.sandbox.events import Events
from bot.sandbox.people import PATIENCE
from bot.sandbox.terminal import typed
from bot.sandbox.transcript import clean, with_links
from tests.sandbox.conftest import Api

ROWS = [
    [{"text": "Go", "callback_data": "go"}, {"text": "Web", "url": "https://example.org/"}],
    [{"text": "Deep", "url": "https://t.me/digest_sandbox_bot?start=d_1"}],
]


async def answer(api: Api) -> None:
    """Be a small bot."""
    offset = 0
    while True:
        for update in await api("getUpdates", offset=offset, timeout=5):
            offset = update["update_id"] + 1
            if "callback_query" in update:
                query = update["callback_query"]["id"]
                await api("answerCallbackQuery", callback_query_id=query, text="A toast")
            elif "text" in update.get("message", {}):
                message = update["message"]
                await api(
                    "sendMessage",
                    chat_id=message["chat"]["id"],
                    text=f'<a href="https://a.b/c">You</a> said {message["text"]}',
                    parse_mode="HTML",
                    reply_markup={"inline_keyboard": ROWS},
                )


@pytest.fixture
async def talk(sandbox: Sandbox, api: Api) -> AsyncIterator[Callable[..., Awaitable[str]]]:
    bot = asyncio.ensure_future(answer(api))

    async def play(*lines: str) -> str:
        written: list[str] = []
        group = sandbox.chat("@ai_news_plus")
        people = [sandbox.person("Ann"), sandbox.person("Admin")]
        group.has_member(people[0])

        async def script() -> AsyncIterator[str]:
            for line in lines:
                yield line
            await asyncio.sleep(0.05)
            raise EOFError

        with pytest.raises(ExceptionGroup):
            await converse(sandbox, people, group, lines=script(), write=written.append)
        return "\n".join(written)

    yield play
    bot.cancel()


async def test_lines_are_said_in_private_and_the_answers_shown(
    talk: Callable[..., Awaitable[str]],
) -> None:
    shown = await talk("/today")

    assert "Ann, privately · Ann\n    /today" in shown
    assert "    You <https://a.b/c> said /today\n    [1 Go] [2 Web]\n    [3 Deep]" in shown


async def test_a_number_presses_a_button(talk: Callable[..., Awaitable[str]]) -> None:
    shown = await talk("1", "/today", "1", "2", "3", "9")

    assert "There is no button 1." in shown
    assert "    » A toast" in shown
    assert "    » https://example.org/" in shown
    assert "said /start d_1" in shown
    assert "There is no button 9." in shown


async def test_one_speaks_in_the_group_and_as_another(
    talk: Callable[..., Awaitable[str]],
) -> None:
    shown = await talk(
        "@group /today",
        "@群 hello",
        "@ai_news_plus",
        "admin: /stats",
        "管理员：x",
        "/as admin",
        "Hi",
        "/as x",
        "?",
        "",
    )

    assert "AI News Plus · Ann\n    /today" in shown
    assert "AI News Plus · Ann\n    hello" in shown
    assert "Admin, privately · Admin\n    /stats" in shown
    assert "Ann, privately · Ann\n    管理员：x" in shown
    assert "You are Admin now." in shown
    assert "Admin, privately · Admin\n    Hi" in shown
    assert "There are: Ann, Admin" in shown
    assert shown.count("Type:") == 2


async def test_all_kinds_of_things_are_written(
    sandbox: Sandbox, api: Api, talk: Callable[..., Awaitable[str]]
) -> None:
    ann, eve = sandbox.person("Ann"), sandbox.person("Eve")
    group = sandbox.chat("@ai_news_plus")
    await eve.joins(group)
    await eve.leaves(group)
    await ann.sends_document("a.md", b"x", "Look")
    sent = await api("sendMessage", chat_id=group.id, text="Old")
    where = {"chat_id": group.id, "message_id": sent["message_id"]}
    await api("editMessageText", **where, text="New")
    await api("pinChatMessage", **where)
    gone = await api("sendMessage", chat_id=group.id, text="Gone")
    await api("deleteMessage", chat_id=group.id, message_id=gone["message_id"])
    await api("setChatTitle", chat_id=group.id, title="AI")

    shown = await talk()

    for words in (
        "Eve joined",
        "Eve left",
        "[a file: document]\n    Look",
        "(edited)\n    New",
        "Digest Sandbox pinned a message",
        "The pinned messages of AI changed.",
        "A message in AI was deleted.",
        "new_chat_title",
    ):
        assert words in shown


def test_what_steers_a_terminal_is_dropped() -> None:
    assert clean("a\x1b[31mb\x9bc\n表") == "a[31mbc\n表"


def test_an_address_that_is_its_own_words_is_not_repeated() -> None:
    link = {"type": "text_link", "offset": 0, "length": 3, "url": "http://a.b/"}

    assert with_links("a.b", [link]) == "a.b"
    assert with_links("😀 b", [link | {"length": 4}]) == "😀 b <http://a.b/>"


async def test_lines_come_from_a_stream() -> None:
    assert [line async for line in typed(io.StringIO("one\ntwo\n"))] == ["one\n", "two\n"]


async def test_events_are_kept_for_those_who_come_late() -> None:
    events = Events()
    for number in range(3):
        events.publish("x", {"n": number})

    assert [event.data["n"] for event in events.since(1)] == [1, 2]
    assert Clock().instant().tzinfo is not None


async def test_a_terminal_without_a_bot_goes_on(sandbox: Sandbox) -> None:
    async def script() -> AsyncIterator[str]:
        yield "/today"

    written: list[str] = []
    people, group = [sandbox.person("Ann")], sandbox.chat("@ai_news_plus")
    talk = asyncio.ensure_future(
        converse(sandbox, people, group, lines=script(), write=written.append, patience=0.01)
    )
    await asyncio.sleep(0.1)

    assert not talk.done()
    assert any("/today" in one for one in written[5:])
    talk.cancel()


async def missed(sandbox: Sandbox, *lines: str, patience: float = PATIENCE) -> list[str]:
    """Give the lines that came to nothing."""
    ann, group = sandbox.person("Ann"), sandbox.chat("@ai_news_plus")
    group.has_member(ann)
    found: list[str] = []

    async def script() -> AsyncIterator[str]:
        for line in lines:
            yield line
        saying.cancel()

    saying = asyncio.create_task(
        converse(sandbox, [ann], group, lines=script(), patience=patience, missed=found.append)
    )
    await asyncio.wait({saying})
    return found


async def test_lines_that_come_to_nothing_are_told_apart(sandbox: Sandbox, api: Api) -> None:
    bot = asyncio.ensure_future(answer(api))

    found = await missed(
        sandbox, "?", "/today", "1", "2", "3", "/as ann", "@group", "9", "/as x", "@group /today"
    )

    assert found == ["9", "/as x"]
    bot.cancel()


async def test_lines_without_an_answer_are_told(sandbox: Sandbox) -> None:
    assert await missed(sandbox, "/today", patience=0.01) == ["/today"]


async def test_lines_that_are_held_back_are_told(sandbox: Sandbox) -> None:
    sandbox.chat("@ai_news_plus").mutes_members()

    assert await missed(sandbox, "@group /today") == ["@group /today"]


async def test_a_line_may_be_meant_to_meet_no_answer(
    sandbox: Sandbox, talk: Callable[..., Awaitable[str]]
) -> None:
    del talk  # its bot answers whatever it sees
    people, missed = [sandbox.person("Ann")], list[str]()
    group = sandbox.chat("@ai_news_plus")
    group.adds_bot()
    group.has_member(people[0])

    async def script() -> AsyncIterator[str]:
        yield "/unanswered @group hello"
        yield "/unanswered /today"
        raise EOFError

    with pytest.raises(ExceptionGroup):
        await converse(sandbox, people, group, lines=script(), missed=missed.append)

    assert missed == ["/unanswered /today"]
