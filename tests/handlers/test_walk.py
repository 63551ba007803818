"""A new reader: from the group's post to the last story of the second day and back, by buttons."""

from __future__ import annotations

from bot.sandbox import MessageView
from tests.conftest import Stage

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


def last(message: MessageView, *others: str) -> str:
    """Give the last button that leads further down, not around."""
    down = [label for row in message.buttons for label in row if label[:1].isdigit()]
    return [label for label in down if label not in others][-1]


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
    assert "下一条 ›" not in [label for row in story.buttons for label in row]

    section = await reader.taps_on(story, "本栏目录", "1. ")
    contents = await reader.taps_on(section, "目录", "1. ")
    day = await reader.taps_on(contents, "‹ 1月2日", "2026年1月2日")
    month = await reader.taps_on(day, "日历", "2026年1月")
    newest = await reader.taps_on(month, "最新一期", "1月14日")
    await reader.taps_on(newest, "阅读全文", "GLM-Image")

    assert reader.taps <= TAPS


async def test_all_stories_are_passed_by_the_button_for_the_next_one(bot: Stage) -> None:
    post = await bot.wei.sees("AI 日报", in_=bot.group)
    reader = Reader(bot)
    contents = await reader.taps_on(post, "阅读全文", "GLM-Image")
    section = await reader.taps_on(contents, "1. ", "1. ")
    story = await reader.taps_on(section, "1", "· 1月14日")

    passed = 1
    while any("下一条 ›" in row for row in story.buttons) and passed < 6:
        story = await reader.taps_on(story, "下一条 ›", "· 1月14日")
        passed += 1

    assert passed == 6
