"""What is said of what can be said; menus; and what is no words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.rendering.callbacks import Choose
from bot.sandbox.people import Person
from tests.conftest import Stage

SECOND = 1.1
"""How often a chat is written to."""


async def test_help_names_what_admins_may_to_admins_alone(bot: Stage) -> None:
    for person, named in ((bot.admin, True), (bot.ann, False)):
        for words in ("/help", "/start", "/nonsense"):
            await person.says(words)
            assert ("/broadcast" in (await person.sees("/saved")).text) is named


async def test_help_in_a_group_is_short_and_leads_to_the_private_chat(bot: Stage) -> None:
    await bot.admin.says("/help", bot.group)
    answer = await bot.admin.sees("/today", in_=bot.group)
    assert "/broadcast" not in answer.text
    assert "/subscribe" not in answer.text

    await bot.admin.presses(answer, "More in our own chat")
    await bot.admin.sees("/broadcast")


@pytest.mark.parametrize("payload", ["", " nonsense", " d_"])
async def test_start_in_a_group_is_answered_as_help_there(bot: Stage, payload: str) -> None:
    await bot.admin.says(f"/start{payload}", bot.group)

    answer = await bot.admin.sees("/today", in_=bot.group)
    assert "/broadcast" not in answer.text
    assert "/subscribe" not in answer.text
    assert answer.buttons == (("More in our own chat",),)


@pytest.mark.parametrize(
    "payload", ["d_ai-daily-20260114-kfst", "i22_ai-daily-20260114-kfstaaaaaa"]
)
async def test_a_digest_is_not_read_in_a_group(bot: Stage, payload: str) -> None:
    await bot.ann.says(f"/start {payload}", bot.group)

    answer = await bot.ann.sees("own chat", in_=bot.group)
    [[only]] = answer.raw["reply_markup"]["inline_keyboard"]
    assert only["url"].endswith(f"?start={payload}")


async def test_a_link_to_the_settings_is_answered_in_a_group(bot: Stage) -> None:
    await bot.ann.says("/start settings", bot.group)

    await bot.ann.sees("Settings are private", in_=bot.group)


def menu_of(stage: Stage, person: Person, language: str) -> list[str]:
    """Give the names of the commands that a person's menu shows."""
    scopes = [f"chat:{person.id}", "all_private_chats"]
    found = stage.sandbox.world.profile.commands_for(scopes, language)
    return [str(command["command"]) for command in found]


async def until(holds: Callable[[], bool]) -> None:
    """Wait for a menu: the bot announces them while it answers already."""
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - a menu tells nobody
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("language", ["zh", "en", "de"])
async def test_menus_show_what_each_person_may_use(stage: Stage, language: str) -> None:
    await stage.admin.says("hello")
    async with stage.running():
        await until(lambda: "broadcast" in menu_of(stage, stage.admin, language))

        assert "broadcast" not in menu_of(stage, stage.ann, language)
        assert "saved" in menu_of(stage, stage.ann, language)


async def test_an_admin_who_starts_the_bot_late_gets_the_menu(bot: Stage) -> None:
    assert "broadcast" not in menu_of(bot, bot.admin, "en")

    await bot.admin.says("/start")
    await bot.admin.sees("Welcome!")
    await bot.admin.says("/help")
    await bot.admin.sees("/broadcast")

    assert "broadcast" in menu_of(bot, bot.admin, "en")


async def test_an_admin_no_more_loses_the_menu(stage: Stage) -> None:
    await stage.admin.says("hello")
    async with stage.running():
        await until(lambda: "broadcast" in menu_of(stage, stage.admin, "en"))

    async with stage.running(admin_ids=set()):
        await until(lambda: "broadcast" not in menu_of(stage, stage.admin, "en"))

    assert "today" in menu_of(stage, stage.admin, "en")


async def test_an_admin_no_more_keeps_the_menu_in_the_language_of_choice(stage: Stage) -> None:
    async with stage.running() as services:
        await stage.admin.says("hello")
        await stage.admin.sees("Nothing found")
        await services.personal.choose(stage.admin.id, Choose("language", "zh-CN"))

    def own_menu() -> list[dict[str, Any]]:
        return stage.sandbox.world.profile.commands_for([f"chat:{stage.admin.id}"], "en")

    async with stage.running(admin_ids=set()):
        await until(lambda: any(command["description"] == "一周回顾" for command in own_menu()))

    assert "broadcast" not in [command["command"] for command in own_menu()]


async def test_a_former_admin_who_blocked_the_bot_is_no_obstacle(stage: Stage) -> None:
    async with stage.running():
        pass

    async with stage.running(admin_ids=set()):
        await stage.ann.says("hello")
        await stage.ann.sees("Nothing found")


async def test_what_is_no_words_is_answered_in_private_alone(bot: Stage) -> None:
    await bot.ann.sends_document("a.txt", b"text", chat=bot.group)
    await bot.ann.sends_document("a.txt", b"text")

    await bot.ann.sees("I read words only")
    assert not any("I read words only" in text for text in bot.posts())


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {"file_id": "1", "file_unique_id": "1", "type": "regular", "width": 1}
         | {"height": 1, "is_animated": False, "is_video": False}},
        {"voice": {"file_id": "1", "file_unique_id": "1", "duration": 1}},
        {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]},
        {"dice": {"emoji": "🎲", "value": 1}},
        {"location": {"latitude": 1.0, "longitude": 1.0}},
    ],
)  # fmt: skip
async def test_any_kind_of_it_is_answered(bot: Stage, content: dict[str, object]) -> None:
    send(bot, content)

    await bot.ann.sees("I read words only")


async def test_an_admin_hears_that_an_announcement_has_no_picture(bot: Stage) -> None:
    await bot.admin.sends_document("a.png", b"picture", "/broadcast Look!")

    await bot.admin.sees("Announcements are words alone")


async def test_an_album_is_answered_once(bot: Stage) -> None:
    photo = {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]}
    for _ in range(4):
        send(bot, photo | {"media_group_id": "77"})
    await bot.ann.sees("I read words only")
    await asyncio.sleep(SECOND)
    send(bot, photo | {"media_group_id": "78"})
    await bot.ann.says("/help")
    await bot.ann.sees("/today")

    answers = [view for view in bot.ann.messages if "I read words only" in view.text]
    assert len(answers) == 2


def send(stage: Stage, content: dict[str, object]) -> None:
    """Let Ann send something that the sandbox's people cannot."""
    stage.sandbox.world.updates.push(
        "message",
        {
            "message_id": 999,
            "date": 1768348800,
            "chat": {"id": stage.ann.id, "type": "private", "first_name": "Ann"},
            "from": stage.ann.user.view(),
            **content,
        },
    )
    stage.ann.private.started = True
