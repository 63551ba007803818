"""Buttons and inline queries: asked once, answered once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.sandbox import MessageView, Person, Sandbox
from tests.sandbox.conftest import Api, Refusal

ARTICLE = {
    "type": "article",
    "id": "1",
    "title": "One",
    "input_message_content": {"message_text": "One"},
}
LATE = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
ROWS = [
    [{"text": "Go", "callback_data": "go"}, {"text": "Web", "url": "https://example.org/"}],
    [{"text": "Deep", "url": "https://t.me/digest_sandbox_bot?start=d_1"}],
    [{"text": "Find", "switch_inline_query_current_chat": "words"}],
    [{"text": "Copy", "copy_text": {"text": "copied"}}],
]


@pytest.fixture
async def message(api: Api, ann: Person) -> MessageView:
    await api("sendMessage", chat_id=ann.id, text="Press", reply_markup={"inline_keyboard": ROWS})
    return await ann.sees("Press")


async def update(api: Api, kind: str) -> dict[str, Any]:
    while True:
        for one in await api("getUpdates", timeout=5):
            if kind in one:
                return dict(one[kind])


async def test_a_press_is_answered_once(
    api: Api, refusal: Refusal, ann: Person, message: MessageView
) -> None:
    press = asyncio.create_task(ann.presses(message, "Go"))
    query = await update(api, "callback_query")

    said = {"callback_query_id": query["id"], "text": "Gone", "show_alert": True}
    assert await api("answerCallbackQuery", **said)

    answer = await press
    assert answer is not None
    assert (answer.text, answer.alert) == ("Gone", True)
    assert query["data"] == "go"
    assert await refusal("answerCallbackQuery", **said) == LATE


async def test_a_late_answer_is_refused(
    sandbox: Sandbox, api: Api, refusal: Refusal, ann: Person, message: MessageView
) -> None:
    assert await ann.presses(message, "Go", within=0) is None
    query = await update(api, "callback_query")
    sandbox.clock.advance(61)

    assert await refusal("answerCallbackQuery", callback_query_id=query["id"]) == LATE
    too_long = await refusal("answerCallbackQuery", callback_query_id="1", text="x" * 201)
    assert too_long == "400 Bad Request: MESSAGE_TOO_LONG"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://t.me/someone_else?start=x",
        "https://t.me.evil.example/digest_sandbox_bot",
        "javascript:alert(1)",
        "http://[x",
    ],
)
async def test_an_answer_opens_nothing_but_the_bot(
    api: Api, refusal: Refusal, ann: Person, message: MessageView, url: str
) -> None:
    await ann.presses(message, "Go", within=0)
    number = (await update(api, "callback_query"))["id"]

    said = await refusal("answerCallbackQuery", callback_query_id=number, url=url)

    assert said == "400 Bad Request: URL_INVALID"
    own = "t.me/digest_sandbox_bot?start=x"
    assert await api("answerCallbackQuery", callback_query_id=number, url=own)


@pytest.mark.parametrize("words", ["", "x" * 257])
async def test_what_a_button_copies_is_neither_empty_nor_long(
    api: Api, refusal: Refusal, ann: Person, words: str
) -> None:
    button = {"text": "Copy", "copy_text": {"text": words}}
    keyboard = {"inline_keyboard": [[button]]}

    said = await refusal("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard)

    assert said == "400 Bad Request: BUTTON_COPY_TEXT_INVALID"
    button["copy_text"] = {"text": "x" * 256}
    assert await api("sendMessage", chat_id=ann.id, text="x", reply_markup=keyboard)


async def test_other_buttons_do_what_a_client_does(
    api: Api, ann: Person, message: MessageView
) -> None:
    web = await ann.presses(message, "Web")
    copied = await ann.presses(message, "Copy")
    started = await ann.presses(message, "Deep")

    assert web is not None
    assert web.url == "https://example.org/"
    assert copied is not None
    assert copied.text == "copied"
    assert started is None
    assert ann.messages[-1].text == "/start d_1"
    with pytest.raises(LookupError, match="no button 'Nope'"):
        await ann.presses(message, "Nope")


async def test_a_button_of_a_deleted_message_is_gone(
    api: Api, ann: Person, message: MessageView
) -> None:
    await api("deleteMessage", chat_id=ann.id, message_id=message.message_id)

    with pytest.raises(LookupError, match="gone"):
        await ann.presses(message, "Go")


async def test_inline_results_are_offered_and_sent(
    sandbox: Sandbox, api: Api, ann: Person, message: MessageView
) -> None:
    group = sandbox.chat("@ai_news_plus")
    press = asyncio.create_task(ann.presses(message, "Find"))
    query = await update(api, "inline_query")
    result = {
        "type": "article",
        "id": "1",
        "title": "Found",
        "input_message_content": {"message_text": "<b>Found</b>", "parse_mode": "HTML"},
    }

    assert await api("answerInlineQuery", inline_query_id=query["id"], results=[result])

    answer = await press
    assert answer is not None
    assert query["query"] == "words"
    await ann.chooses(answer.results[0], group)
    assert group.messages[-1].text == "Found"


@pytest.mark.parametrize(
    ("results", "words"),
    [
        (
            [{"type": "article", "id": "1", "title": "x"}],
            'Can\'t find field "input_message_content"',
        ),
        ([{"type": "article", "id": "1"}], 'Can\'t find field "title"'),
        ([{"type": "article", "id": "", "title": "x"}], "RESULT_ID_INVALID"),
        ([{"type": "photo", "id": "1", "photo_url": "u"}] * 2, "RESULT_ID_DUPLICATE"),
        ([{"type": "photo", "id": "1", "photo_url": "u"}] * 51, "RESULTS_TOO_MUCH"),
    ],
)
async def test_bad_inline_results_are_refused(
    refusal: Refusal, results: list[dict[str, str]], words: str
) -> None:
    said = await refusal("answerInlineQuery", inline_query_id="1", results=results)

    assert said.endswith(words)


async def test_long_offsets_are_refused_and_other_kinds_taken(
    api: Api, refusal: Refusal, ann: Person
) -> None:
    words = await refusal(
        "answerInlineQuery", inline_query_id="1", results=[], next_offset="x" * 65
    )
    typing = asyncio.create_task(ann.types_inline("words"))
    query = await update(api, "inline_query")
    photo = {"type": "photo", "id": "1", "photo_url": "https://a.b/c.png", "thumbnail_url": "x"}

    await api("answerInlineQuery", inline_query_id=query["id"], results=[photo])

    assert words == "400 Bad Request: NEXT_OFFSET_INVALID"
    assert (await typing)[0]["type"] == "photo"


async def test_nobody_answers_in_time(ann: Person, message: MessageView) -> None:
    assert await ann.types_inline("words", within=0) == []
    with pytest.raises(AssertionError, match="Ann did not see 'never'"):
        await ann.sees("never", within=0)


async def test_results_come_page_by_page(sandbox: Sandbox, api: Api, ann: Person) -> None:
    group = sandbox.chat("@ai_news_plus")
    first = asyncio.create_task(ann.types_inline("words", in_=group))
    query = await update(api, "inline_query")
    page = [ARTICLE | {"id": str(number)} for number in range(2)]
    await api("answerInlineQuery", inline_query_id=query["id"], results=page, next_offset="2")
    assert len(await first) == 2

    second = asyncio.create_task(ann.scrolls_on())
    async with asyncio.timeout(5):
        while query["offset"] != "2":
            query = (await api("getUpdates", offset=-1))[0]["inline_query"]
    await api("answerInlineQuery", inline_query_id=query["id"], results=[ARTICLE])

    assert (query["query"], query["chat_type"]) == ("words", "supergroup")
    assert len(await second) == 1
    assert await ann.scrolls_on() == []


async def test_what_is_sent_inline_is_known_by_a_name_of_its_own(
    sandbox: Sandbox, api: Api, refusal: Refusal, ann: Person
) -> None:
    group = sandbox.chat("@ai_news_plus")
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    typing = asyncio.create_task(ann.types_inline("words"))
    query = await update(api, "inline_query")
    result = ARTICLE | {"reply_markup": markup}
    await api("answerInlineQuery", inline_query_id=query["id"], results=[result])
    await ann.chooses((await typing)[0], group)

    await ann.presses(group.messages[-1], "Go", within=0)
    press = await update(api, "callback_query")
    name = {"inline_message_id": press["inline_message_id"]}
    edited = await api("editMessageText", **name, text="Changed")
    same = await refusal("editMessageText", **name, text="Changed")

    assert "message" not in press
    assert edited is True
    assert group.messages[-1].text == "Changed"
    assert same.startswith("400 Bad Request: message is not modified")


@pytest.mark.parametrize(
    ("result", "sent"),
    [
        ({"type": "photo", "photo_url": "https://a.b/c.png", "thumbnail_url": "x"}, "photo"),
        ({"type": "gif", "gif_url": "https://a.b/c.gif", "thumbnail_url": "x"}, "animation"),
        ({"type": "location", "latitude": 1, "longitude": 2, "title": "Here"}, "location"),
        ({"type": "contact", "phone_number": "+1", "first_name": "Bo"}, "contact"),
    ],
)
async def test_other_kinds_of_results_are_sent_as_what_they_are(
    api: Api, ann: Person, result: dict[str, object], sent: str
) -> None:
    typing = asyncio.create_task(ann.types_inline("words"))
    query = await update(api, "inline_query")
    await api("answerInlineQuery", inline_query_id=query["id"], results=[{"id": "1"} | result])

    await ann.chooses((await typing)[0])

    assert sent in ann.messages[-1].raw


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"results": [{"type": "photo", "id": "1"}]}, 'Can\'t find field "photo_file_id"'),
        ({"results": [{"type": "game", "id": "1"}]}, "results of type game are not supported"),
        ({"results": [{"type": "venue", "id": "1"}]}, 'Can\'t find field "title"'),
        (
            {"results": [ARTICLE | {"input_message_content": {"currency": "EUR"}}]},
            "that input_message_content is not supported",
        ),
        ({"results": [], "button": {"text": "Go", "start_parameter": "a b"}}, "PARAM_INVALID"),
    ],
)
async def test_what_cannot_be_offered_is_refused(
    refusal: Refusal, more: dict[str, object], words: str
) -> None:
    assert (await refusal("answerInlineQuery", inline_query_id="1", **more)).endswith(words)
