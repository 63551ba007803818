"""Starting where something is in the way, and ending at any moment of the start."""

from __future__ import annotations

import asyncio
import random
import resource
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import Stage, write
from tests.test_app import errors_of, post_of, process, until


async def test_a_disk_without_room_is_one_clear_line(stage: Stage) -> None:
    async with stage.running():
        await post_of(stage, "AI 日报")
    (stage.folder / "index.db").unlink()
    # No file of the process may grow beyond: too little for anything, enough for the state alone.
    for name, size in (("DATABASE_URL", 2048), ("INDEX_PATH", 40_000)):
        # What traces it could not write either, and would say so.
        async with process(stage, COVERAGE_PROCESS_CONFIG="") as running:
            resource.prlimit(running.process.pid, resource.RLIMIT_FSIZE, (size, size))
            errors = await errors_of(running)

        assert running.returncode == 2, errors
        assert f"{name}: " in errors
        assert "the disk must have room" in errors
        assert "Traceback" not in errors


@pytest.mark.parametrize(
    ("name", "file"),
    [("DATABASE_URL", "state.db"), ("DATABASE_URL", "state.db.lock"), ("INDEX_PATH", "index.db")],
)
async def test_a_file_that_cannot_be_opened_is_one_clear_line(
    stage: Stage, name: str, file: str
) -> None:
    (stage.folder / file).mkdir()

    async with process(stage) as running:
        errors = await errors_of(running)

    assert running.returncode == 2, errors
    assert f"{name}: " in errors
    assert str(Path(stage.folder, file.removesuffix(".lock"))) in errors
    assert "Traceback" not in errors


def refused(stage: Stage) -> set[object]:
    """Give the chats that a message to was refused."""
    calls = [call for call in stage.sandbox.calls if call.method == "sendMessage" and not call.ok]
    return {call.params.get("chat_id") for call in calls}


async def test_what_a_target_was_to_get_before_it_left_the_settings_is_not_sent(
    stage: Stage,
) -> None:
    await stage.admin.says("/start")
    stage.sandbox.faults.add(method="sendMessage", chat=stage.group.id, status=502)
    async with stage.running():
        await until(lambda: stage.group.id in refused(stage))
    stage.sandbox.faults.clear()
    stage.clock.jump(timedelta(minutes=30))

    async with stage.running(push_targets=[]):
        await stage.admin.sees("1 left out: no longer a target")

    assert stage.posts() == []


async def test_a_second_signal_ends_it_at_once(stage: Stage) -> None:
    async with process(stage) as running:
        await post_of(stage, "AI 日报")
        await stage.ann.says("/start")
        await stage.ann.sees("Welcome!")
        stage.sandbox.faults.add(method="sendMessage", retry_after=20)
        await stage.ann.says("/help")
        await until(lambda: stage.ann.id in refused(stage))

        running.process.send_signal(signal.SIGINT)
        await asyncio.sleep(0.5)
        assert running.returncode is None  # it waits for the answer, for some seconds
        running.process.send_signal(signal.SIGINT)
        errors = await asyncio.wait_for(errors_of(running), 3)

    assert running.returncode == 128 + signal.SIGINT
    assert "Traceback" not in errors


async def test_a_slow_menu_keeps_nobody_waiting_and_no_end_from_coming(stage: Stage) -> None:
    stage.sandbox.faults.add(method="setMyCommands", delay=60.0)
    async with process(stage) as running:
        await stage.ann.says("/start")
        await stage.ann.sees("Welcome!")

        running.process.terminate()
        errors = await errors_of(running)

    assert running.returncode == 0, errors
    assert "Traceback" not in errors


async def test_an_admin_who_cannot_be_told_of_a_file_keeps_no_end_from_coming(
    stage: Stage,
) -> None:
    write(stage.archive / "ai-daily" / "source.toml", "nonsense")
    stage.sandbox.faults.add(method="sendMessage", chat=stage.admin.id, cut=True)
    async with process(stage) as running:
        await until(lambda: any(call.method == "sendMessage" for call in stage.sandbox.calls))
        running.process.terminate()
        errors = await errors_of(running)

    assert running.returncode == 0, errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("awaited", ["getMe", "getChat", "sendMessage", "setMyCommands"])
async def test_an_end_at_any_moment_of_the_start_loses_nothing(stage: Stage, awaited: str) -> None:
    stage.sandbox.faults.add(method=awaited, delay=random.uniform(0.1, 1.0), times=1)
    async with process(stage) as running:
        await until(lambda: any(call.method == "getMe" for call in stage.sandbox.calls))
        await asyncio.sleep(random.uniform(0.0, 0.8))
        running.process.terminate()
        errors = await errors_of(running)
    async with process(stage) as again:
        await post_of(stage, "AI 日报")
        again.process.terminate()
        await errors_of(again)

    assert running.returncode == 0, errors
    assert "Traceback" not in errors
    assert len(stage.posts()) == 1
