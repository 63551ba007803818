"""The composition root: the only place that builds the bot's objects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
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
from bot.services.offering import Offering
from bot.services.preferences import PersonalSettings
from bot.services.publishing import Publisher
from bot.services.reading import Reader
from bot.services.saving import SavedStories
from bot.services.schedule import Schedule
from bot.services.subscriptions import Subscriptions
from bot.services.targets import Targets
from bot.services.topics import LiveTopics
from bot.services.trends import Trends
from bot.services.verdicts import Verdicts
from bot.settings import RunSettings, Settings
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


def build(
    settings: RunSettings, now: Clock, app: App, database: Database, index: Index, topics: Topics
) -> Parts:
    """Build everything that works while the bot runs; nothing runs yet."""
    links = Links(app.bot.username)
    schedule = Schedule(settings.timezone, settings.push_at, settings.catch_up_days)
    library = Library(settings.digest_dir, topics, today=lambda: schedule.today(now()))
    archive = Archive(
        settings.digest_dir,
        library,
        index,
        on_change=lambda: _wake(publisher, targets, verdicts),
        has_new_rules=LiveTopics(settings.topics_file, topics).reload,
    )
    subscriptions = Subscriptions(database, now)
    reports = Reports(app.bot, settings.admin_ids, subscriptions, settings.language)
    worker = DeliveryWorker(
        database,
        TelegramSender(app.bot),
        now=now,
        listener=reports,
        catch_up=CatchingUp(schedule),
        # An answer takes a tenth of a second or more: so many under way keep the rate up.
        in_flight=max(LEAST_IN_FLIGHT, int(settings.send_rate / 3)),
    )
    publisher = Publisher(
        database,
        archive,
        lambda digest: _render(digest, archive, settings, links),
        schedule=schedule,
        target_names=settings.push_targets,
        now=now,
        on_published=worker.wake,
    )
    verdicts = Verdicts(database, index.reports, publisher.publish, reports, now)
    saved = SavedStories(database, index, archive.titles, links, now)
    services = Services(
        verdicts=verdicts,
        offering=Offering(index, archive.titles, links),
        trends=Trends(index, topics, lambda: schedule.today(now())),
        reader=Reader(index, topics, archive.titles, links, now, settings.timezone, saved),
        subscriptions=subscriptions,
        broadcasts=Broadcasts(database, now, on_confirmed=worker.wake, timezone=settings.timezone),
        worker=worker,
        vanishing=Vanishing(app.bot, timedelta(minutes=settings.group_reply_minutes), now),
        saved=saved,
        menus=AdminMenus(database),
        personal=PersonalSettings(database, settings.timezone, now, on_redated=worker.wake),
        admins=settings.admin_ids,
        language=settings.language,
        push_at=settings.push_at,
    )
    targets = Targets(
        database,
        TelegramDirectory(app.bot),
        lambda: [*settings.push_targets, *sorted(archive.targets())],
        settings.timezone,
        now,
        on_found=publisher.wake,
    )
    return Parts(archive, targets, publisher, worker, verdicts, services)


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
    return Rendered(post(digest, title, w, links), personal.pop(settings.language), personal)
