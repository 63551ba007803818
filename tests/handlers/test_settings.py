"""``/settings``: one page that buttons change, for whoever speaks with the bot alone."""

from __future__ import annotations

import pytest

from bot.rendering.callback_data import encode
from bot.rendering.callbacks import Choose, SettingsPage
from bot.sandbox.people import Person
from tests.conftest import Stage
from tests.test_own_hours import turn


async def settings_of(person: Person, title: str = "Your settings") -> str:
    await person.says("/settings")
    return (await person.sees(title)).text


async def choose(person: Person, *labels: str) -> None:
    """Open the settings and press one button after another."""
    await person.says("/settings")
    number = (await person.sees("Your settings")).message_id
    for label in labels:
        # An admin may hear of a push meanwhile, below the settings.
        page = next(each for each in person.messages if each.message_id == number)
        await turn(person, page, label)


async def test_the_page_shows_what_holds_when_nothing_was_chosen(bot: Stage) -> None:
    text = await settings_of(bot.ann)

    assert text.splitlines() == [
        "Your settings",
        "Language: as in Telegram (English)",
        "Digests: with the group, at 08:00",
        f"Time zone: Shanghai, now 08:{bot.clock():%M}",
        "Weekdays: every day",
        "Quiet hours: none",
        "Digests do not come here yet: /subscribe starts it.",
    ]


async def test_the_page_speaks_chinese_too(bot: Stage) -> None:
    text = await settings_of(bot.wei, "你的设置")

    assert "语言：跟随 Telegram（简体中文）" in text
    assert "时区：上海，现在 08:0" in text


async def test_every_setting_is_chosen_by_buttons_alone(bot: Stage) -> None:
    await bot.ann.says("/subscribe")
    await choose(bot.ann, "Delivery hour", "20:00")
    await choose(bot.ann, "Time zone", "Tokyo")
    await choose(bot.ann, "Weekdays", "✓ Sunday", "✓ Saturday", "‹ Back")
    await choose(bot.ann, "Quiet hours", "22:00 – 07:00")

    text = await settings_of(bot.ann)

    assert "Digests: at 20:00" in text
    assert "Time zone: Tokyo, now 09:0" in text
    assert "Weekdays: Mo Tu We Th Fr" in text
    assert "Quiet hours: 22:00 – 07:00" in text
    assert "/subscribe" not in text


async def test_a_choice_can_be_taken_back(bot: Stage) -> None:
    await choose(bot.ann, "Delivery hour", "20:00")
    await choose(bot.ann, "Delivery hour", "with the group, at 08:00")

    assert "Digests: with the group, at 08:00" in await settings_of(bot.ann)


async def test_a_chosen_language_is_spoken_everywhere(bot: Stage) -> None:
    await choose(bot.ann, "Language", "简体中文")
    await bot.ann.sees("你的设置")

    await bot.ann.says("/help")
    await bot.ann.sees("一周回顾")
    await bot.ann.says("/subscribe", bot.group)
    await bot.ann.sees("私聊", in_=bot.group)
    menus = [call for call in bot.sandbox.calls if call.method == "setMyCommands"]
    assert menus[-1].params["scope"]["chat_id"] == bot.ann.id
    assert "今天" in str(menus[-1].params["commands"])


async def test_a_language_outlives_a_restart_and_can_be_left_to_telegram(stage: Stage) -> None:
    async with stage.running():
        await choose(stage.ann, "Language", "简体中文")
        await stage.ann.sees("你的设置")
    async with stage.running():
        await stage.ann.says("/help")
        await stage.ann.sees("一周回顾")
        await stage.ann.says("/settings")
        await stage.ann.presses(await stage.ann.sees("你的设置"), "语言")
        await stage.ann.presses(await stage.ann.sees("用哪种语言"), "跟随 Telegram")

        await stage.ann.sees("Your settings")
        assert any(call.method == "deleteMyCommands" for call in stage.sandbox.calls)


