"""The files that the bot reads: topics, and the archive with its remote."""

from __future__ import annotations

from pathlib import Path

from bot.digests.topics import Topics, TopicsError
from bot.parts import Clock
from bot.services.mirror import Mirror, MirrorError
from bot.settings import Settings, SettingsError


def load_topics(settings: Settings) -> Topics:
    """Read the table of topics.

    Raises:
        SettingsError: naming what is wrong with it.
    """
    try:
        return Topics.load(settings.topics_file)
    except TopicsError as error:
        raise SettingsError(f"TOPICS_FILE: {error}") from error


async def archive_there(settings: Settings, now: Clock) -> Mirror | None:
    """Have a folder of digests; where it has a remote, give what keeps it equal to that.

    Raises:
        SettingsError: it cannot be.
    """
    mirror = await _prepared(settings, now)
    if not settings.digest_dir.is_dir():
        raise SettingsError(f"DIGEST_DIR: {settings.digest_dir} is no folder")
    return mirror


async def _prepared(settings: Settings, now: Clock) -> Mirror | None:
    if settings.digest_git is None:
        return None
    remote, zone = settings.digest_git.get_secret_value(), settings.timezone
    mirror = Mirror(remote, settings.digest_dir, lambda: now().astimezone(zone))
    try:
        await mirror.prepare()
    except MirrorError as error:
        raise SettingsError(f"DIGEST_GIT: {error}") from error
    return mirror


def make_index_folder(settings: Settings) -> Path:
    """Give the path of the index, in a folder that is there.

    Raises:
        SettingsError: it cannot be made.
    """
    try:
        settings.index_path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"INDEX_PATH: {error}") from error
    return settings.index_path
