"""Callback data: what is written is read, and nothing else is."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.callback_data import MAX_BYTES, decode, encode, fits
from bot.rendering.callbacks import (
    About,
    Arrived,
    Callback,
    Choose,
    Contents,
    Day,
    Drop,
    Forget,
    HowFar,
    ItemPage,
    Month,
    Nothing,
    Open,
    Recall,
    Save,
    SavedPage,
    Search,
    SectionPage,
    Send,
    SettingsPage,
    Stop,
    Topic,
    Topics,
    Unsave,
    Week,
)

NUMBERS = st.integers(0, 9999)
IDS = st.from_regex(r"[A-Za-z0-9_-]{1,40}", fullmatch=True)
WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=14)
CALLBACKS: st.SearchStrategy[Callback] = st.one_of(
    st.builds(Contents, IDS, NUMBERS),
    st.builds(SectionPage, IDS, NUMBERS, NUMBERS, st.from_regex("[0-9a-f]{0,6}", fullmatch=True)),
    st.builds(ItemPage, IDS, st.from_regex("[a-z0-9]{1,8}", fullmatch=True), NUMBERS),
    st.builds(Open, IDS, st.from_regex("[a-z0-9]{0,8}", fullmatch=True)),
    st.builds(Day, st.dates(), NUMBERS),
    st.builds(Week, st.dates(), NUMBERS),
    st.builds(Month, st.integers(1, 9999), st.integers(1, 12)),
    st.builds(Search, WORDS, NUMBERS),
    st.builds(Topic, WORDS, NUMBERS),
    st.just(Topics()),
    st.builds(Send, NUMBERS),
    st.builds(Drop, NUMBERS),
    st.builds(Arrived, NUMBERS, st.booleans()),
    st.builds(Recall, NUMBERS, st.booleans()),
    st.builds(Stop, NUMBERS, st.booleans()),
    st.builds(HowFar, NUMBERS),
    st.builds(Save, IDS, st.from_regex("[a-z0-9]{1,8}", fullmatch=True), NUMBERS),
    st.builds(Unsave, IDS, st.from_regex("[a-z0-9]{1,8}", fullmatch=True), NUMBERS),
    st.builds(Forget, IDS, st.from_regex("[a-z0-9]{1,8}", fullmatch=True), NUMBERS),
    st.builds(SavedPage, NUMBERS),
    st.builds(SettingsPage, st.sampled_from(get_args(About))),
    st.builds(
        Choose,
        st.sampled_from(get_args(About)),
        st.from_regex("[A-Za-z0-9_+/-]{1,40}", fullmatch=True),
    ),
    st.just(Nothing()),
)


@given(CALLBACKS)
def test_what_is_written_is_read(value: Callback) -> None:
    data = encode(value)

    if len(data.encode()) <= MAX_BYTES:
        assert fits(value)
        assert decode(data) == value
    else:
        assert not fits(value)
        assert decode(data) is None


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(data: str) -> None:
    value = decode(data)

    assert value is None or encode(value) == data


@pytest.mark.parametrize(
    "data",
    [
        "",
        "c",
        "c:",
        "c:d1",
        "c:d1:",
        "c:d1:-1",
        "c:d1:01",
        "c:d1:99999",
        "c:d1:٣",
        "c:d 1:0",
        "c:d1:0\n",
        "s:d1:0",
        "i:d1:0:",
        "d:2026-02-30:0",
        "d:0000-01-01:0",
        "d:20260101:0",
        "m:0:1",
        "m:2026:13",
        "m:2026:0",
        "t:0:",
        "k:x",
        "n:x",
        "z:1",
        "q:0:" + "x" * 61,
    ],
)
def test_what_we_did_not_write_is_none(data: str) -> None:
    assert decode(data) is None


@pytest.mark.parametrize("query", ["\ud800", "x" * 100])
def test_what_telegram_would_not_take_does_not_fit(query: str) -> None:
    assert not fits(Search(query))


def test_the_forms_stay_as_they_are_in_old_messages() -> None:
    assert encode(Contents("d1")) == "c:d1:0"
    assert encode(SectionPage("d1", 2, 3, "0a")) == "s:d1:2:3:0a"
    assert encode(ItemPage("d1", "k:1", 4)) == "i:d1:4:k:1"
    assert encode(Day(date(2026, 1, 2))) == "d:2026-01-02:0"
    assert encode(Month(2026, 1)) == "m:2026:1"
    assert encode(Search("a:b", 5)) == "q:5:a:b"
    assert encode(Topic("OpenAI")) == "t:0:OpenAI"
