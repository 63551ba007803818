"""The pages of a person's settings, in both languages."""

from __future__ import annotations

from datetime import datetime, time
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from bot.locale import LANGUAGES, words
from bot.model import Preferences, Quiet, Timing
from bot.rendering.callback_data import encode
from bot.rendering.callbacks import About, SettingsPage
from bot.rendering.settings import ZONES, SettingsView, settings_page

NOW = datetime(2026, 1, 14, 8, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
ALL = Timing(20, "Asia/Kathmandu", frozenset({0, 4}), Quiet(22, 7))
ABOUTS = get_args(About)


def view(timing: Timing = ALL, push_at: time | None = time(8)) -> SettingsView:
    return SettingsView(Preferences("en", timing), subscribed=True, push_at=push_at, now=NOW)


def labels(about: About, shown: SettingsView) -> list[str]:
    message = settings_page(shown, about, words("en"))
    return [button.text for row in message.buttons for button in row]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("about", ABOUTS)
def test_every_page_is_within_telegrams_limits(about: About, language: str) -> None:
    message = settings_page(view(), about, words(language))

    assert 0 < len(message.text) < 4096
    assert all(len(row) <= 8 for row in message.buttons)
    assert all(button.data for row in message.buttons for button in row)
    assert sum(map(len, message.buttons)) <= 100


@pytest.mark.parametrize("about", ABOUTS[1:])
def test_every_page_ticks_what_holds_and_leads_back(about: About) -> None:
    for shown in (view(), view(Timing())):
        ticked = [label for label in labels(about, shown) if label.startswith("✓")]
        assert len(ticked) == (len(shown.chosen.timing.weekdays) if about == "days" else 1)
    last = settings_page(view(), about, words("en")).buttons[-1]
    assert [button.data for button in last] == [encode(SettingsPage())]


def test_all_hours_have_two_digits() -> None:
    assert "08:00" in labels("hour", view())
    assert "✓ 22:00 – 07:00" in labels("quiet", view())
    text = settings_page(view(Timing(hour=8)), "", words("en")).text
    assert "at 08:00" in text


def test_every_hour_can_be_chosen() -> None:
    assert sum(label.endswith(":00") for label in labels("hour", view())[1:]) == 24


def test_places_show_their_time() -> None:
    shown = labels("zone", view())

    assert shown[1] == "✓ Kathmandu 05:50"
    assert "Tokyo 09:05" in shown
    assert len(shown) == len(ZONES) + 3


def test_without_an_hour_of_the_group_digests_come_as_they_are_out() -> None:
    assert labels("hour", view(Timing(), None))[0] == "✓ as soon as they are out"
