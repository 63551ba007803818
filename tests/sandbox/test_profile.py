"""What the bot says of itself."""

from __future__ import annotations

import pytest

from bot.sandbox import Sandbox
from tests.sandbox.conftest import Api, Refusal

TODAY = {"command": "today", "description": "Today's digest"}


async def test_commands_are_kept_by_scope_and_language(sandbox: Sandbox, api: Api) -> None:
    ann = sandbox.person("Ann")
    await ann.says("/start")
    scope = {"type": "chat", "chat_id": ann.id}

    await api("setMyCommands", commands=[{"command": "/today", "description": "Today's digest"}])
    await api("setMyCommands", commands=[TODAY] * 2, scope=scope, language_code="zh")

    assert await api("getMyCommands") == [TODAY]
    assert len(await api("getMyCommands", scope=scope, language_code="zh")) == 2
    assert await api("getMyCommands", scope=scope) == []
    scopes = [f"chat:{ann.id}", "default"]
    assert len(sandbox.world.profile.commands_for(scopes, "zh")) == 2
    assert len(sandbox.world.profile.commands_for(scopes, "en")) == 1
    assert await api("deleteMyCommands")
    assert await api("getMyCommands") == []
    assert sandbox.world.profile.commands_for(scopes, "en") == []


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"commands": [{"command": "Ünfit", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x", "description": ""}]}, "must be non-empty"),
        (
            {"commands": [{"command": "x", "description": "x" * 257}]},
            "command description length must not exceed 256",
        ),
        ({"commands": [TODAY] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [TODAY], "language_code": "english"}, "invalid language code specified"),
        ({"commands": [TODAY], "scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
        ({"commands": [TODAY], "scope": "{"}, "can't parse BotCommandScope JSON object"),
        ({"commands": [{"command": "x" * 33, "description": "x"}]}, "length must not exceed 32"),
        ({"commands": [{"command": "x"}]}, 'Can\'t find field "description"'),
        ({"commands": [TODAY], "scope": {"type": "none"}}, "Unsupported type specified"),
    ],
)
async def test_bad_commands_are_refused(
    refusal: Refusal, params: dict[str, object], words: str
) -> None:
    assert (await refusal("setMyCommands", **params)).endswith(words)


async def test_scopes_must_fit_their_chat(sandbox: Sandbox, refusal: Refusal) -> None:
    ann = sandbox.person("Ann")
    group = sandbox.chat("@ai_news_plus")
    await ann.says("/start")
    scope = {"type": "chat_administrators", "chat_id": ann.id}

    words = await refusal("setMyCommands", commands=[TODAY], scope=scope)
    group.kicks_bot()
    out = await refusal("setMyCommands", commands=[TODAY], scope=scope | {"chat_id": group.id})

    assert words.endswith("can't use specified scope in private chats")
    assert out == "403 Forbidden: bot was kicked from the supergroup chat"


async def test_texts_are_kept_by_language(api: Api, refusal: Refusal) -> None:
    assert await api("getMyName") == {"name": "Digest Sandbox"}
    await api("setMyName", name="日报", language_code="zh")
    await api("setMyDescription", description="All the news")
    await api("setMyShortDescription", short_description="News")

    assert await api("getMyName", language_code="zh") == {"name": "日报"}
    assert await api("getMyDescription", language_code="zh") == {"description": "All the news"}
    assert await api("getMyShortDescription") == {"short_description": "News"}
    too_long = await refusal("setMyShortDescription", short_description="x" * 121)
    assert too_long == "400 Bad Request: bot short description is too long"


async def test_the_menu_button_is_ones_own_or_that_of_all(sandbox: Sandbox, api: Api) -> None:
    ann = sandbox.person("Ann")
    page = {"type": "web_app", "text": "Open", "web_app": {"url": "https://example.org/"}}

    assert await api("getChatMenuButton") == {"type": "commands"}
    assert await api("setChatMenuButton", chat_id=ann.id, menu_button=page)
    assert await api("getChatMenuButton", chat_id=ann.id) == page
    assert await api("setChatMenuButton", chat_id=ann.id)
    assert await api("getChatMenuButton", chat_id=ann.id) == {"type": "commands"}
