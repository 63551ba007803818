"""What the commands share: settings, logs, the shape of answers, the exit status."""

from __future__ import annotations

import asyncio
import logging
import re
import sys
from collections.abc import Callable, Coroutine
from typing import TypeVar

import click
import structlog

from bot.search.schema import ForeignFileError
from bot.settings import SettingsError
from bot.storage.errors import StorageError

TOKEN = re.compile(r"[0-9]{3,}:[A-Za-z0-9_-]{30,}")
FOUND_WRONG = 1
WRONG_USE = 2
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

T = TypeVar("T")

format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text for people, json (a line each) for programs",
)


def settings_from(load: Callable[[], T]) -> T:
    """Read the settings, or end with every fault on standard error and status 2."""
    try:
        return load()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG_USE)


def run_to_end(work: Coroutine[None, None, T]) -> T:
    """Run *work*; end with status 2 and one clear line where an operator has to act."""
    try:
        return asyncio.run(work)
    except (SettingsError, StorageError, ForeignFileError) as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG_USE)


def harmless(text: str) -> str:
    """Show the control characters of a digest's text instead of letting a terminal obey them."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def set_up_logs(level: str, form: str) -> None:
    """Send all logs, ours and the libraries', to standard error in one shape."""
    plain = form == "text" or (form == "auto" and sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    end: list[structlog.typing.Processor] = (
        [_for_people()]
        if plain
        else [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(foreign_pre_chain=shared, processors=[remove, *end]))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # httpx writes request URLs at INFO, and those hold the token: a rule of security, not of taste.
    for name in ("httpx", "httpcore", "telegram", "aiosqlite", "alembic", "watchfiles"):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _for_people() -> structlog.dev.ConsoleRenderer:
    # Never with the values of variables: the token is among them.
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Blanks out tokens, wherever in a line a library may put one."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record without tokens."""
        return TOKEN.sub("<token>", super().format(record))
