"""A new reader: from the group's post to the last story of the second day and back, by buttons."""

from __future__ import annotations

import shutil
from datetime import datetime

import pytest

from bot.sandbox import MessageView
from tests.conftest import ROOT, Clock, Stage

SEEDS = ROOT.parent / "shared" / "corpora" / "seeds"

TAPS = 14
"""There and back; each page more would be felt."""


class Reader:
    """Someone who knows nothing but what stands on the buttons."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.taps = 0
        self.number = 0

    async def taps_on(self, message: MessageView, label: str, shown: str) -> MessageView:
        """Press a button of the one message, and see what comes in its place."""
        self.taps += 1
        await self.stage.wei.presses(message, label)
        page = await self.stage.wei.sees(shown)
        self.number = self.number or page.message_id
        assert page.message_id == self.number, "reading stays in one message"
        return page


def labels(message: MessageView) -> list[str]:
    """Give what stands on the buttons."""
    return [label for row in message.buttons for label in row]


def last(message: MessageView) -> str:
    """Give the last button that leads further down, not around."""
    down = [label for label in labels(message) if label[:1].isdigit() and "/" not in label]
    return down[-1]


async def test_the_last_story_of_the_second_day_is_reached_and_left_by_buttons(bot: Stage) -> None:
    reader = Reader(bot)
    post = await bot.wei.sees("AI 日报", in_=bot.group)

    contents = await reader.taps_on(post, "阅读全文", "GLM-Image")
    day = await reader.taps_on(contents, "‹ 1月14日", "1月14日")
    month = await reader.taps_on(day, "日历", "2026年1月")
    second = await reader.taps_on(month, "•2", "2026年1月2日")
    contents = await reader.taps_on(second, "阅读全文", "2026年1月2日")
    section = await reader.taps_on(contents, last(contents), "1. ")
    story = await reader.taps_on(section, last(section), "· 1月2日")
    assert "下一条 ›" not in labels(story)

    section = await reader.taps_on(story, "本栏目录", "1. ")
    contents = await reader.taps_on(section, "目录", "1. ")
    day = await reader.taps_on(contents, "‹ 1月2日", "2026年1月2日")
    month = await reader.taps_on(day, "日历", "2026年1月")
    newest = await reader.taps_on(month, "最新一期", "1月14日")
    await reader.taps_on(newest, "阅读全文", "GLM-Image")

    assert reader.taps <= TAPS


async def test_the_last_story_of_the_second_seed_is_reached_and_left_by_buttons(
    stage: Stage,
) -> None:
    seed(stage)
    stage.clock = Clock(datetime.fromisoformat("2025-12-30T08:00:30+08:00"))
    async with stage.running():
        reader = Reader(stage)
        post = await stage.wei.sees("2025年12月30日", in_=stage.group)

        contents = await reader.taps_on(post, "阅读全文", "12月30日")
        day = await reader.taps_on(contents, "‹ 12月30日", "2025年12月30日")
        second = await reader.taps_on(day, "‹ 12月22日", "2025年12月22日")
        contents = await reader.taps_on(second, "阅读全文", "2025年12月22日")
        page = await reader.taps_on(contents, last(contents), "1. ")
        while "›" in labels(page):
            page = await reader.taps_on(page, "›", "2025年12月22日")
        story = await reader.taps_on(page, last(page), "· 12月22日")
        while "›" in labels(story):
            story = await reader.taps_on(story, "›", "")
        assert "下一条 ›" not in labels(story)

        page = await reader.taps_on(story, "本栏目录", "2025年12月22日")
        contents = await reader.taps_on(page, "目录", "2025年12月22日")
        day = await reader.taps_on(contents, "‹ 12月22日", "2025年12月22日")
        day = await reader.taps_on(day, "12月30日 ›", "2025年12月30日")
        await reader.taps_on(day, "阅读全文", "12月30日")
        assert reader.taps <= TAPS


def seed(stage: Stage) -> None:
    """Put the two real digests, one of each source, in the place of the samples."""
    if not SEEDS.is_dir():
        pytest.skip(f"{SEEDS} is not here: these digests are not part of the project")
    shutil.rmtree(stage.archive)
    first, second = sorted(SEEDS.glob("*.txt"))
    for name, file in (("ai-daily/2025-12-30", first), ("reading-hub/2025-12-22", second)):
        target = stage.archive / f"{name}.md"
        target.parent.mkdir(parents=True)
        shutil.copyfile(file, target)


async def test_all_stories_are_passed_by_the_button_for_the_next_one(bot: Stage) -> None:
    post = await bot.wei.sees("AI 日报", in_=bot.group)
    reader = Reader(bot)
    contents = await reader.taps_on(post, "阅读全文", "GLM-Image")
    section = await reader.taps_on(contents, "1. ", "1. ")
    story = await reader.taps_on(section, "1", "· 1月14日")

    passed = 1
    while "下一条 ›" in labels(story) and passed < 6:
        story = await reader.taps_on(story, "下一条 ›", "· 1月14日")
        passed += 1

    assert passed == 6
