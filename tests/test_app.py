"""The whole bot: what is pushed when, through restarts, changed files and lost networks."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

import asyncpg
import pytest
import yaml

from bot.storage.postgresql import OWN
from tests.conftest import MORNING, ROOT, Stage, write

SEEDS = ROOT.parent / "shared" / "corpora" / "seeds"
QUIET = 1.5
"""Seconds in which nothing more is posted."""


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.05)


async def post_of(stage: Stage, title: str) -> str:
    return (await stage.ann.sees(title, in_=stage.group)).text


async def test_a_first_start_pushes_today_and_nothing_older(stage: Stage) -> None:
    async with stage.running():
        await post_of(stage, "AI 日报")
        await asyncio.sleep(QUIET)

        assert len(stage.posts()) == 1
        assert "2026年1月14日" in stage.posts()[0]


async def test_nothing_is_pushed_before_its_hour(stage: Stage) -> None:
    stage.clock.jump(timedelta(minutes=-2))

    async with stage.running():
        await asyncio.sleep(QUIET)

        assert stage.posts() == []


async def test_a_restart_posts_nothing_twice(stage: Stage) -> None:
    async with stage.running():
        await post_of(stage, "AI 日报")
    (stage.folder / "index.db").unlink()

    async with stage.running():
        await asyncio.sleep(QUIET)

        assert len(stage.posts()) == 1


async def test_touching_renaming_and_editing_posts_nothing_twice(stage: Stage) -> None:
    newest = max((stage.archive / "ai-daily").glob("*.md"))
    async with stage.running():
        await post_of(stage, "AI 日报")

        write(newest, newest.read_bytes())
        await asyncio.sleep(QUIET)
        write(newest, newest.read_text().replace("GLM-Image", "GLM-Picture"))
        await asyncio.sleep(QUIET)
        newest.rename(newest.with_name("2026-01-14-renamed.md"))
        await asyncio.sleep(QUIET)

        assert len(stage.posts()) == 1
        await stage.ann.says("/search GLM-Picture")
        await stage.ann.sees("GLM-Picture")


async def test_a_new_file_is_noticed_and_pushed(stage: Stage) -> None:
    newest = max((stage.archive / "ai-daily").glob("*.md"))
    outside = shutil.move(newest, stage.folder / newest.name)
    async with stage.running(catch_up_days=0):
        await asyncio.sleep(QUIET)
        assert stage.posts() == []

        shutil.copyfile(outside, newest)

        assert "2026年1月14日" in await post_of(stage, "AI 日报")


async def test_a_file_that_is_written_slowly_is_posted_whole(stage: Stage) -> None:
    newest = max((stage.archive / "ai-daily").glob("*.md"))
    text = newest.read_text()
    newest.unlink()
    async with stage.running(catch_up_days=0):
        with newest.open("w") as file:
            for start in range(0, len(text), len(text) // 4 + 1):
                file.write(text[start : start + len(text) // 4 + 1])
                file.flush()
                await asyncio.sleep(QUIET)
        await post_of(stage, "AI 日报")
        await asyncio.sleep(QUIET)

        edits = [call for call in stage.sandbox.calls if call.method == "editMessageText"]
        assert (len(stage.posts()), edits) == (1, [])


async def test_the_next_day_comes_at_its_hour_to_the_group_and_to_subscribers(stage: Stage) -> None:
    newest = max((stage.archive / "ai-daily").glob("*.md"))
    tomorrow = newest.with_name("2026-01-15.md")
    write(tomorrow, re.sub("date: 2026-01-14", "date: 2026-01-15", newest.read_text(), count=1))
    async with stage.running():
        await post_of(stage, "1月14日")
        await stage.ann.says("/subscribe")
        await stage.ann.sees("Done!")
    stage.clock.jump(timedelta(days=1))

    async with stage.running():
        await post_of(stage, "1月15日")
        private = await stage.ann.sees("Jan 15")

        assert private.buttons == (("Read in full",),)
        assert len(stage.posts()) == 2


async def test_a_digest_missed_while_the_bot_was_down_is_caught_up(stage: Stage) -> None:
    newest = max((stage.archive / "ai-daily").glob("*.md"))
    kept = newest.read_text()
    newest.unlink()
    async with stage.running():
        await until(lambda: any(call.method == "getChat" for call in stage.sandbox.calls))
        await asyncio.sleep(QUIET)
    write(newest, kept)
    stage.clock.jump(timedelta(days=1))

    async with stage.running(catch_up_days=1):
        await post_of(stage, "1月14日")


async def test_a_digest_that_is_too_late_stays_unpushed(stage: Stage) -> None:
    newest = max((stage.archive / "ai-daily").glob("*.md"))
    kept = newest.read_text()
    newest.unlink()
    async with stage.running():
        await until(lambda: any(call.method == "getChat" for call in stage.sandbox.calls))
        await asyncio.sleep(QUIET)
    write(newest, kept)
    stage.clock.jump(timedelta(days=2))

    async with stage.running(catch_up_days=1):
        await asyncio.sleep(QUIET)

        assert stage.posts() == []


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the seed digests are not at {SEEDS}")
async def test_both_seeds_are_pushed_once_each_with_every_summary_bullet(stage: Stage) -> None:
    shutil.rmtree(stage.archive)
    today = MORNING.date().isoformat()
    bullets: list[str] = []
    for number, seed in enumerate(sorted(SEEDS.iterdir())):
        folder = stage.archive / f"source{number}"
        folder.mkdir(parents=True)
        text = re.sub(r"(?m)^date: .*$", f"date: {today}", seed.read_text(), count=1)
        write(folder / "digest.md", text)
        summary = yaml.safe_load(text.split("---")[1]).get("summary") or ""
        bullets += [line.removeprefix("- ") for line in summary.splitlines()]

    async with stage.running():
        await post_of(stage, "source0")
        await post_of(stage, "source1")
        await asyncio.sleep(QUIET)

    assert len(bullets) == 8
    assert len(stage.posts()) == 2
    for bullet in bullets:
        assert bullet in stage.posts()[0]
    for word in ("telegram-card", "抢先获取", "AiReadingHub.com", "weixin_qr"):
        assert not any(word in text for text in stage.posts())


async def test_bad_files_are_named_and_the_rest_is_pushed(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = {
        "no-front-matter.md": b"just words",
        "broken.md": b"---\ntitle: [\n---\n# x\n",
        "latin.md": b"---\ntitle: caf\xe9\ndate: 2026-01-14\n---\n",
        "empty.md": b"",
    }
    for name, content in bad.items():
        write(stage.archive / "ai-daily" / name, content)

    async with stage.running():
        await post_of(stage, "AI 日报")
        await asyncio.sleep(QUIET)

    said = capsys.readouterr()
    for name in bad:
        assert name in said.out + said.err


TRACING = "COVERAGE_PROCESS_CONFIG"

# --- as a process --------------------------------------------------------------------------------


@asynccontextmanager
async def process(stage: Stage, **environment: str) -> AsyncIterator[Running]:
    """Run the bot as operators do; with an empty COVERAGE_PROCESS_CONFIG nothing traces it."""
    settings = {
        "BOT_TOKEN": stage.sandbox.token,
        "TELEGRAM_API": stage.sandbox.api,
        "ADMIN_IDS": str(stage.admin.id),
        "DATABASE_URL": f"sqlite+aiosqlite:///{stage.folder / 'state.db'}",
        "INDEX_PATH": str(stage.folder / "index.db"),
        "DIGEST_DIR": str(stage.archive),
        "TOPICS_FILE": str(ROOT / "data" / "topics.toml"),
        "HTTP_LISTEN": "",
        "PYTHONPATH": str(ROOT),
    }
    around = {**os.environ, **settings, **environment}
    traced = {name: value for name, value in around.items() if value or name != TRACING}
    # A file: a pipe that nobody reads would fill up and halt the bot.
    with NamedTemporaryFile(dir=stage.folder) as errors:
        running = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--as-of", MORNING.isoformat()),
            cwd=stage.folder,
            env=traced,
            stderr=errors,
        )
        try:
            yield Running(running, Path(errors.name))
        finally:
            if running.returncode is None:
                running.kill()
            await running.wait()


@dataclass
class Running:
    """A bot that runs as a process, and what it writes to standard error."""

    process: asyncio.subprocess.Process
    errors: Path

    @property
    def returncode(self) -> int | None:
        return self.process.returncode


async def errors_of(running: Running) -> str:
    """Wait for the end; give what was written to standard error."""
    await asyncio.wait_for(running.process.wait(), 30)
    return running.errors.read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_with_status_0(stage: Stage, number: signal.Signals) -> None:
    async with process(stage) as running:
        await post_of(stage, "AI 日报")

        running.process.send_signal(number)
        errors = await errors_of(running)

    assert running.returncode == 0, errors
    assert "Traceback" not in errors


async def test_kill_9_and_a_restart_post_nothing_twice(stage: Stage, either_url: str) -> None:
    async with process(stage, DATABASE_URL=either_url) as running:
        await post_of(stage, "AI 日报")
        await asyncio.sleep(0.5)
        running.process.kill()
        await running.process.wait()

    async with process(stage, DATABASE_URL=either_url) as again:
        await asyncio.sleep(QUIET)
        again.process.terminate()
        await errors_of(again)

    assert len(stage.posts()) == 1


async def test_a_wrong_token_is_one_clear_line_and_status_2(stage: Stage) -> None:
    token = "123456:" + "x" * 35

    async with process(stage, BOT_TOKEN=token) as running:
        errors = await errors_of(running)

    assert running.returncode == 2
    assert "BOT_TOKEN: Telegram does not know this token" in errors
    assert token not in errors
    assert "Traceback" not in errors


async def test_without_a_network_it_tries_on_and_says_so_once(stage: Stage) -> None:
    words = "Telegram cannot be reached; trying on"
    async with process(stage, TELEGRAM_API="http://127.0.0.1:9") as running:
        await until(lambda: words in running.errors.read_text())
        await asyncio.sleep(4)
        running.process.terminate()
        errors = await errors_of(running)

    assert running.returncode == 0, errors
    assert errors.count(words) == 1
    assert stage.sandbox.token not in errors


async def test_what_cannot_be_used_is_one_clear_line_and_status_2(stage: Stage) -> None:
    faults = {
        "DIGEST_DIR": str(stage.folder / "nowhere"),
        "INDEX_PATH": "/proc/nowhere/index.db",
        "DATABASE_URL": "sqlite+aiosqlite:////proc/nowhere/state.db",
    }
    for name, value in faults.items():
        async with process(stage, **{name: value}) as running:
            errors = await errors_of(running)

        assert running.returncode == 2, errors
        assert "Traceback" not in errors
        assert f"{name}: " in errors


async def test_a_server_that_is_not_there_is_one_clear_line_without_its_password(
    stage: Stage,
) -> None:
    url = "postgresql+asyncpg://bot:secret@127.0.0.1:9/bot"

    async with process(stage, DATABASE_URL=url) as running:
        errors = await errors_of(running)

    assert running.returncode == 2, errors
    (line,) = (line for line in errors.splitlines() if line.startswith("DATABASE_URL: "))
    assert "cannot be reached" in line
    assert "Traceback" not in errors
    assert "secret" not in errors


async def test_a_second_process_on_one_state_is_refused(stage: Stage, either_url: str) -> None:
    async with process(stage, DATABASE_URL=either_url):
        await post_of(stage, "AI 日报")

        async with process(stage, DATABASE_URL=either_url) as second:
            errors = await errors_of(second)

    assert second.returncode == 2
    assert "in use by process" in errors


async def test_whoever_loses_its_database_to_another_ends(
    stage: Stage, postgresql_url: str
) -> None:
    async with process(stage, DATABASE_URL=postgresql_url) as running:
        await post_of(stage, "AI 日报")

        other = await asyncpg.connect(postgresql_url.replace("+asyncpg", ""))
        await other.execute("SET application_name = 'x process 7 on mars'")
        while not await other.fetchval(OWN):
            await other.fetch(
                "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        errors = await errors_of(running)
        await other.close()

    assert running.returncode == 2, errors
    assert "is in use by process 7 on mars: stop it first" in errors.splitlines()[-1]


async def test_the_token_is_in_no_log_whatever_goes_wrong(stage: Stage) -> None:
    stage.sandbox.faults.add(method="sendMessage", status=500)

    async with process(stage, LOG_LEVEL="debug") as running:
        await until(lambda: any(call.method == "sendMessage" for call in stage.sandbox.calls))
        await asyncio.sleep(1)
        running.process.terminate()
        errors = await errors_of(running)

    assert stage.sandbox.token not in errors
