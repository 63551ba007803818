"""``publish``: push a digest now."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click
import msgspec

from bot.app import once
from bot.cli.common import FOUND_WRONG, format_option, run_to_end, set_up_logs, settings_from
from bot.locale.days import parse_day
from bot.services.publications import (
    AlreadyPublished,
    Nobody,
    Published,
    Publishing,
    SourceAway,
    Stopped,
    TakenBack,
    Unknown,
)
from bot.settings import load_run_settings


@click.command()
@click.argument("day", metavar="DATE")
@format_option
def publish(day: str, form: str) -> None:
    """Push the digests of DATE now, however old; who has one does not get it again.

    A bot that runs sends them; where none runs, this command does and waits for the end.
    """
    settings = settings_from(load_run_settings)
    set_up_logs(settings.log_level, settings.log_format)
    asked = parse_day(day, datetime.now(settings.timezone).date())
    if asked is None:
        raise click.UsageError(f"{day!r} is no day such as 2026-01-14")
    results = run_to_end(once.publish(settings, asked, lambda: datetime.now(UTC)))
    for result in results:
        click.echo(_json(result) if form == "json" else _line(result))
    if not any(isinstance(result, Published | AlreadyPublished) for result in results):
        click.echo(f"{asked}: nothing to publish", err=True)
        sys.exit(FOUND_WRONG)


def _json(result: Publishing) -> bytes:
    line = {"result": type(result).__name__.lower(), **msgspec.structs.asdict(result)}
    return msgspec.json.encode(line)


def _line(result: Publishing) -> str:
    match result:
        case Published(digest_id, _, deliveries):
            return f"{digest_id}: published, {deliveries} messages"
        case AlreadyPublished(digest_id):
            return f"{digest_id}: was published already, nobody more is to get it"
        case TakenBack(digest_id):
            return f"{digest_id}: was taken back and is not published again"
        case Stopped(digest_id):
            return f"{digest_id}: was stopped and goes to nobody else; /today DATE shows it"
        case SourceAway(digest_id):
            return f"{digest_id}: its source, which says where it goes, is away: bring its folder"
        case Nobody(digest_id):
            return f"{digest_id}: no target was found and nobody has subscribed"
        case Unknown(digest_id):
            return f"{digest_id}: not in the archive"
