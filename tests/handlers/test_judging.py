"""Admins hear once of each file that is not pushed, and decide."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Stage, write

STUB = "---\ntitle: A thin day\ndate: 2026-01-14\n---\n\n## Short\n\nHardly a word.\n"


@pytest.fixture
def source(stage: Stage) -> Path:
    """A source with a digest that is held."""
    folder = stage.archive / "thin"
    folder.mkdir()
    write(folder / "2026-01-14.md", STUB)
    return folder


async def test_a_held_digest_is_told_once_and_pushed_when_an_admin_says_so(
    stage: Stage, source: Path
) -> None:
    await stage.admin.says("/start")
    async with stage.running(language="en"):
        told = await stage.admin.sees("thin/2026-01-14.md is held back:")
        assert "• The body has hardly any text" in told.text
        assert "A thin day" in told.text
        assert told.buttons == (("Push it anyway", "Leave it"), ("Read in full",))
        await stage.admin.presses(told, "Push it anyway")
        await stage.ann.sees("A thin day", in_=stage.group)
        await stage.admin.sees("thin/2026-01-14.md\nOn its way.")
        write(source / "2026-01-14.md", STUB.replace("A thin day", "A corrected day"))
        await stage.ann.sees("A corrected day", within=15, in_=stage.group)

    async with stage.running(language="en"):
        write(source / "broken.md", "---\ntitle: [\n---\n")
        told = await stage.admin.sees("thin/broken.md cannot be read:")
        await stage.admin.presses(told, "Leave it")
        await stage.admin.sees("Left as it is.")

    texts = [view.text for view in stage.admin.messages]
    assert not any("2026-01-14.md is held back" in text for text in texts)


async def test_an_admin_who_comes_later_hears_of_what_is_held_and_may_read_it_first(
    stage: Stage, source: Path
) -> None:
    async with stage.running(language="en"):
        await stage.ann.sees("AI 日报", in_=stage.group)
        await stage.admin.says("/start")
        told = await stage.admin.sees("thin/2026-01-14.md is held back:")
        await stage.admin.presses(told, "Read in full")
        await stage.admin.sees("Hardly a word.")

        await stage.admin.presses(told, "Push it anyway")
        await stage.ann.sees("A thin day", in_=stage.group)


async def test_an_admin_reads_of_a_problem_in_their_own_language(
    stage: Stage, source: Path
) -> None:
    await stage.wei.says("/start")
    text = STUB.replace("---\n\n##", "draft: true\n---\n\n##")
    write(source / "2026-01-14.md", text)

    async with stage.running(admin_ids={stage.wei.id}):
        told = await stage.wei.sees("thin/2026-01-14.md 暂不推送：")

    assert told.text.splitlines()[1:3] == [
        "• 标记为草稿，去掉标记即可发布 · 第 4 行",
        "• 正文几乎没有内容，请补全，或手动推送",
    ]


@pytest.fixture
def many(source: Path) -> Path:
    """A source with ten digests that are held."""
    for day in range(1, 10):
        text = STUB.replace("-14", f"-{day:02}").replace("A thin day", f"Thin day {day}")
        write(source / f"2026-01-{day:02}.md", text)
    return source


async def test_of_an_archive_full_of_doubts_all_can_be_seen_and_decided(
    stage: Stage, many: Path
) -> None:
    await stage.admin.says("/start")
    async with stage.running(language="en"):
        told = await stage.admin.sees("5 more files are not pushed.", within=30)
        await stage.admin.presses(told, "Show them all")
        seen = await stage.admin.sees("Not pushed · 10 files")
        assert "8. thin/2026-01-03.md\nThe body has hardly any text" in seen.text
        await stage.admin.presses(seen, "›")
        seen = await stage.admin.sees("9. thin/2026-01-02.md")
        assert "10. thin/2026-01-01.md" in seen.text

        await stage.admin.presses(seen, "10")
        told = await stage.admin.sees("thin/2026-01-01.md is held back:")
        await stage.admin.presses(told, "Push it anyway")
        await stage.ann.sees("Thin day 1", in_=stage.group)

        await stage.admin.presses(seen, "10")
        await stage.admin.sees("This file was mended, pushed or removed.")
        await stage.admin.presses(seen, "2/2")
        await stage.admin.presses(seen, "‹")
        await stage.admin.sees("Not pushed · 9 files")

        await stage.admin.says("/status")
        told = await stage.admin.sees("9 files are not pushed.")
        await stage.admin.presses(told, "Show them all")


async def test_a_file_that_telegram_would_take_for_a_page_is_shown_as_code(
    stage: Stage, source: Path
) -> None:
    (source / "2026-01-14.md").rename(stage.archive / "2026-01-14.md")
    await stage.admin.says("/start")

    async with stage.running(language="en"):
        told = await stage.admin.sees("2026-01-14.md is held back:")

    assert [entity["type"] for entity in told.entities] == ["code", "bold"]


@pytest.mark.parametrize("label", ["Push it anyway", "Show them all"])
async def test_a_reader_cannot_decide_about_what_is_held(
    label: str, stage: Stage, many: Path
) -> None:
    await stage.admin.says("/start")
    async with stage.running(language="en"):
        held = await stage.admin.sees("is held back:")
        rest = await stage.admin.sees("5 more files are not pushed.", within=30)

        await stage.ann.presses(held if label == "Push it anyway" else rest, label)

        assert not any("hin day" in post for post in stage.posts())
        assert "Not pushed" not in "".join(view.text for view in stage.admin.messages)
