"""Reasons of failed deliveries: our own in one's language, Telegram's as they are."""

from __future__ import annotations

import pytest

from bot.locale import words
from bot.rendering.reasons import explained


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("too late", "太晚了"),
        ("blocked", "机器人被屏蔽"),
        ("no connection", "连不上 Telegram"),
        ("bad request: something new", "bad request: something new"),
    ],
)
def test_our_own_reasons_are_translated(reason: str, said: str) -> None:
    assert explained(reason, words("zh-CN")) == said
