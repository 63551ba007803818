"""Titles above headlines: said once, and briefly."""

from __future__ import annotations

from datetime import date

import pytest

from bot.model import Digest, Headline, Origin
from bot.rendering.titles import short_title

HEADLINES = ("模型：开源之争打响", "玩具热潮遇冷", "Gemini 2.5 屠榜", "A fourth one")


def digest(title: str, headlines: tuple[str, ...] = HEADLINES) -> Digest:
    """Make a digest with a title."""
    lines = tuple(Headline(text, Origin.SUMMARY) for text in headlines)
    return Digest("d1", "s", "zh-CN", date(2026, 1, 2), title, lines, (), "hash")


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("开年第一周：模型排队上市", "开年第一周：模型排队上市"),
        ("日报：模型：开源之争打响; 玩具热潮遇冷; Gemini 2.5屠榜", "日报"),
        ("2026-01-02日报：模型：开源之争打响；玩具热潮遇冷", "日报"),
        ("日报：模型：开源之争打响; 另一件事; 第三件", "日报：另一件事；第三件"),
        ("玩具热潮遇冷！", ""),
        ("玩具热潮遇冷 | a fourth one.", ""),
        ("日报：。。。。。。", "日报"),
        ("。。。。。。", ""),
        ("", ""),
    ],
)
def test_a_title_is_shown_for_what_it_adds(title: str, short: str) -> None:
    assert short_title(digest(title), "") == short


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Daily", ""),
        ("DAILY: gemini 2.5 屠榜", ""),
        ("日报：模型：开源之争打响; 玩具热潮遇冷", ""),
        ("日报：玩具热潮遇冷; 另一件事", "另一件事"),
        ("日报：玩具热潮遇冷; 另一件事; 第三件", "日报：另一件事；第三件"),
        ("Another title", "Another title"),
    ],
)
def test_a_title_adds_nothing_to_a_source_of_its_name(title: str, short: str) -> None:
    assert short_title(digest(title), "Daily") == short


def test_a_long_title_is_cut_between_words() -> None:
    short = short_title(digest("word " * 100), "Daily")

    assert short.endswith("word…")
    assert len(short) <= 100
