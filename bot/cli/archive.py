"""What the commands that read an archive share."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path, PurePosixPath

import click

from bot.cli.common import WRONG_USE
from bot.digests.library import Library
from bot.digests.parser import parse
from bot.digests.topics import Topics, TopicsError
from bot.model import Report, Source
from bot.settings import Settings


def topics_of(settings: Settings) -> Topics:
    """Read the table of topics, or end with what is wrong with it; none at all is told."""
    if not settings.topics_file.exists():
        click.echo(
            f"TOPICS_FILE: there is no {settings.topics_file}: no topics are found", err=True
        )
        return Topics(())
    try:
        return Topics.load(settings.topics_file)
    except TopicsError as error:
        click.echo(f"TOPICS_FILE: {error}", err=True)
        sys.exit(WRONG_USE)


def library_of(root: Path, topics: Topics, settings: Settings) -> Library:
    """Open the archive at *root*, on the group's day."""
    if not root.is_dir():
        raise click.UsageError(f"DIGEST_DIR: {root} is no folder")
    return Library(root, topics, today=lambda: datetime.now(settings.timezone).date())


def read_file(path: Path, topics: Topics, settings: Settings) -> Report:
    """Read one file, as one of the archive's if it lies in it, else as one of its folder's."""
    root, place = place_of(path, path.parent, settings)
    library = library_of(root, topics, settings)
    found = (file for file in library.files() if file.path == click.format_filename(place))
    file = next(found, None)
    return library.read(file) if file else _read_any(path, topics)


def _read_any(path: Path, topics: Topics) -> Report:
    """Read a file whose name is not a digest's, since it was named outright."""
    return parse(path.read_bytes(), path.name, Source(""), topics, today=None)


def place_of(path: Path, otherwise: Path, settings: Settings) -> tuple[Path, PurePosixPath]:
    """Give the archive that a path lies in, else *otherwise*, and the place within it."""
    # A file's place is its own, wherever it leads; a folder is read where it is.
    place = path.resolve() if path.is_dir() else path.parent.resolve() / path.name
    own = place.is_relative_to(settings.digest_dir.resolve())
    root = settings.digest_dir if own else otherwise
    return root, PurePosixPath(place.relative_to(root.resolve()))