async def test_an_admin_keeps_the_admins_menu_in_another_language(bot: Stage) -> None:
    await choose(bot.admin, "Language", "简体中文")
    await bot.admin.sees("你的设置")

    menus = [call for call in bot.sandbox.calls if call.method == "setMyCommands"]
    assert "broadcast" in str(menus[-1].params["commands"])
    assert "今天" in str(menus[-1].params["commands"])


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("Asia/Kathmandu", "Kathmandu"),
        ("europe/berlin", "Berlin"),
        ("new york", "New York"),
        ("UTC", "UTC"),
        ("UTC+8", "UTC+8"),
        ("Beijing", "Shanghai"),
    ],
)
async def test_a_time_zone_can_be_typed(bot: Stage, typed: str, place: str) -> None:
    await bot.ann.says(f"/settings {typed}")

    await bot.ann.sees(f"Time zone: {place}")


async def test_a_city_can_be_typed_in_chinese(bot: Stage) -> None:
    await bot.wei.says("/settings 东京")

    await bot.wei.sees("时区：东京")


async def test_a_typed_zone_has_a_button_of_its_own(bot: Stage) -> None:
    await bot.ann.says("/settings Asia/Kathmandu")
    await bot.ann.presses(await bot.ann.sees("Kathmandu"), "Time zone")
    shown = await bot.ann.sees("Where are you?")

    assert any(label.startswith("✓ Kathmandu") for row in shown.buttons for label in row)


@pytest.mark.parametrize("typed", ["Atlantis", "../../etc/passwd", "Etc/GMT+99", "🙂" * 500])
async def test_an_unknown_zone_is_answered_kindly(bot: Stage, typed: str) -> None:
    await bot.ann.says(f"/settings {typed}")

    await bot.ann.sees("I know no time zone of this name.")
    assert "Shanghai" in await settings_of(bot.ann)


async def test_the_last_weekday_stays(bot: Stage) -> None:
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    await choose(bot.ann, "Weekdays", *(f"✓ {day}" for day in days))
    page = bot.ann.messages[-1]

    await bot.ann.presses(page, "✓ Sunday")

    assert "Weekdays: Su" in await settings_of(bot.ann)
    assert page in bot.ann.messages


async def test_settings_are_private(bot: Stage) -> None:
    await bot.ann.says("/settings", bot.group)
    shown = await bot.ann.sees("Settings are private", in_=bot.group)
    await bot.ann.presses(shown, "Open settings")

    await bot.ann.sees("Your settings")


@pytest.mark.parametrize(
    "data",
    [
        encode(Choose("hour", "-1")),
        encode(Choose("hour", "24")),
        encode(Choose("language", "fr")),
        encode(Choose("zone", "Mars/Base")),
        encode(Choose("quiet", "1-1")),
        encode(Choose("days", "7+")),
        encode(Choose("days", "+")),
        encode(Choose("", "x")),
        "e:everything",
        "g:hour:",
        "g:hour:20:20",
    ],
)
async def test_a_forged_choice_changes_nothing(bot: Stage, data: str) -> None:
    await bot.ann.says("/settings")
    page = await bot.ann.sees("Your settings")

    answer = await bot.ann.presses_button(page, {"text": "x", "callback_data": data})

    assert answer is not None
    assert answer.text
    assert "Digests: with the group, at 08:00" in await settings_of(bot.ann)


async def test_the_settings_of_one_are_not_shown_in_a_group(bot: Stage) -> None:
    post = await bot.ann.sees("AI 日报", in_=bot.group)

    forged = {"text": "x", "callback_data": encode(SettingsPage())}
    answer = await bot.ann.presses_button(post, forged)

    assert answer is not None
    assert "no longer works" in answer.text


async def test_who_subscribes_with_an_hour_hears_that_it_holds(bot: Stage) -> None:
    await choose(bot.ann, "Delivery hour", "20:00")

    await bot.ann.says("/subscribe")

    await bot.ann.sees("at the times that you chose")
