"""``sandbox``: the unmodified bot against the local emulator, in the terminal and the browser."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
from collections.abc import Coroutine
from pathlib import Path

import click
import msgspec

from bot.sandbox.sandbox import Sandbox

# What listening fails with: the port is someone else's, or wants a mightier user.
NO_PORT = (errno.EADDRINUSE, errno.EACCES)


@click.command()
@click.option("--no-bot", is_flag=True, help="the emulator alone, for a bot of your own")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0: any free one")
@click.option("--no-open", is_flag=True, help="print the page's address, but open no browser")
@click.option(
    "--script",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="say the lines of this file, then end: with 1 if a call was refused or a line unanswered;"
    " /unanswered WORDS shall meet no answer",
)
@click.option("--limits", is_flag=True, help="refuse what is beyond Telegram's flood limits")
@click.option(
    "--faults",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="let calls go wrong as this JSON file says: docs/sandbox-methods.md",
)
def sandbox(
    *,
    no_bot: bool,
    port: int,
    no_open: bool,
    script: Path | None,
    limits: bool,
    faults: Path | None,
) -> None:
    """Try the bot without a token or a network, as a member of its group.

    There the newest digest's day is today. What you type is said in the chats; ? helps.
    """
    if no_bot and script:
        raise click.UsageError("--script talks to the bot, which --no-bot leaves out")
    box = Sandbox(port, limits=limits)
    if faults is not None:
        _load(box, faults)
    work = _serve_alone(box) if no_bot else _play(box, script, no_open=no_open)
    try:
        with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(_until_terminated(work))
    except OSError as error:
        if error.errno not in NO_PORT:
            raise
        raise click.UsageError(f"--port {port}: {os.strerror(error.errno)}") from None


def _load(box: Sandbox, faults: Path) -> None:
    try:
        box.faults.load(faults)
    except ValueError as error:
        raise click.UsageError(f"--faults {faults}: {error}") from None


def _play(box: Sandbox, script: Path | None, *, no_open: bool) -> Coroutine[None, None, None]:
    """Prepare a play with the bot, whose modules the emulator alone does not wait for."""
    from bot.cli.play import prepared

    return prepared(box, script, no_open=no_open)


async def _until_terminated(work: Coroutine[None, None, None]) -> None:
    """Let SIGTERM end the work as Ctrl-C does, so that the bot is not left behind."""
    task = asyncio.create_task(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await task


async def _serve_alone(box: Sandbox) -> None:
    async with box:
        for name in ("Ann", "Bo", "Admin"):
            box.person(name)
        click.echo(msgspec.json.encode(box.state()))
        await asyncio.Event().wait()
