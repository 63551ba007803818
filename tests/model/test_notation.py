"""Chats and hours as people write them."""

from __future__ import annotations

from datetime import time

import pytest

from bot.model.notation import TargetName, parse_push_at, parse_target


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("@ai_news_plus", TargetName("@ai_news_plus", 0)),
        ("-1001234567890/7", TargetName("-1001234567890", 7)),
        (" @abcd/12 ", TargetName("@abcd", 12)),
        ("@abcd/1", TargetName("@abcd", 0)),
    ],
)
def test_targets_are_chats_with_an_optional_topic(text: str, target: TargetName) -> None:
    assert parse_target(text) == target


@pytest.mark.parametrize("text", ["", "@ab", "ai_news", "@x/y", "1/2/3", "@name/", "--1"])
def test_what_is_no_target_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no chat"):
        parse_target(text)


def test_times_of_day() -> None:
    assert parse_push_at("08:30") == time(8, 30)
    assert parse_push_at("Now") is None
    assert parse_push_at("8:00") == time(8)
    for text in ("8 o'clock", "08:00:30", "08:00+02:00", "24:00"):
        with pytest.raises(ValueError, match="is no time"):
            parse_push_at(text)
