"""The life of the bot: opens what it needs, runs its parts, and takes them down in reverse."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from telegram.error import InvalidToken
from telegram.ext import Application, ContextTypes, ExtBot

from bot import handlers
from bot.digests.topics import Topics, TopicsError
from bot.handlers import menu
from bot.handlers.context import Context, Services
from bot.parts import App, Clock, Parts, build
from bot.search.index import Index
from bot.services.broadcasting import Broadcasts
from bot.services.mirror import Mirror, MirrorError
from bot.services.outcomes import Priority
from bot.services.publishing import Published, Publishing
from bot.settings import RunSettings, Settings, SettingsError
from bot.storage.database import Database
from bot.storage.errors import DatabaseInUse
from bot.telegram_api.limiter import RateLimiter
from bot.telegram_api.order import InOrder
from bot.telegram_api.patience import Patience
from bot.telegram_api.request import AiohttpRequest, proxy_for
from bot.web.server import Hook, ListenError, serving

log = structlog.get_logger()

UPDATES_AT_ONCE = 1000
LOOK_SECONDS = 0.2
LOADING_SECONDS = 10
FAREWELL_SECONDS = 5


@asynccontextmanager
async def running(settings: RunSettings, now: Clock) -> AsyncIterator[Services]:
    """Have the whole bot at work.

    Raises:
        SettingsError: what was set cannot be used.
    """
    topics = load_topics(settings)
    async with (
        _fetched(settings),
        Database.open(settings.database_url) as database,
        Index.open(settings.index_path, topics) as index,
        connected(settings) as app,
    ):
        parts = build(settings, now, app, database, index, topics)
        app.bot_data["services"] = parts.services
        handlers.register(app, settings.admin_ids)
        async with _at_work(app, parts):
            yield parts.services


async def publish(settings: RunSettings, day: date, now: Clock) -> list[Publishing]:
    """Publish the digests of *day* now; a bot that runs sends them, else this does.

    Raises:
        SettingsError: what was set cannot be used.
    """
    try:
        return await _publish(settings, day, now, beside=False)
    except DatabaseInUse:
        return await _publish(settings, day, now, beside=True)


async def _publish(
    settings: RunSettings, day: date, now: Clock, *, beside: bool
) -> list[Publishing]:
    topics = load_topics(settings)
    async with (
        Database.open(settings.database_url, beside=beside) as database,
        _index_of_its_own(topics) as index,
        connected(settings) as app,
    ):
        parts = build(settings, now, app, database, index, topics)
        await parts.archive.refresh()
        await parts.targets.resolve()
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
    while progress and not progress.done:
        await asyncio.sleep(LOOK_SECONDS)
        progress = await broadcasts.progress(broadcast_id)


def _check_folders(settings: Settings) -> None:
    if not settings.digest_dir.is_dir():
        raise SettingsError(f"DIGEST_DIR: {settings.digest_dir} is no folder")
    try:
        settings.index_path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"INDEX_PATH: {error}") from error


def load_topics(settings: Settings) -> Topics:
    """Read the table of topics.

    Raises:
        SettingsError: naming what is wrong with it.
    """
    try:
        return Topics.load(settings.topics_file)
    except TopicsError as error:
        raise SettingsError(f"TOPICS_FILE: {error}") from error


@asynccontextmanager
async def _fetched(settings: Settings) -> AsyncIterator[None]:
    """Have a folder of digests; where it has a remote, keep it equal to that.

    Raises:
        SettingsError: it cannot be, or the server for its webhook cannot listen.
    """
    git, secret = settings.digest_git, settings.webhook_secret
    mirror = Mirror(git.get_secret_value(), settings.digest_dir) if git else None
    hook = Hook(secret.get_secret_value(), mirror.wake) if mirror and secret else None
    try:
        if mirror:
            await mirror.prepare()
        _check_folders(settings)
        async with _listening(settings, hook), _running(mirror):
            yield
    except MirrorError as error:
        raise SettingsError(f"DIGEST_GIT: {error}") from error
    except ListenError as error:
        raise SettingsError(f"HTTP_LISTEN: {error}") from error


@asynccontextmanager
async def _running(mirror: Mirror | None) -> AsyncIterator[None]:
    """Let the mirror run; not in a group, which would wrap the faults of what is within."""
    if mirror is None:
        yield
        return
    fetching = asyncio.create_task(mirror.run(), name="mirror")
    try:
        yield
    finally:
        fetching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await fetching


@asynccontextmanager
async def _listening(settings: Settings, hook: Hook | None) -> AsyncIterator[None]:
    if (place := settings.listens_at) is None:
        yield
        return
    async with serving(place.host, place.port, hook):
        log.info("listening", host=place.host, port=place.port)
        yield


@asynccontextmanager
async def connected(settings: RunSettings) -> AsyncIterator[App]:
    """Have a client of the Bot API that Telegram has let in, however long the network takes.

    Raises:
        SettingsError: Telegram does not know the token.
    """
    app = _application(settings)
    try:
        await Patience()(app.initialize)
        yield app
    except (InvalidToken, BaseExceptionGroup) as error:
        if isinstance(error, BaseExceptionGroup) and not error.subgroup(InvalidToken):
            raise
        # The library's own message shows the token. It may also be revoked later on.
        fault = "BOT_TOKEN: Telegram does not know this token; @BotFather shows the right one"
        raise SettingsError(fault) from None
    finally:
        await app.shutdown()
        await app.bot.shutdown()


def _application(settings: RunSettings) -> App:
    proxy = proxy_for(settings.telegram_api)
    client: ExtBot[Priority] = ExtBot(
        settings.bot_token.get_secret_value(),
        base_url=f"{settings.telegram_api}/bot",
        base_file_url=f"{settings.telegram_api}/file/bot",
        request=AiohttpRequest(proxy=proxy),
        get_updates_request=AiohttpRequest(connections=2, proxy=proxy),
        rate_limiter=RateLimiter(settings.send_rate),
    )
    return (
        Application.builder()
        .bot(client)
        .updater(None)
        .concurrent_updates(InOrder(UPDATES_AT_ONCE))
        .context_types(ContextTypes(context=Context))
        .build()
    )


@asynccontextmanager
async def _at_work(app: App, parts: Parts) -> AsyncIterator[None]:
    """Run all parts; a part that fails ends the process, and the outbox keeps what is owed."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(parts.archive.run(), name="archive")
        tasks.create_task(parts.worker.run(), name="delivery")
        tasks.create_task(parts.services.vanishing.run(), name="vanishing")
        tasks.create_task(_after(parts.archive.loaded, parts.publisher.run), name="publisher")
        tasks.create_task(_after(parts.archive.loaded, parts.targets.run), name="targets")
        tasks.create_task(parts.verdicts.run(), name="verdicts")
        await app.start()
        answering = tasks.create_task(_answer(app, parts), name="polling")
        try:
            yield
        finally:
            for part in (parts.worker, parts.archive, parts.publisher, parts.targets):
                part.stop()
            parts.verdicts.stop()
            await _stop_answering(app, parts, answering)
            parts.services.vanishing.stop()


async def _after(moment: asyncio.Event, work: Callable[[], Awaitable[None]]) -> None:
    """Begin late: what a source decides for itself is known only when its file was read."""
    await moment.wait()
    await work()


async def _answer(app: App, parts: Parts) -> None:
    """Let the archive be read before people are answered from it, unless that takes long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LOADING_SECONDS):
            await parts.archive.loaded.wait()
    await menu.announce(app.bot, parts.services.admins)
    await parts.polling.run()


async def _stop_answering(app: App, parts: Parts, answering: asyncio.Task[None]) -> None:
    """Answer whoever was heard, for some seconds: those in a long line are let go."""
    parts.polling.stop()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(FAREWELL_SECONDS):
            # Not before: what it hands on after the stop would be lost.
            await asyncio.wait({answering})
            await app.stop()
