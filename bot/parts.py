"""The composition root: the only place that builds the bot's objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

from telegram.ext import Application

from bot.digests.library import Library
from bot.digests.topics import Topics
from bot.handlers.context import Context, Services
from bot.handlers.reports import Reports
from bot.handlers.vanishing import Vanishing
from bot.locale import LANGUAGES, words
from bot.model import Digest
from bot.rendering.links import Links
from bot.rendering.posts import personal_post, post
from bot.search.index import Index
from bot.services.archive import Archive
from bot.services.broadcasting import Broadcasts
from bot.services.catching_up import CatchingUp
from bot.services.delivery import DeliveryWorker
from bot.services.menus import AdminMenus
from bot.services.mirror import Mirror
from bot.services.offering import Offering
from bot.services.preferences import PersonalSettings
from bot.services.publishing import Publisher, posted_texts
from bot.services.reading import Reader
from bot.services.saving import SavedStories
from bot.services.schedule import Schedule
from bot.services.subscriptions import Subscriptions
from bot.services.targets import Targets
from bot.services.topics import LiveTopics
from bot.services.trends import Trends
from bot.services.turning import Turning
from bot.services.verdicts import Verdicts
from bot.settings import FREE_RATE, RunSettings, Settings
from bot.storage.database import Database
from bot.storage.records import Rendered
from bot.telegram_api.client import Client
from bot.telegram_api.directory import TelegramDirectory
from bot.telegram_api.sender import TelegramSender

Clock: TypeAlias = Callable[[], datetime]
App: TypeAlias = Application[Client, Context, Any, Any, Any, Any]

LEAST_IN_FLIGHT = 32


@dataclass(frozen=True, slots=True)
class Parts:
    """All that is at work while the bot runs."""

    archive: Archive
    targets: Targets
    publisher: Publisher
    worker: DeliveryWorker
    verdicts: Verdicts
    services: Services


@dataclass(frozen=True, slots=True)
class Ground:
    """What all parts are built on."""

    settings: RunSettings
    now: Clock
    app: App
    database: Database
    index: Index
    topics: Topics
    mirror: Mirror | None = None

    def schedule(self) -> Schedule:
        """Give the hours that the operator chose."""
        chosen = self.settings
        return Schedule(chosen.timezone, chosen.push_at, chosen.catch_up_days)

    def today(self) -> date:
        """Tell the group's day."""
        return self.schedule().today(self.now())

    def links(self) -> Links:
        """Give the maker of links to the bot."""
        return Links(self.app.bot.username)


def build(on: Ground) -> Parts:
    """Build everything that works while the bot runs; nothing runs yet."""
    subscriptions = Subscriptions(on.database, on.now)
    archive = _archive(on, lambda: _wake(publisher, targets, verdicts))
    chosen = on.settings
    reports = Reports(
        on.app.bot, chosen.admin_ids, subscriptions, archive, chosen.language, chosen.timezone
    )
    worker = _worker(on, reports)
    publisher = _publisher(on, archive, worker)
    targets = _targets(on, archive, publisher)
    verdicts = Verdicts(on.database, on.index, publisher.publish, reports, on.now, archive.unrested)
    services = _services(on, archive, worker, subscriptions, verdicts)
    return Parts(archive, targets, publisher, worker, verdicts, services)


def _archive(on: Ground, on_change: Callable[[], None]) -> Archive:
    folder = on.settings.digest_dir
    library = Library(folder, on.topics, today=on.today)
    live = LiveTopics(on.settings.topics_file, on.topics)
    posted = partial(posted_texts, on.database)
    return Archive(folder, library, on.index, on_change, live.reload, posted)


def _worker(on: Ground, reports: Reports) -> DeliveryWorker:
    return DeliveryWorker(
        on.database,
        TelegramSender(on.app.bot, paid=on.settings.send_rate > FREE_RATE),
        now=on.now,
        listener=reports,
        catch_up=CatchingUp(on.schedule()),
        # An answer takes a tenth of a second or more, and a third of them stands in line:
        # where that is shorter than a slow transaction, the rate is lost meanwhile.
        in_flight=max(LEAST_IN_FLIGHT, int(on.settings.send_rate / 2)),
    )


def _publisher(on: Ground, archive: Archive, worker: DeliveryWorker) -> Publisher:
    links = on.links()
    return Publisher(
        on.database,
        archive,
        lambda digest: _render(digest, archive, on.settings, links),
        schedule=on.schedule(),
        target_names=on.settings.push_targets,
        now=on.now,
        on_published=worker.wake,
    )


def _targets(on: Ground, archive: Archive, publisher: Publisher) -> Targets:
    return Targets(
        on.database,
        TelegramDirectory(on.app.bot),
        lambda: [*on.settings.push_targets, *sorted(archive.targets())],
        on.settings.timezone,
        on.now,
        on_found=publisher.wake,
        # None are known where the archive is away.
        knows_all=lambda: bool(archive.titles()),
    )


def _services(
    on: Ground,
    archive: Archive,
    worker: DeliveryWorker,
    subscriptions: Subscriptions,
    verdicts: Verdicts,
) -> Services:
    settings, now, database, index = on.settings, on.now, on.database, on.index
    links, zone = on.links(), on.settings.timezone
    saved = SavedStories(database, index, archive.titles, links, now)

    return Services(
        verdicts=verdicts,
        offering=Offering(index, archive.titles, links, on.today, archive.is_early),
        trends=Trends(index, on.topics, on.today),
        reader=Reader(index, on.topics, archive.titles, links, now, zone, saved, archive.is_early),
        subscriptions=subscriptions,
        broadcasts=Broadcasts(database, now, on_confirmed=worker.wake, timezone=zone),
        worker=worker,
        vanishing=Vanishing(on.app.bot, timedelta(minutes=settings.group_reply_minutes), now),
        saved=saved,
        turning=Turning(database, now),
        menus=AdminMenus(database),
        mirror=on.mirror,
        personal=PersonalSettings(database, zone, now, on_redated=worker.wake),
        admins=settings.admin_ids,
        language=settings.language,
        push_at=settings.push_at,
    )


def _wake(publisher: Publisher, targets: Targets, verdicts: Verdicts) -> None:
    """Let what a changed archive concerns look again."""
    targets.wake()
    publisher.wake()
    verdicts.wake()


def _render(digest: Digest, archive: Archive, settings: Settings, links: Links) -> Rendered:
    title, w = archive.titles().get(digest.source, ""), words(settings.language)
    personal = {
        language: personal_post(digest, title, words(language), links) for language in LANGUAGES
    }
    return Rendered(post(digest, title, w, links), personal[settings.language], personal)
