"""``search``: the same search as ``/search``, for people and programs."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec

from bot.cli.archive import library_of, topics_of
from bot.cli.common import format_option, harmless, run_to_end, set_up_logs, settings_from
from bot.digests.topics import Topics
from bot.model import Hit, Results
from bot.search.index import Index
from bot.search.schema import copy
from bot.services.archive import Archive
from bot.settings import Settings, load_settings

DAY = click.DateTime(["%Y-%m-%d"])


# A word that begins with a minus is one that must not occur, also where it has an h.
_MINUS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}


@click.command(context_settings=_MINUS)
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option("--tag", metavar="TOPIC", help="only stories of this topic")
@click.option("--since", type=DAY, help="only stories of this day or later")
@click.option("--until", type=DAY, help="only stories of this day or earlier")
@format_option
def search(
    query: tuple[str, ...],
    limit: int,
    tag: str | None,
    since: datetime | None,
    until: datetime | None,
    form: str,
) -> None:
    """Find stories, best first; the QUERY - reads a query a line from standard input."""
    settings = settings_from(load_settings)
    set_up_logs("error", settings.log_format)
    topics = topics_of(settings)
    many = query == ("-",)
    queries = (line.rstrip("\n") for line in sys.stdin) if many else iter([" ".join(query)])
    topic = tag and (topics.resolve(tag) or tag)
    today = datetime.now(settings.timezone).date()
    bounds = _Bounds(limit, topic, since and since.date(), until and until.date(), today)
    run_to_end(_answer(settings, topics, queries, bounds, _Printer(form, named=many)))


class _Bounds(msgspec.Struct, frozen=True):
    limit: int
    tag: str | None
    since: date | None
    until: date | None
    today: date
    fold: bool = False  # a line for each telling of a story


async def _answer(
    settings: Settings, topics: Topics, queries: Iterable[str], bounds: _Bounds, printer: _Printer
) -> None:
    with TemporaryDirectory(prefix="digestbot-") as folder:
        path = Path(folder, "index.db")
        # The bot's own is never written: it may run, and would post what another archive put there.
        with suppress(sqlite3.DatabaseError):
            copy(settings.index_path, path)
        async with Index.open(path, topics) as index:
            library = library_of(settings.digest_dir, topics, settings)
            archive = Archive(settings.digest_dir, library, index, lambda: None)
            await archive.refresh()
            for query in queries:
                printer.print(query, await _found(archive, index, query, bounds))


async def _found(archive: Archive, index: Index, query: str, bounds: _Bounds) -> Results:
    asked = msgspec.structs.asdict(bounds) | {"titles": archive.titles()}
    found = await index.search(query, **asked)
    if not index.is_stale:
        return found
    # What was copied is damaged, which only reading tells.
    await archive.refresh()
    return await index.search(query, **asked)


class _Printer(msgspec.Struct, frozen=True):
    """Prints hits; *named*: with the query that each is for."""

    form: str
    named: bool

    def print(self, query: str, found: Results) -> None:
        """Print the hits of a query; where there are none, say so beside the output."""
        for hit in found.hits:
            click.echo("\n".join(self._lines(query, hit)))
        if not found.hits and self.form == "text":
            instead = f"; try: {', '.join(found.suggestions)}" if found.suggestions else ""
            click.echo(harmless(f"{query}: nothing found{instead}"), err=True)

    def _lines(self, query: str, hit: Hit) -> Iterator[str]:
        snippet = "".join(text for text, _ in hit.snippet)
        if self.form == "json":
            yield msgspec.json.encode(_line(hit, snippet, query if self.named else None)).decode()
            return
        yield f"{hit.day}  {harmless(hit.title)}"
        yield from (f"            {harmless(part)}" for part in (snippet, hit.url) if part)


def _line(hit: Hit, snippet: str, query: str | None) -> dict[str, object]:
    line: dict[str, object] = {
        "digest_id": hit.digest_id,
        "date": hit.day,
        "digest": hit.digest_title,
        "section": hit.section,
        "title": hit.title,
        "url": hit.url,
        "snippet": snippet,
        "topics": hit.topics,
    }
    return line if query is None else line | {"query": query}
