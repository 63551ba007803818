"""Saving stories: the star below a story, and the list of what was saved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.rendering.callback_data import encode
from bot.rendering.callbacks import Forget, Save, SavedPage, Unsave
from bot.sandbox import MessageView
from bot.sandbox.people import Person
from bot.services.saving import MOST
from bot.storage import saved
from bot.storage.database import Database
from bot.storage.saved import SavedStory
from tests.conftest import Stage

SAMPLE = "ai-daily-20260114-kfst"
LOOKS = 30
"""Each takes a second, as people are answered; a change is seen after two."""


async def story(stage: Stage, number: str = "1") -> MessageView:
    """Have Ann open a story of the newest day."""
    await stage.ann.says("/search glm-image")
    found = await stage.ann.sees("GLM-Image")
    await stage.ann.presses(found, number)
    return await stage.ann.sees("Jan 14")


def labels(message: MessageView) -> list[str]:
    return [label for row in message.buttons for label in row]


async def listed(person: Person, text: str = "Saved") -> MessageView:
    await person.says("/saved")
    return await person.sees(text)


async def test_a_story_is_saved_and_listed(bot: Stage) -> None:
    page = await story(bot)

    answer = await bot.ann.presses(page, "☆ Save")

    assert answer
    assert answer.text == "Saved: /saved lists it."
    assert "★ Saved" in labels(await bot.ann.sees("Jan 14"))
    assert "GLM-Image" in (await listed(bot.ann)).text


async def test_a_star_pressed_again_takes_the_story_off(bot: Stage) -> None:
    page = await story(bot)
    await bot.ann.presses(page, "☆ Save")
    saved = await bot.ann.sees("Jan 14")

    answer = await bot.ann.presses(saved, "★ Saved")

    assert answer
    assert answer.text.startswith("Removed")
    assert "☆ Save" in labels(await bot.ann.sees("Jan 14"))
    await listed(bot.ann, "You have saved nothing yet")


async def test_a_saved_story_is_read_below_the_list(bot: Stage) -> None:
    await bot.ann.presses(await story(bot), "☆ Save")
    shown = await listed(bot.ann)

    await bot.ann.presses(shown, "1")

    page = await bot.ann.sees("Sources:")
    assert page.message_id > shown.message_id
    assert "★ Saved" in labels(page)


async def test_a_story_is_removed_from_the_list(bot: Stage) -> None:
    await bot.ann.presses(await story(bot), "☆ Save")
    shown = await listed(bot.ann)

    await bot.ann.presses(shown, "✕ 1")

    assert (await bot.ann.sees("You have saved nothing yet")).message_id == shown.message_id


async def test_what_one_person_saves_another_does_not_see(bot: Stage) -> None:
    await bot.ann.presses(await story(bot), "☆ Save")

    await bot.wei.says("/saved")

    await bot.wei.sees("还没有收藏")


async def test_in_a_group_the_list_is_not_shown(bot: Stage) -> None:
    await bot.ann.presses(await story(bot), "☆ Save")

    await bot.ann.says("/saved", bot.group)
    answer = await bot.ann.sees("to you alone", in_=bot.group)
    assert "GLM-Image" not in answer.text

    await bot.ann.presses(answer, "Open my list")
    await bot.ann.sees("GLM-Image")


async def press(stage: Stage, message: MessageView, data: str) -> str:
    """Press a button with any data, as a tampered client can."""
    answer = await stage.ann.presses_button(message, {"text": "x", "callback_data": data})
    return answer.text if answer else ""


@pytest.mark.parametrize(
    "wish", [Save(SAMPLE, "x"), Unsave(SAMPLE, "x"), Forget(SAMPLE, "x"), SavedPage()]
)
async def test_a_forged_star_in_a_group_does_nothing(
    bot: Stage, wish: Save | Unsave | Forget | SavedPage
) -> None:
    await bot.ann.says("/today", bot.group)
    message = await bot.ann.sees("Jan 14", in_=bot.group)

    assert "no longer works" in await press(bot, message, encode(wish))


@pytest.mark.parametrize(
    ("wish", "answer"),
    [
        (Save("gone", "x"), "no longer in the archive"),
        (Save(SAMPLE, "gone"), "no longer in the digest"),
        (Unsave("gone", "x"), "no longer in the archive"),
        (Forget("gone", "x", 9999), "saved nothing yet"),
        (SavedPage(9999), "saved nothing yet"),
    ],
)
async def test_a_forged_star_is_answered_kindly(
    bot: Stage, wish: Save | Unsave | Forget | SavedPage, answer: str
) -> None:
    await bot.ann.says("/today")
    message = await bot.ann.sees("Jan 14")

    await press(bot, message, encode(wish))

    await bot.ann.sees(answer)
    await listed(bot.ann, "saved nothing yet")


async def test_the_list_has_five_stories_a_page_the_last_saved_first(bot: Stage) -> None:
    await bot.ann.presses(await bot.ann.sees("AI 日报", in_=bot.group), "阅读全文")
    contents = await bot.ann.sees("GLM-Image")
    await bot.ann.presses(contents, contents.buttons[1][0])
    await bot.ann.presses(await bot.ann.sees("1."), "1")
    titles = []
    for _ in range(6):
        page = await bot.ann.sees("Sources:")
        titles.append(page.text.splitlines()[1])
        await bot.ann.presses(page, "☆ Save")
        await bot.ann.presses(await bot.ann.sees("Sources:"), "Story ›")

    first = await listed(bot.ann, "6 stories")
    await bot.ann.presses(first, "›")
    second = await bot.ann.sees("6. ")

    assert [title for title in reversed(titles) if title in first.text] == titles[:0:-1]
    assert titles[0] in second.text
    await bot.ann.presses(second, "✕ 6")
    assert "5 stories" in (await bot.ann.sees("1. ")).text, "the page before, since there is no 2nd"


async def test_there_is_a_bound_which_is_told(bot: Stage) -> None:
    url = str(bot.settings().database_url)
    async with Database.open(url, beside=True) as database, database.transaction() as db:
        for number in range(MOST):
            await saved.add(db, bot.ann.id, SavedStory("old", f"{number}", "Old"), bot.clock())

    answer = await bot.ann.presses(await story(bot), "☆ Save")

    assert answer
    assert "remove some in /saved" in answer.text
    assert "1,000 stories" in (await listed(bot.ann)).text


async def test_a_story_whose_digest_is_gone_is_named_and_can_be_removed(bot: Stage) -> None:
    await bot.ann.presses(await story(bot), "☆ Save")

    await asyncio.to_thread(change, bot.archive, lambda file, text: file.unlink())
    gone = await listed_with(bot, "No longer in the archive.")

    assert "GLM-Image" in gone.text
    assert labels(gone) == ["✕ 1"]


async def test_a_saved_story_survives_a_correction_of_its_text(bot: Stage) -> None:
    await bot.ann.presses(await story(bot), "☆ Save")

    def correct(file: Path, text: str) -> None:
        file.write_text(text.replace("昇腾", "昇腾950"), encoding="utf-8")

    await asyncio.to_thread(change, bot.archive, correct)
    for _ in range(LOOKS):
        await bot.ann.presses(await listed(bot.ann), "1")
        page = await bot.ann.sees("昇腾")
        if "昇腾950" in page.text:
            break

    assert "昇腾950" in page.text
    assert "★ Saved" in labels(page)


async def test_a_saved_story_is_found_when_its_title_and_link_are_corrected(bot: Stage) -> None:
    await bot.ann.presses(await story(bot), "☆ Save")

    def correct(file: Path, text: str) -> None:
        text = text.replace("智谱开源 GLM-Image，全程在昇腾上", "智谱开放 GLM-Image，全程在昇腾上")
        text = text.replace("github.com/zai-org/GLM-Image)", "github.com/zai-org/GLM-Images)")
        file.write_text(text, encoding="utf-8")

    await asyncio.to_thread(change, bot.archive, correct)
    shown = await listed_with(bot, "智谱开放")
    assert "1 story" in shown.text

    await bot.ann.presses(shown, "1")
    assert "★ Saved" in labels(await bot.ann.sees("Sources:"))


def change(archive: Path, how: Callable[[Path, str], None]) -> None:
    """Change the files that tell of the story."""
    for file in list(archive.rglob("*.md")):
        text = file.read_text(encoding="utf-8")
        if "GLM-Image" in text:
            how(file, text)


async def listed_with(stage: Stage, text: str) -> MessageView:
    """Ask for the list until it says what a change of the archive makes it say."""
    for _ in range(LOOKS):
        shown = await listed(stage.ann)
        if text in shown.text:
            return shown
    raise AssertionError(f"{text!r} was never shown")
