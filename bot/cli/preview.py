"""``preview``: print messages exactly as they would be sent."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from bot.cli.archive import library_of, read_file, topics_of
from bot.cli.common import FOUND_WRONG, harmless, settings_from
from bot.locale import Words, words
from bot.locale.days import parse_day
from bot.model import Digest, Message, Problem, Report
from bot.rendering.chat_page import chat_page
from bot.rendering.days import DayView, today
from bot.rendering.links import Links
from bot.rendering.payload import payload, plain_text
from bot.rendering.posts import post
from bot.rendering.reading import contents, item_page, section_page
from bot.settings import Settings, load_settings

BOT = "your_bot"
"""Stands for the bot's name in links: without a token nobody knows it."""


@click.command()
@click.argument("what", metavar="DATE|PATH")
@click.option(
    "--as",
    "view",
    type=click.Choice(["post", "today", "read", "item"]),
    default="post",
    show_default=True,
    help="the group's post, the answer to /today, the pages of reading, or all items",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="text for people, json (a line each) for programs, html for a look at the chat",
)
def preview(what: str, view: str, form: str) -> None:
    """Print the messages of a day or file exactly as they would be sent."""
    settings = settings_from(load_settings)
    digests, titles = _find(what, settings)
    w, links = words(settings.language), Links(BOT)
    messages = _render(digests, titles, view, w, links)
    if form == "html":
        click.echo(chat_page(messages, digests[0].title, w.language), nl=False)
        return
    for message in messages:
        line = {"method": "sendMessage", **payload(message)}
        click.echo(msgspec.json.encode(line) if form == "json" else harmless(_text(message)))


def _find(what: str, settings: Settings) -> tuple[list[Digest], dict[str, str]]:
    topics = topics_of(settings)
    if Path(what).is_file():
        return [_digest_of(read_file(Path(what), topics, settings))], {}
    day = parse_day(what, datetime.now(settings.timezone).date())
    if day is None:
        raise click.UsageError(f"{what!r} is neither a file nor a day such as 2026-01-14")
    library = library_of(settings.digest_dir, topics, settings)
    found = [one.digest for one in library.load() if one.digest and one.digest.day == day]
    if not found:
        _end(f"{settings.digest_dir} has no digest of {day}")
    return found, {source.name: source.title or source.name for source in library.sources()}


def _digest_of(report: Report) -> Digest:
    if report.digest is None:
        _end("\n".join(f"{report.path}{_where(one)}: {one.message}" for one in report.problems))
    return report.digest


def _where(problem: Problem) -> str:
    return f", line {problem.line}" if problem.line else ""


def _end(reason: str) -> NoReturn:
    click.echo(harmless(reason), err=True)
    sys.exit(FOUND_WRONG)


def _render(
    digests: Sequence[Digest], titles: dict[str, str], view: str, w: Words, links: Links
) -> list[Message]:
    if view == "today":
        return [today(DayView(digests[0].day, tuple(digests), titles), w, links)]
    pages: list[Message] = []
    for digest in digests:
        title = titles.get(digest.source, digest.source)
        if view == "post":
            pages += post(digest, title, w, links)
        elif view == "read":
            pages.append(contents(digest, title, w))
            pages += [section_page(digest, at, title, w) for at in range(len(digest.sections))]
        else:
            pages += [item_page(digest, item.key, w, links) for item in digest.items]
    return pages


def _text(message: Message) -> str:
    rows = ["  ".join(f"[ {button.text} ]" for button in row) for row in message.buttons]
    return "\n".join([plain_text(message.text), *rows, "─" * 40])
