"""A play in the sandbox: the bot, the people of its group, and what they say."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

import click

from bot.cli.archive import library_of, topics_of
from bot.cli.common import FOUND_WRONG, settings_from
from bot.cli.stage import Stage, staged
from bot.locale import words
from bot.sandbox.calls import Call
from bot.sandbox.people import PATIENCE, Person
from bot.sandbox.sandbox import HOME, Sandbox
from bot.sandbox.terminal import ANSWER_WITHIN, converse
from bot.settings import Settings, load_settings

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
# As long as a script waits for the day's post before its first line; there may be none.
POST_SECONDS = 30.0
# How polls end that the bot leaves open at its end; they were not refused.
LEFT_OPEN = "sandbox: the connection ended"


def prepared(box: Sandbox, script: Path | None, *, no_open: bool) -> Coroutine[None, None, None]:
    """Check what the play needs, and return it."""
    settings = settings_from(load_settings)
    library_of(settings.digest_dir, topics_of(settings), settings)
    open_page = None if no_open or script else webbrowser.open
    spoken = _spoken(script) if script else None
    box.zone = settings.timezone.key
    return _serve(box, settings, spoken, open_page)


def _spoken(script: Path) -> list[str]:
    """Read a script: a line each, `#` begins a comment."""
    try:
        lines = script.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise click.UsageError(f"{script} is not UTF-8") from None
    return [line for line in lines if line.strip() and not line.startswith("#")]


async def _serve(
    box: Sandbox,
    settings: Settings,
    spoken: list[str] | None,
    open_page: Callable[[str], bool] | None,
) -> None:
    async with box:
        people = _people(box, settings)
        click.echo(f"▶ {box.page}")
        if open_page and _has_display():
            await asyncio.to_thread(open_page, box.page)
        async with (
            staged(box, settings, _environment(box, people[1], settings)) as stage,
            asyncio.TaskGroup() as tasks,
        ):
            said, missed = asyncio.Event(), list[str]()
            lines = None if spoken is None else _lines(spoken, people[0], said)
            talk = tasks.create_task(_talk(box, settings, people, lines, missed.append))
            status = await _end_of_play(stage, said)
            talk.cancel()
    _conclude(box, status, missed if spoken else [])


def _people(box: Sandbox, settings: Settings) -> list[Person]:
    """Let the people of the group be there: a member, its owner and bot's admin, another member."""
    w = words(settings.language)
    member, admin = w("Member"), w("Admin")
    names = (member, admin, f"{member} 2")
    # Who is an admin has talked to the bot before, or it could not give them their menu.
    people = [box.person(name, language=settings.language, started=name == admin) for name in names]
    group = box.chat(HOME)
    for person in people:
        group.has_member(person)
    group.has_owner(people[1])
    return people


async def _talk(
    box: Sandbox,
    settings: Settings,
    people: list[Person],
    lines: AsyncIterator[str] | None,
    missed: Callable[[str], None],
) -> None:
    w, zone = words(settings.language), settings.timezone
    # A script wants to know whether the bot answers; who types would rather type on.
    patience = PATIENCE if lines else ANSWER_WITHIN
    await converse(
        box, people, box.chat(HOME), w=w, zone=zone, lines=lines, patience=patience, missed=missed
    )


async def _lines(spoken: list[str], person: Person, said: asyncio.Event) -> AsyncIterator[str]:
    """Yield the lines of a script once the day's post is there."""
    chat = person.world.named(HOME)
    with person.world.events.listening() as news, contextlib.suppress(TimeoutError):
        async with asyncio.timeout(POST_SECONDS):
            while chat is not None and not chat.posts:
                await news.get()
    for line in spoken:
        yield line
    said.set()


async def _end_of_play(stage: Stage, said: asyncio.Event) -> int | None:
    """Wait until the script is at its end (None), or the bot (its status)."""
    ended = asyncio.create_task(stage.ended())
    done = asyncio.create_task(said.wait())
    try:
        await asyncio.wait({ended, done}, return_when=asyncio.FIRST_COMPLETED)
        return ended.result() if ended.done() else None
    finally:
        ended.cancel()
        done.cancel()


def _conclude(box: Sandbox, status: int | None, missed: list[str]) -> None:
    """End with what went wrong: with the bot's process, its calls or its answers to a script."""
    ended = [] if status is None else [f"the bot ended with status {status}"]
    refused = [call for call in box.calls if not call.ok and not _was_left_open(call)]
    wrong = [
        *ended,
        *(f"refused: {call.method}: {call.error}" for call in refused),
        *(f"not done or not answered: {line}" for line in missed),
    ]
    for complaint in wrong:
        click.echo(complaint, err=True)
    if wrong:
        sys.exit(FOUND_WRONG)


def _was_left_open(call: Call) -> bool:
    return call.method == "getUpdates" and str(call.error).startswith(LEFT_OPEN)


def _environment(box: Sandbox, admin: Person, settings: Settings) -> dict[str, str]:
    """Give the settings that lead the bot into the sandbox; all others stay the operator's.

    Warnings stand in the admin's chat; who wants them among the lines of the chats asks for them.
    """
    chosen = "log_level" in settings.model_fields_set
    return {
        "TELEGRAM_API": box.api,
        "BOT_TOKEN": box.token,
        "ADMIN_IDS": str(admin.id),
        "PUSH_TARGETS": HOME,
        # The operator's own bot may have these.
        "DIGEST_GIT": "",
        "HTTP_LISTEN": "",
        "WEBHOOK_URL": "",
        "LOG_LEVEL": settings.log_level if chosen else "error",
    }


def _has_display() -> bool:
    """Tell whether someone sits before this machine, and a window can open there."""
    if os.environ.get("CI") or not sys.stdout.isatty():
        return False
    return sys.platform in ("darwin", "win32") or any(map(os.environ.get, DISPLAYS))
