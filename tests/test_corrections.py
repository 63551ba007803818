"""The whole bot: a corrected file corrects what was posted."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path

from tests.conftest import Stage, write


def digest_of_the_day(stage: Stage) -> Path:
    return max((stage.archive / "ai-daily").glob("*.md"))


async def test_a_corrected_file_corrects_the_post_in_the_group(bot: Stage) -> None:
    file = digest_of_the_day(bot)

    write(file, file.read_text().replace("GLM-Image", "GLM-Picture"))
    post = await bot.ann.sees("GLM-Picture", within=15, in_=bot.group)

    assert len(bot.posts()) == 1
    assert "GLM-Image" not in post.text
    assert len(post.buttons[0]) == 2


async def subscribed_until_tomorrow(stage: Stage) -> tuple[Path, str]:
    """Let Ann subscribe, and a day pass; give the next day's file and its text."""
    file = digest_of_the_day(stage)
    tomorrow = file.with_name("2026-01-15.md")
    text = re.sub("date: 2026-01-14", "date: 2026-01-15", file.read_text(), count=1)
    write(tomorrow, text)
    async with stage.running():
        await stage.ann.says("/subscribe")
        await stage.ann.sees("Done!")
        stage.clock.jump(timedelta(days=1))
    return tomorrow, text


async def test_a_file_corrected_while_the_bot_is_down_corrects_both_posts(stage: Stage) -> None:
    tomorrow, text = await subscribed_until_tomorrow(stage)
    async with stage.running():
        await stage.ann.sees("Jan 15", within=15)
        await stage.ann.sees("1月15日", within=15, in_=stage.group)
        await asyncio.sleep(0.5)
    write(tomorrow, text.replace("GLM-Image", "GLM-Picture"))

    async with stage.running():
        await stage.ann.sees("GLM-Picture", within=15)
        await stage.ann.sees("GLM-Picture", within=15, in_=stage.group)

    posts = [text for text in stage.posts() if "1月15日" in text]
    private = [view for view in stage.ann.messages if "Jan 15" in view.text]
    assert (len(posts), len(private)) == (1, 1)


async def test_who_reads_on_in_a_post_is_left_there_by_its_correction(stage: Stage) -> None:
    tomorrow, text = await subscribed_until_tomorrow(stage)
    async with stage.running():
        post = await stage.ann.sees("Jan 15", within=15)
        await stage.ann.presses(post, "Read in full")
        contents = await stage.ann.sees("GLM-Image", within=15)
        write(tomorrow, text.replace("GLM-Image", "GLM-Picture"))
        await stage.ann.sees("GLM-Picture", within=15, in_=stage.group)
        await asyncio.sleep(1)

    assert stage.ann.messages[-1].text == contents.text


async def test_a_correction_while_the_first_page_is_on_its_way_does_not_come_back(
    stage: Stage,
) -> None:
    tomorrow, text = await subscribed_until_tomorrow(stage)
    async with stage.running():
        post = await stage.ann.sees("Jan 15", within=15)
        hanging = stage.sandbox.faults.add(chat=stage.ann.id, method="editMessageText", delay=3)
        await stage.ann.presses(post, "Read in full")
        write(tomorrow, text.replace("GLM-Image", "GLM-Picture"))
        await stage.ann.sees("GLM-Picture", within=15, in_=stage.group)
        stage.sandbox.faults.remove(hanging)
        await asyncio.sleep(1)

    edits = [call for call in stage.sandbox.calls if call.method == "editMessageText"]
    assert len([call for call in edits if call.params["chat_id"] == stage.ann.id]) == 1


async def test_a_message_that_hangs_holds_no_reader_up(stage: Stage) -> None:
    await subscribed_until_tomorrow(stage)
    async with stage.running():
        post = await stage.ann.sees("Jan 15", within=15)
        await asyncio.sleep(0.5)
        stage.sandbox.faults.add(chat=stage.ann.id, method="sendMessage", delay=10)
        await stage.admin.says("/broadcast Hello")
        await stage.admin.presses(await stage.admin.sees("Send it?"), "Send")
        await stage.ann.sees("Hello", in_=stage.group)
        await stage.ann.presses(post, "Read in full")
        for _ in range(2):
            contents = await stage.ann.sees("GLM-Image")
            await stage.ann.presses(contents, "5. 更多动态")
            await stage.ann.presses(await stage.ann.sees("WeDLM"), "Contents")
        assert not any("Hello" in view.text for view in stage.ann.messages)


async def test_a_correction_after_a_change_of_language_stays_in_each_ones_own(
    stage: Stage,
) -> None:
    file = digest_of_the_day(stage)
    tomorrow = file.with_name("2026-01-15.md")
    text = re.sub("date: 2026-01-14", "date: 2026-01-15", file.read_text(), count=1)
    write(tomorrow, text)
    async with stage.running(language="zh-CN"):
        for person in (stage.ann, stage.wei):
            await person.says("/subscribe")
        await stage.ann.sees("Done!")
        await stage.wei.sees("订阅")
        stage.clock.jump(timedelta(days=1))
    async with stage.running(language="zh-CN"):
        await stage.ann.sees("Jan 15", within=15)
        await stage.wei.sees("1月15日", within=15)
        await asyncio.sleep(0.5)
    write(tomorrow, text.replace("GLM-Image", "GLM-Picture"))

    async with stage.running(language="en"):
        english = await stage.ann.sees("GLM-Picture", within=15)
        chinese = await stage.wei.sees("GLM-Picture", within=15)

    assert "Jan 15" in english.text
    assert "1月15日" in chinese.text


async def test_an_edit_that_was_lost_is_made_again(bot: Stage) -> None:
    bot.sandbox.faults.add(method="editMessageText", lost=True, times=1)
    bot.sandbox.faults.add(method="editMessageText", status=500, times=1)
    file = digest_of_the_day(bot)

    write(file, file.read_text().replace("GLM-Image", "GLM-Picture"))
    await bot.ann.sees("GLM-Picture", within=20, in_=bot.group)

    assert len(bot.posts()) == 1
