"""Hashtags: Telegram takes each of them whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering.hashtags import hashtag, hashtags
from tests.rendering.conftest import ask


@pytest.mark.parametrize(
    ("topic", "tag"),
    [
        ("OpenAI", "#OpenAI"),
        ("智谱", "#智谱"),
        ("Claude Code", "#Claude_Code"),
        ("GPT-5.2", "#GPT_5_2"),
        ("3D打印", "#_3D打印"),
        ("C++", "#C"),
        ("5", None),
        ("...", None),
        ("", None),
    ],
)
def test_topics_become_hashtags(topic: str, tag: str | None) -> None:
    assert hashtag(topic) == tag


def test_each_hashtag_stands_once_and_only_the_first_few() -> None:
    assert hashtags(["openai", "OpenAI", "..."]) == "#OpenAI"
    assert hashtags(f"topic{number}" for number in range(20)).count("#") == 8


@given(st.text(st.characters(codec="utf-8"), max_size=80))
def test_telegram_links_any_hashtag_whole(topic: str) -> None:
    tag = hashtag(topic)
    if tag:
        found = ask({"@type": "getTextEntities", "text": tag})["entities"]
        assert [(e["offset"], e["length"]) for e in found] == [
            (0, len(tag.encode("utf-16-le")) // 2)
        ]
