"""What presses and words make of preferences: known choices only, whatever is sent."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locale import words
from bot.locale.places import CITIES
from bot.model import Preferences, Quiet, Timing
from bot.rendering.callback_data import decode, encode
from bot.rendering.callbacks import About, Choose
from bot.rendering.settings import HOUR_CHOICES, QUIET_CHOICES, ZONES
from bot.services.choices import all_zones, chosen, find_zone

BEFORE = Preferences("en", Timing(9, "Asia/Tokyo", frozenset({0, 1}), Quiet(22, 7)))
ABOUTS = get_args(About)


@pytest.mark.parametrize(
    ("wish", "after"),
    [
        (Choose("language", "zh-CN"), Preferences("zh-CN", BEFORE.timing)),
        (Choose("language", "none"), Preferences(None, BEFORE.timing)),
        (
            Choose("hour", "20"),
            Preferences("en", Timing(20, "Asia/Tokyo", frozenset({0, 1}), Quiet(22, 7))),
        ),
        (
            Choose("zone", "none"),
            Preferences("en", Timing(9, None, frozenset({0, 1}), Quiet(22, 7))),
        ),
        (
            Choose("days", "6+"),
            Preferences("en", Timing(9, "Asia/Tokyo", frozenset({0, 1, 6}), Quiet(22, 7))),
        ),
        (
            Choose("days", "1-"),
            Preferences("en", Timing(9, "Asia/Tokyo", frozenset({0}), Quiet(22, 7))),
        ),
        (
            Choose("quiet", "none"),
            Preferences("en", Timing(9, "Asia/Tokyo", frozenset({0, 1}))),
        ),
    ],
)
def test_a_choice_changes_one_thing(wish: Choose, after: Preferences) -> None:
    assert chosen(BEFORE, wish) == after


@given(st.sampled_from(ABOUTS), st.text(max_size=40))
def test_any_value_is_a_choice_or_nothing(about: About, value: str) -> None:
    after = chosen(BEFORE, Choose(about, value))

    assert after is None or after.timing.weekdays
    assert after is None or after.timing.hour in {*HOUR_CHOICES.values(), BEFORE.timing.hour}


@given(st.text(max_size=80))
def test_any_word_is_a_zone_or_nothing(typed: str) -> None:
    assert find_zone(typed, words("en")) in {None, *all_zones()}


def test_each_choice_fits_into_a_button_and_comes_back() -> None:
    wishes = [
        *(Choose("zone", zone) for zone in all_zones()),
        *(Choose("quiet", value) for value in QUIET_CHOICES),
        *(Choose("days", f"{day}{sign}") for day in range(7) for sign in "+-"),
    ]

    assert [decode(encode(wish)) for wish in wishes] == wishes
    assert all(chosen(BEFORE, wish) for wish in wishes)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Asia/Tokyo", "Asia/Tokyo"),
        ("los angeles", "America/Los_Angeles"),
        ("LONDON", "Europe/London"),
        ("utc", "UTC"),
        ("UTC+8", "Etc/GMT-8"),
        ("gmt-03:00", "Etc/GMT+3"),
        ("UTC+0", "UTC"),
        ("UTC+99", None),
        ("Beijing", "Asia/Shanghai"),
        ("mumbai", "Asia/Kolkata"),
        ("San  Francisco", "America/Los_Angeles"),
        ("北京", "Asia/Shanghai"),
        ("重庆市", "Asia/Shanghai"),
        ("", None),
    ],
)
def test_zones_are_found_by_name_and_city(typed: str, zone: str | None) -> None:
    assert find_zone(typed, words("en")) == zone


def test_every_usual_name_has_a_zone_and_a_distance_is_shown_as_one() -> None:
    assert set(CITIES) <= all_zones()
    assert words("en").place("Etc/GMT-8") == "UTC+8"


def test_zones_are_found_by_their_chinese_city() -> None:
    w = words("zh-CN")
    assert find_zone("乌鲁木齐", w) == "Asia/Urumqi"

    assert [find_zone(w.place(zone), w) for zone in ZONES] == list(ZONES)
