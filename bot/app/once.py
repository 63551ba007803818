"""Publish a day's digests once, beside a bot that runs or in its place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app.connection import application, connected
from bot.app.faults import faults_told
from bot.app.files import load_topics
from bot.digests.topics import Topics
from bot.parts import Clock, Ground, Parts, build
from bot.search.index import Index
from bot.services.broadcasting import Broadcasts
from bot.services.publications import Published, Publishing
from bot.settings import RunSettings
from bot.storage.database import Database
from bot.storage.errors import DatabaseInUse

LOOK_SECONDS = 0.2


async def publish(settings: RunSettings, day: date, now: Clock) -> list[Publishing]:
    """Publish the digests of *day* now; a bot that runs sends them, else this does.

    Raises:
        SettingsError: what was set cannot be used.
    """
    with faults_told(settings):
        try:
            return await _publish(settings, day, now, beside=False)
        except DatabaseInUse:
            return await _publish(settings, day, now, beside=True)


async def _publish(
    settings: RunSettings, day: date, now: Clock, *, beside: bool
) -> list[Publishing]:
    topics = load_topics(settings)
    app = application(settings)
    async with (
        Database.open(settings.database_url, beside=beside) as database,
        _index_of_its_own(topics) as index,
        connected(app),
    ):
        parts = build(Ground(settings, now, app, database, index, topics))
        await parts.archive.refresh()
        await parts.targets.resolve()
        if not beside:
            # A bot that runs knows better who is none any more.
            await parts.targets.retire_others()
        heads = await index.on(day)
        results = [await parts.publisher.publish(head.id) for head in heads]
        if not beside:
            await _deliver(parts, results)
        return results


@asynccontextmanager
async def _index_of_its_own(topics: Topics) -> AsyncIterator[Index]:
    """Leave the index of a bot that runs beside this alone."""
    with TemporaryDirectory(prefix="digestbot-") as folder:
        async with Index.open(Path(folder, "index.db"), topics) as index:
            yield index


async def _deliver(parts: Parts, results: Iterable[Publishing]) -> None:
    """Send until all that was published is through."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(parts.worker.run(), name="delivery")
        for result in results:
            if isinstance(result, Published):
                await _finished(parts.services.broadcasts, result.broadcast_id)
        parts.worker.stop()


async def _finished(broadcasts: Broadcasts, broadcast_id: int) -> None:
    progress = await broadcasts.progress(broadcast_id)
    while progress and not progress.through:
        await asyncio.sleep(LOOK_SECONDS)
        progress = await broadcasts.progress(broadcast_id)
