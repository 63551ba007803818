"""``run``: the bot itself."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
from datetime import UTC, datetime

import click
import structlog

from bot import app
from bot.cli.common import run_to_end, set_up_logs, settings_from
from bot.parts import Clock
from bot.settings import RunSettings, load_run_settings

log = structlog.get_logger()

# While a search computes in its thread, the loop waits so long at each step of anything else.
GIVE_WAY_SECONDS = 0.001


class Instant(click.ParamType[datetime]):
    """A moment in ISO 8601 with its offset from UTC."""

    name = "instant"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read the moment, or fail as wrong use."""
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no moment such as 2026-01-14T08:00:00+08:00", param, ctx)
        return moment if moment.tzinfo else moment.astimezone()


@click.command()
@click.option("--as-of", type=Instant(), help="Run as if it were this moment now, as a rehearsal.")
def run(as_of: datetime | None) -> None:
    """Run the bot; needs BOT_TOKEN. Stop it with Ctrl-C or SIGTERM."""
    settings = settings_from(load_run_settings)
    set_up_logs(settings.log_level, settings.log_format)
    sys.setswitchinterval(GIVE_WAY_SECONDS)
    run_to_end(_until_signal(settings, clock(as_of)))


def clock(as_of: datetime | None) -> Clock:
    """Give the clock of the machine, or one that was set to *as_of* when this was called."""
    shift = as_of - datetime.now(UTC) if as_of else None
    return (lambda: datetime.now(UTC) + shift) if shift else (lambda: datetime.now(UTC))


async def _until_signal(settings: RunSettings, now: Clock) -> None:
    """Run the bot until SIGINT or SIGTERM; a second one ends the process at once."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, _stop_or_end, stop, number)
    started = asyncio.Event()
    serving = asyncio.create_task(_serve(settings, now, started, stop), name="serve")
    stopping = asyncio.create_task(stop.wait(), name="signal")
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not started.is_set():
        serving.cancel()  # still waiting for a network, perhaps for hours
    stopping.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


def _stop_or_end(stop: asyncio.Event, number: signal.Signals) -> None:
    if stop.is_set():
        # As after kill -9 nothing is lost: what is owed stands in the state.
        os._exit(128 + number)
    stop.set()


async def _serve(
    settings: RunSettings, now: Clock, started: asyncio.Event, stop: asyncio.Event
) -> None:
    async with app.running(settings, now):
        # What is built stays to the end: it need not be looked through for garbage ever again.
        gc.collect()
        gc.freeze()
        started.set()
        log.info("running")
        await stop.wait()
        log.info("stopping")
