"""Admins hear of each push, and can take it back."""

from __future__ import annotations

from tests.conftest import Stage

NAME = "Pushed AI 日报 · Wed, Jan 14, 2026 · ai-daily-20260114"


async def test_a_digest_can_be_taken_back_by_an_admin(stage: Stage) -> None:
    await stage.admin.says("/start")
    async with stage.running():
        report = await stage.admin.sees(NAME, within=30)
        assert stage.posts()

        await stage.admin.presses(report, "Take it back")
        question = await stage.admin.sees("It is deleted")
        assert question.text.startswith("AI 日报 · 2026年1月14日")
        await stage.admin.presses(question, "Yes, take it back")
        await stage.admin.sees("Taken back everywhere.", within=30)

    assert stage.posts() == []


async def test_a_push_is_told_once(stage: Stage) -> None:
    await stage.admin.says("/start")
    async with stage.running():
        await stage.admin.sees(NAME, within=30)
    async with stage.running():
        await stage.admin.says("/help")
        await stage.admin.sees("/broadcast")

    told = [view.text for view in stage.admin.messages if view.text.startswith(NAME)]
    assert len(told) == 1
