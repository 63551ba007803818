"""Messages over real HTTP; answers and faults, to outcomes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pytest
from aiohttp import web
from telegram.ext import ExtBot

from bot.model import Button, Message, Preview
from bot.services.outcomes import (
    Address,
    Gone,
    InDoubt,
    Migrated,
    Outcome,
    Partly,
    Priority,
    Refusal,
    Rejected,
    Retry,
    Sent,
)
from bot.telegram_api.limiter import RateLimiter
from bot.telegram_api.request import AiohttpRequest
from bot.telegram_api.sender import TelegramSender

if TYPE_CHECKING:
    from tests.telegram_api.conftest import BotApi

Bot: TypeAlias = ExtBot[Priority]
HELLO = Message("<b>Hello</b>")


async def send(bot: Bot, message: Message = HELLO, chat_id: int = 7) -> Outcome:
    return await TelegramSender(bot).send(Address(chat_id), message, Priority.BROADCAST)


async def test_broadcasts_alone_are_paid_for(api: BotApi, bot: Bot) -> None:
    sender = TelegramSender(bot, paid=True)

    await sender.send(Address(7), HELLO, Priority.BROADCAST)
    await sender.send(Address(8), HELLO, Priority.REPLY)
    await send(bot, chat_id=9)

    assert [call.get("allow_paid_broadcast") for call in api.calls] == [True, None, None]


async def test_a_message_arrives_as_it_was_rendered(api: BotApi, bot: Bot) -> None:
    rows = ((Button("Read", url="https://example.org"), Button("Find", query="x")),)
    message = Message("<b>Hi</b>", rows, Preview("https://example.org/cover.png"))

    outcome = await TelegramSender(bot).send(Address(-(2**52) - 1, 5), message, Priority.REPLY)

    assert outcome == Sent(1)
    assert api.calls == [
        {
            "chat_id": -(2**52) - 1,
            "message_thread_id": 5,
            "text": "<b>Hi</b>",
            "parse_mode": "HTML",
            "link_preview_options": {
                "url": "https://example.org/cover.png",
                "prefer_large_media": True,
                "show_above_text": True,
            },
            "reply_markup": {
                "inline_keyboard": [
                    [
                        {"text": "Read", "url": "https://example.org"},
                        {"text": "Find", "switch_inline_query_current_chat": "x"},
                    ]
                ]
            },
        }
    ]


@pytest.mark.parametrize(
    ("status", "description", "expected"),
    [
        (403, "Forbidden: bot was blocked by the user", Gone),
        (403, "Forbidden: user is deactivated", Gone),
        (403, "Forbidden: bot was kicked from the supergroup chat", Gone),
        (403, "Forbidden: bot is not a member of the channel chat", Gone),
        (400, "Bad Request: chat not found", Gone),
        (400, "Bad Request: message thread not found", Rejected),
        (400, "Bad Request: USER_IS_BLOCKED", Gone),
        (400, "Bad Request: TOPIC_CLOSED", Rejected),
        (403, "Forbidden: TOPIC_CLOSED", Rejected),
        (400, "Bad Request: not enough rights to send text messages to the chat", Rejected),
        (403, "Forbidden: bot has no rights to send a message", Rejected),
        (400, "Bad Request: something new", Rejected),
        (500, "Internal Server Error", Retry),
        (502, "Bad Gateway", Retry),
        (429, "Too Many Requests: no wait is named", Retry),
        (401, "Unauthorized", Retry),
    ],
)
async def test_a_refusal_is_understood(
    api: BotApi, bot: Bot, status: int, description: str, expected: type
) -> None:
    api.refuses(status, description)

    outcome = await send(bot)

    assert type(outcome) is expected


@pytest.mark.parametrize(
    ("status", "description", "reason"),
    [
        (403, "Forbidden: bot was blocked by the user", "blocked"),
        (403, "Forbidden: bot was kicked from the group chat", "kicked"),
        (400, "Bad Request: chat not found", "chat not found"),
        (403, "Forbidden: something new", "forbidden: something new"),
        (502, "Bad Gateway", "server error"),
    ],
)
async def test_what_is_known_is_said_in_our_words(
    api: BotApi, bot: Bot, status: int, description: str, reason: str
) -> None:
    api.refuses(status, description)

    outcome = await send(bot)

    assert isinstance(outcome, Gone | Retry)
    assert outcome.reason == reason


@pytest.mark.parametrize(
    ("description", "kind"),
    [
        ("Bad Request: message thread not found", Refusal.TOPIC),
        ("Bad Request: TOPIC_ID_INVALID", Refusal.TOPIC),
        ("Bad Request: CHAT_ADMIN_REQUIRED", Refusal.RIGHTS),
        ("Bad Request: not enough rights to send text messages to the chat", Refusal.RIGHTS),
        ("Bad Request: something new", Refusal.CONTENT),
    ],
)
async def test_a_rejection_says_of_what_kind_it_is(
    api: BotApi, bot: Bot, description: str, kind: Refusal
) -> None:
    api.refuses(400, description)

    outcome = await send(bot)

    assert isinstance(outcome, Rejected)
    assert outcome.kind is kind


async def test_a_chat_that_moved_gives_its_new_number(api: BotApi, bot: Bot) -> None:
    api.refuses(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100123)

    assert await send(bot) == Migrated(-100123)


@pytest.mark.parametrize("nowhere", ["abc", 2**63, -1e300])
async def test_a_chat_that_moved_nowhere_is_refused(api: BotApi, bot: Bot, nowhere: object) -> None:
    api.refuses(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=nowhere)

    assert isinstance(await send(bot), Rejected)


async def test_a_flood_wait_in_words_is_understood(api: BotApi, bot: Bot) -> None:
    api.refuses(429, "Too Many Requests: retry after 30")

    assert await send(bot) == Retry("flood wait of the chat", 30)


async def test_a_refusal_that_came_as_if_all_were_well_is_one(api: BotApi, bot: Bot) -> None:
    api.says('{"ok": false, "error_code": 400, "description": "chat not found"}')

    assert await send(bot) == Gone("chat not found")


@pytest.mark.parametrize(
    ("named", "understood"),
    [
        (43837, 43837),
        (0, 1),
        (-1, 1),
        ("soon", 1),
        ("30", 30),
        (2.5, 3),
        (None, 1),
        (True, 1),
        (10**30, 604800),
        (float("1e308"), 604800),
    ],
)
async def test_any_flood_wait_is_understood(
    api: BotApi, bot: Bot, named: object, understood: int
) -> None:
    api.refuses(429, "Too Many Requests: retry after that", retry_after=named)

    assert await send(bot) == Retry("flood wait of the chat", understood)


@pytest.mark.parametrize("named", [5, "soon", -1, "6.5", None])
async def test_the_longer_of_two_waits_that_are_named_counts(
    api: BotApi, bot: Bot, named: object
) -> None:
    api.refuses(429, "Too Many Requests: retry after 7", retry_after=named)
    api.refuses(429, "Too Many Requests: retry after 7", retry_after=9)

    assert await send(bot) == Retry("flood wait of the chat", 7)
    assert await send(bot, chat_id=8) == Retry("flood wait of the chat", 9)


@pytest.mark.parametrize(
    ("named", "understood"),
    [
        ({"Retry-After": "7"}, Retry("flood wait of the chat", 7)),
        ({"Retry-After": "0"}, Retry("flood wait of the chat", 1)),
        ({"Retry-After": "Wed, 14 Jan 2026 08:00:00 GMT"}, Retry("server error")),
        ({}, Retry("server error")),
    ],
)
async def test_a_flood_wait_of_a_server_before_telegrams_is_understood(
    api: BotApi, bot: Bot, named: dict[str, str], understood: Retry
) -> None:
    api.says("<html>Too Many Requests</html>", 429, named)

    assert await send(bot) == understood


async def test_a_flood_wait_is_not_asked_about_again(api: BotApi, bot: Bot) -> None:
    api.refuses(429, "Too Many Requests: retry after 600", retry_after=600)
    await send(bot)

    outcome = await send(bot)

    assert isinstance(outcome, Retry)
    assert 590 < (outcome.after or 0) <= 600
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    "body",
    ["<html>gateway</html>", '{"ok": true, "resu', "[1, 2]", "{}", "", '{"ok": true}', "\xff"],
)
async def test_an_answer_that_is_none_leaves_doubt(api: BotApi, bot: Bot, body: str) -> None:
    api.says(body)

    assert isinstance(await send(bot), InDoubt)


async def test_an_error_without_a_number_leaves_doubt(api: BotApi, bot: Bot) -> None:
    api.says('{"ok": false, "error_code": "x", "description": "y"}')

    assert isinstance(await send(bot), InDoubt)


async def test_html_with_an_error_status_is_an_error(api: BotApi, bot: Bot) -> None:
    api.says("<html>Bad Gateway</html>", status=502)

    assert isinstance(await send(bot), Retry)


async def test_an_answer_about_another_chat_leaves_doubt(api: BotApi, bot: Bot) -> None:
    async def answer(_asked: dict[str, Any]) -> web.StreamResponse:
        return web.json_response(api.message(8))

    api.planned.append(answer)

    assert isinstance(await send(bot), InDoubt)


@pytest.mark.parametrize("number", ["x", None, 2**63, -1, 1.5])
async def test_an_answer_of_another_shape_leaves_doubt(
    api: BotApi, bot: Bot, number: object
) -> None:
    async def answer(_asked: dict[str, Any]) -> web.StreamResponse:
        message = {"message_id": number, "chat": {"id": 7}}
        return web.json_response({"ok": True, "result": message})

    api.planned.append(answer)

    assert isinstance(await send(bot), InDoubt)


async def test_a_hung_connection_leaves_doubt(api: BotApi, bot: Bot) -> None:
    async def answer(_asked: dict[str, Any]) -> web.StreamResponse:
        await asyncio.sleep(3600)
        raise AssertionError

    api.planned.append(answer)

    assert isinstance(await send(bot), InDoubt)


async def test_a_connection_that_is_cut_leaves_doubt(api: BotApi, bot: Bot) -> None:
    async def cut(asked: dict[str, Any]) -> web.StreamResponse:
        transport = api.request.transport
        assert transport is not None
        transport.abort()
        return web.Response()

    api.planned.append(cut)

    assert isinstance(await send(bot), InDoubt)


async def test_where_no_connection_is_made_nothing_was_sent(unused_tcp_port: int) -> None:
    request = AiohttpRequest()
    bot: Bot = ExtBot(
        "1:secret",
        base_url=f"http://127.0.0.1:{unused_tcp_port}/bot",
        request=request,
        rate_limiter=RateLimiter(30),
    )
    await request.initialize()

    outcome = await send(bot)

    assert isinstance(outcome, Retry)
    assert "secret" not in outcome.reason
    await request.shutdown()


async def test_refused_markup_goes_as_plain_text(api: BotApi, bot: Bot) -> None:
    api.refuses(400, "Bad Request: can't parse entities: unsupported start tag")

    outcome = await send(bot, Message("<b>5 &lt; 6</b>", ((Button("x", data="c:d1:0"),),)))

    assert isinstance(outcome, Sent)
    assert outcome.plain
    assert api.calls[1]["text"] == "5 < 6"
    assert "parse_mode" not in api.calls[1]
    assert "reply_markup" not in api.calls[1]


async def test_a_text_that_is_too_long_goes_in_pieces(api: BotApi, bot: Bot) -> None:
    api.refuses(400, "Bad Request: message is too long")
    words = " ".join(f"word{n}" for n in range(800))
    sender = TelegramSender(bot)

    whole = await sender.send(Address(7), Message(words), Priority.BROADCAST)
    first = await sender.send(Address(7), Message(words), Priority.BROADCAST, piece=0)
    last = await sender.send(Address(7), Message(words), Priority.BROADCAST, piece=1)

    assert whole == Partly(0, plain="Message is too long")
    assert (type(first), type(last)) == (Partly, Sent)
    assert " ".join(call["text"].strip() for call in api.calls[1:]) == words


async def test_behind_the_last_piece_all_have_arrived(api: BotApi, bot: Bot) -> None:
    sender = TelegramSender(bot)
    words = "word " * 1000

    outcome = await sender.send(Address(7), Message(words), Priority.BROADCAST, piece=2)

    assert outcome == Sent(0, plain="the message was too long")
    assert api.calls == []


async def test_a_piece_that_fails_is_tried_alone(api: BotApi, bot: Bot) -> None:
    words = " ".join(f"word{n}" for n in range(800))
    api.refuses(500, "Internal Server Error")
    sender = TelegramSender(bot)

    outcome = await sender.send(Address(7), Message(words), Priority.BROADCAST, piece=1)
    beyond = await sender.send(Address(7), Message(words), Priority.BROADCAST, piece=9)

    assert (type(outcome), type(beyond)) == (Retry, Rejected)
    assert len(api.calls) == 1


async def test_a_message_is_edited(api: BotApi, bot: Bot) -> None:
    sender = TelegramSender(bot)

    outcome = await sender.edit(Address(7, 5), 1, HELLO, Priority.BROADCAST)

    assert outcome == Sent(1)
    assert api.calls == [
        {
            "chat_id": 7,
            "message_id": 1,
            "text": "<b>Hello</b>",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
    ]


async def test_an_edit_that_changes_nothing_is_done(api: BotApi, bot: Bot) -> None:
    api.refuses(400, "Bad Request: message is not modified: specified new message content")

    assert await TelegramSender(bot).edit(Address(7), 1, HELLO, Priority.BROADCAST) == Sent(1)


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: can't parse entities: unsupported start tag",
        "Bad Request: inline keyboard button URL 'x' is invalid: Unsupported URL protocol",
        "Bad Request: text buttons are unallowed in the inline keyboard",
        "Bad Request: BUTTON_URL_INVALID",
        "Bad Request: ENTITY_BOUNDS_INVALID",
        "Bad Request: ENTITIES_TOO_LONG",
        "Bad Request: REPLY_MARKUP_INVALID",
        "Bad Request: REPLY_MARKUP_TOO_LONG",
        "Bad Request: reply markup is too long",
        "Bad Request: wrong HTTP URL specified",
        "Bad Request: WEBPAGE_MEDIA_EMPTY",
    ],
)
async def test_whatever_markup_is_refused_the_words_arrive(
    description: str, api: BotApi, bot: Bot
) -> None:
    message = Message("<b>Hello</b>", ((Button("x", data="c:d1:0"),),))

    api.refuses(400, description)
    sent = await send(bot, message)
    api.refuses(400, description)
    edited = await TelegramSender(bot).edit(Address(7), 2, message, Priority.BROADCAST)

    assert isinstance(sent, Sent)
    assert isinstance(edited, Sent)
    assert api.calls[1] == {"chat_id": 7, "text": "Hello"}
    assert api.calls[3] == {"chat_id": 7, "message_id": 2, "text": "Hello"}


async def test_refused_markup_of_an_edit_goes_as_plain_text(api: BotApi, bot: Bot) -> None:
    api.refuses(400, "Bad Request: can't parse entities")

    wrong = Message("<b>Hello</b>", ((Button("x", data="c:d1:0"),),))

    outcome = await TelegramSender(bot).edit(Address(7), 1, wrong, Priority.BROADCAST)

    assert outcome == Sent(1, plain="Can't parse entities")
    assert api.calls[1] == {"chat_id": 7, "message_id": 1, "text": "Hello"}


async def test_an_edit_of_what_is_gone_is_rejected(api: BotApi, bot: Bot) -> None:
    api.refuses(400, "Bad Request: message to edit not found")

    outcome = await TelegramSender(bot).edit(Address(7), 1, HELLO, Priority.BROADCAST)

    assert isinstance(outcome, Rejected)


async def test_an_answer_about_another_message_leaves_doubt(api: BotApi, bot: Bot) -> None:
    outcome = await TelegramSender(bot).edit(Address(7), 99, HELLO, Priority.BROADCAST)

    assert isinstance(outcome, InDoubt)


async def test_messages_are_deleted(api: BotApi, bot: Bot) -> None:
    async def answer(_asked: dict[str, Any]) -> web.StreamResponse:
        return web.json_response({"ok": True, "result": True})

    api.planned.append(answer)

    outcome = await TelegramSender(bot).delete(Address(7), [1, 2], Priority.BROADCAST)

    assert outcome == Sent(0)
    assert api.calls == [{"chat_id": 7, "message_ids": [1, 2]}]


def test_a_bot_without_our_limiter_is_refused() -> None:
    with pytest.raises(TypeError, match="rate limiter"):
        TelegramSender(cast("Bot", ExtBot("1:secret")))


async def test_a_chat_that_refuses_plain_text_too_is_believed(api: BotApi, bot: Bot) -> None:
    api.refuses(400, "Bad Request: can't parse entities")
    api.refuses(403, "Forbidden: bot was blocked by the user")

    assert isinstance(await send(bot), Gone)


async def test_a_message_of_no_words_is_rejected(api: BotApi, bot: Bot) -> None:
    api.refuses(400, "Bad Request: can't parse entities")

    assert isinstance(await send(bot, Message("<b></b>")), Rejected)
