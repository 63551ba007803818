"""The life of the bot: opens what it needs, runs its parts, and takes them down in reverse."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Set
from contextlib import asynccontextmanager

from bot import handlers
from bot.app.connection import application, connected
from bot.app.faults import faults_told
from bot.app.files import archive_there, load_topics, make_index_folder
from bot.app.intake import intake, updates_secret
from bot.app.listening import hooks, listening
from bot.handlers import menu
from bot.handlers.context import Services
from bot.parts import App, Clock, Ground, Parts, build
from bot.search.index import Index
from bot.services.mirror import Mirror
from bot.services.patience import soon
from bot.settings import RunSettings
from bot.storage.database import Database
from bot.telegram_api.figures import figures
from bot.telegram_api.inbox import Inbox
from bot.telegram_api.limiter import limiter_of
from bot.telegram_api.polling import Polling
from bot.telegram_api.webhook import Webhook

LOADING_SECONDS = 10
# Twice, beside the worker's own: whoever supervises the process may kill it after ten seconds.
FAREWELL_SECONDS = 3


@asynccontextmanager
async def running(settings: RunSettings, now: Clock) -> AsyncIterator[Services]:
    """Have the whole bot at work.

    Raises:
        SettingsError: what was set cannot be used.
    """
    topics = load_topics(settings)
    app = application(settings)
    inbox, secret = Inbox(app), updates_secret(settings)
    with faults_told(settings):
        # First: whoever comes second on one state must touch nothing else.
        async with Database.open(settings.database_url) as database:
            mirror = await archive_there(settings, now)
            async with (
                listening(
                    settings,
                    hooks(settings, mirror, inbox, secret),
                    lambda: figures(limiter_of(app.bot)),
                ),
                Index.open(make_index_folder(settings), topics) as index,
                connected(app),
            ):
                parts = build(Ground(settings, now, app, database, index, topics, mirror))
                app.bot_data["services"] = parts.services
                handlers.register(app, settings.admin_ids)
                updates = intake(settings, app.bot, inbox, secret)
                async with _at_work(app, parts, updates, mirror):
                    yield parts.services


@asynccontextmanager
async def _at_work(
    app: App, parts: Parts, updates: Polling | Webhook, mirror: Mirror | None
) -> AsyncIterator[None]:
    """Run all parts; a part that fails ends the process, and the outbox keeps what is owed."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(parts.archive.run(), name="archive")
        tasks.create_task(_deliver(parts), name="delivery")
        tasks.create_task(parts.services.vanishing.run(), name="vanishing")
        tasks.create_task(_after(parts.archive.loaded, parts.publisher.run), name="publisher")
        tasks.create_task(_after(parts.archive.loaded, parts.targets.run), name="targets")
        telling = tasks.create_task(parts.verdicts.run(), name="verdicts")
        beside = [tasks.create_task(menu.announce(app.bot, parts.services), name="menu")]
        if mirror:
            beside.append(tasks.create_task(mirror.run(), name="mirror"))
        await app.start()
        answering = tasks.create_task(_answer(parts, updates), name="updates")
        try:
            yield
        finally:
            stopped = (parts.worker, parts.archive, parts.publisher, parts.targets, parts.verdicts)
            for part in (*stopped, updates):
                part.stop()
            for task in beside:
                task.cancel()
            # Before the rest stops: what is handed on after that would be lost.
            await _ended({answering, telling})
            await _stop_answering(app)
            parts.services.vanishing.stop()


async def _after(moment: asyncio.Event, work: Callable[[], Awaitable[None]]) -> None:
    """Begin late: what a source decides for itself is known only when its file was read."""
    await moment.wait()
    await work()


async def _deliver(parts: Parts) -> None:
    """Let those go first that left the settings: they get nothing of what waits."""
    await soon(parts.targets.retired, LOADING_SECONDS)
    await parts.worker.run()


async def _answer(parts: Parts, updates: Polling | Webhook) -> None:
    """Let there be something of the archive before people are answered from it."""
    await soon(parts.archive.readable, LOADING_SECONDS)
    await updates.run()


async def _ended(tasks: Set[asyncio.Task[None]]) -> None:
    """Let tasks end by themselves, for some seconds: some wait for a network that is gone."""
    await asyncio.wait(tasks, timeout=FAREWELL_SECONDS)
    for task in tasks:
        task.cancel()


async def _stop_answering(app: App) -> None:
    """Answer whoever was heard, for some seconds: those in a long line are let go."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FAREWELL_SECONDS):
            await app.stop()
