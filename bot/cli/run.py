"""``run``: the bot itself."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import click
import structlog

from bot import app
from bot.cli.common import WRONG_USE, set_up_logs, settings_from
from bot.settings import SettingsError, load_run_settings
from bot.storage.errors import StorageError

log = structlog.get_logger()


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
    try:
        asyncio.run(app.run(settings, clock(as_of)))
    except (SettingsError, StorageError) as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG_USE)


def clock(as_of: datetime | None) -> Callable[[], datetime]:
    """Give the clock of the machine, or one that was set to *as_of* when this was called."""
    shift = as_of - datetime.now(UTC) if as_of else None
    return (lambda: datetime.now(UTC) + shift) if shift else (lambda: datetime.now(UTC))
