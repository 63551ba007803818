"""``sandbox``: the unmodified bot against the local emulator, in the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime, time
from pathlib import Path

import click
import msgspec

from bot.cli.archive import library_of, topics_of
from bot.cli.common import FOUND_WRONG, settings_from
from bot.locale import words
from bot.model import Status
from bot.sandbox.clock import Clock
from bot.sandbox.sandbox import HOME, Sandbox
from bot.sandbox.terminal import converse
from bot.settings import Settings, load_settings

MORNING = time(8)
GRACE_SECONDS = 10


@click.command()
@click.option("--no-bot", is_flag=True, help="the emulator alone, for a bot of your own")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0: any free one")
def sandbox(*, no_bot: bool, port: int) -> None:
    """Try the bot without a token or a network, as a member of its group.

    There the newest digest's day is today. What you type is said in the chats; ? helps.
    """
    settings = settings_from(load_settings)
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_until_terminated(_serve_alone(port) if no_bot else _serve(settings, port)))


async def _until_terminated(work: Coroutine[None, None, None]) -> None:
    """Let SIGTERM end the work as Ctrl-C does, so that the bot is not left behind."""
    task = asyncio.create_task(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await task


async def _serve_alone(port: int) -> None:
    async with Sandbox(port) as box:
        people = {name: box.person(name).id for name in ("Ann", "Bo", "Admin")}
        line = {
            "api": box.api,
            "token": box.token,
            "people": people,
            "chats": {HOME: box.chat(HOME).id},
        }
        click.echo(msgspec.json.encode(line))
        await asyncio.Event().wait()


async def _serve(settings: Settings, port: int) -> None:
    w = words(settings.language)
    morning = _newest_morning(settings)
    async with Sandbox(port, clock=Clock(morning)) as box:
        member = box.person(w("Member"), language=settings.language)
        admin = box.person(w("Admin"), language=settings.language)
        async with (
            _bot(_environment(box, admin.id), morning) as ended,
            asyncio.TaskGroup() as tasks,
        ):
            talk = tasks.create_task(
                converse(box, [member, admin], box.chat(HOME), w=w, zone=settings.timezone)
            )
            status = await ended.wait()
            talk.cancel()
    click.echo(f"the bot ended with status {status}", err=True)
    sys.exit(FOUND_WRONG)


def _newest_morning(settings: Settings) -> datetime:
    """Give the moment at which the newest digest of the archive is due."""
    library = library_of(settings.digest_dir, topics_of(settings), settings)
    ready = (report.digest for report in library.load() if report.status is Status.READY)
    newest = max((digest.day for digest in ready if digest), default=None)
    day = newest or datetime.now(settings.timezone).date()
    return datetime.combine(day, settings.push_at or MORNING, tzinfo=settings.timezone)


def _environment(box: Sandbox, admin: int) -> dict[str, str]:
    """Give the settings that lead the bot into the sandbox; all others stay the operator's."""
    return {
        "TELEGRAM_API": box.api,
        "BOT_TOKEN": box.token,
        "ADMIN_IDS": str(admin),
        "PUSH_TARGETS": HOME,
        "LOG_LEVEL": "warning",
    }


@asynccontextmanager
async def _bot(
    environment: dict[str, str], morning: datetime
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot as anyone would, on a state of its own that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="digestbot-") as folder:
        state = {
            "DATABASE_URL": f"sqlite+aiosqlite:///{Path(folder, 'state.db')}",
            "INDEX_PATH": str(Path(folder, "index.db")),
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--as-of", morning.isoformat()),
            env={**os.environ, **environment, **state},
            stdin=asyncio.subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(GRACE_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
