"""``check``: say what each file of an archive is, and what is wrong with it."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

import click
import msgspec
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from bot.cli.archive import library_of, place_of, read_file, topics_of
from bot.cli.common import FOUND_WRONG, format_option, harmless, settings_from
from bot.digests.identity import told_apart
from bot.digests.names import uncovered
from bot.digests.problems import Code, status_of
from bot.digests.topics import Topics
from bot.model import Problem, Report, Status
from bot.settings import Settings, load_settings

MOST_NAMES = 20
# Programs cut lines themselves; and a folded path is none.
_NO_EDGE = 10_000
COLOURS = {
    Status.READY: "green",
    Status.HELD: "yellow",
    Status.SKIPPED: "bright_black",
    Status.INVALID: "bold red",
}


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@format_option
def check(paths: tuple[Path, ...], form: str) -> None:
    """Read digests and report what each is and what is wrong with it.

    PATHS are archives or single files; without any it is DIGEST_DIR. What lies in DIGEST_DIR is
    read as a part of it, any other folder as an archive of its own. Nothing is changed.
    The status is 1 where a file cannot be read.
    """
    settings = settings_from(load_settings)
    topics = topics_of(settings)
    places = paths or (_archive(settings),)
    reports = (report for path in places for report in _read(path, topics, settings, form))
    if form == "json":
        found = _print_json(reports)
    else:
        every = list(reports)
        found = _print_table(every)
        _print_uncovered(every, topics)
    sys.exit(FOUND_WRONG if found[Status.INVALID] else 0)


def _console(*, err: bool = False) -> Console:
    """Give the console for people; paths and titles are never taken for markup."""
    made = Console(markup=False, highlight=False, emoji=False, stderr=err)
    if not made.is_terminal:
        made.width = _NO_EDGE
    return made


def _archive(settings: Settings) -> Path:
    if not settings.digest_dir.is_dir():
        raise click.UsageError(f"DIGEST_DIR: {settings.digest_dir} is no folder")
    return settings.digest_dir


def _read(path: Path, topics: Topics, settings: Settings, form: str) -> Iterator[Report]:
    if path.is_file():
        yield msgspec.structs.replace(
            read_file(path, topics, settings), path=click.format_filename(path)
        )
        return
    root, place = place_of(path, path, settings)
    library = library_of(root, topics, settings)
    files = [file for file in library.files() if PurePosixPath(file.path).is_relative_to(place)]
    shown = form == "text" and sys.stderr.isatty()
    steps = track(files, str(path), console=_console(err=True), transient=True, disable=not shown)
    for report in told_apart(map(library.read, steps)):
        within = PurePosixPath(report.path).relative_to(place)
        yield msgspec.structs.replace(report, path=click.format_filename(path / within))


def _print_json(reports: Iterable[Report]) -> Counter[Status]:
    found: Counter[Status] = Counter()
    for report in reports:
        found[report.status] += 1
        click.echo(msgspec.json.encode(_line(report)))
    return found


def _line(report: Report) -> dict[str, object]:
    digest = report.digest
    return {
        "path": report.path,
        "status": report.status,
        "id": digest and digest.id,
        "source": digest and digest.source,
        "date": digest and digest.day,
        "title": digest and digest.title,
        "headlines": [headline.text for headline in digest.headlines] if digest else [],
        "items": len(digest.items) if digest else 0,
        "topics": digest.topics if digest else (),
        "problems": [
            {"code": one.code, "message": one.message, "line": one.line} for one in report.problems
        ],
    }


def _print_table(reports: Sequence[Report]) -> Counter[Status]:
    screen = _console()
    shared = _shared_folder(reports) if screen.is_terminal else ""
    table = Table(
        title=Text(shared), title_justify="left", box=None, header_style="bold", pad_edge=False
    )
    for name in ("status", "day"):
        table.add_column(name, no_wrap=True)
    table.add_column("items", justify="right")
    table.add_column("file", overflow="fold")
    table.add_column("title", no_wrap=True, max_width=screen.width // 3)
    for report in reports:
        table.add_row(*_row(report, shared))
    found = Counter(report.status for report in reports)
    screen.print(table, "")
    _print_problems(reports, screen)
    screen.print(", ".join(f"{found[status]} {status}" for status in Status))
    return found


def _print_problems(reports: Iterable[Report], screen: Console) -> None:
    """Name what is wrong in the form of compilers, which editors and terminals follow."""
    problems = list(_told(reports))
    for report, problem in problems:
        place = f"{_path(report)}:{problem.line}" if problem.line else _path(report)
        code = (problem.code, COLOURS[status_of((problem,))])
        told = Text.assemble(f"{place}: ", code, f": {harmless(problem.message)}")
        screen.print(told, soft_wrap=True)
    if problems:
        screen.print()


def _told(reports: Iterable[Report]) -> Iterator[tuple[Report, Problem]]:
    """Yield the problems of files; what is left out of each of them is quoted once."""
    quoted: set[str] = set()
    for report in reports:
        for problem in report.problems:
            if problem.code == Code.LEFT_OUT:
                if problem.about in quoted:
                    continue
                quoted.add(problem.about)
            yield report, problem


def _print_uncovered(reports: Iterable[Report], topics: Topics) -> None:
    """Show what many items speak of and no topic covers."""
    digests = [report.digest for report in reports if report.digest]
    names = uncovered(digests, topics)[:MOST_NAMES]
    if names:
        listed = ", ".join(f"{name} ({count})" for name, count in names)
        _console().print(Text(f"\nFrequent names that no topic covers: {listed}"))


def _shared_folder(reports: Sequence[Report]) -> str:
    """Give the folder of all files, which takes room in each row of a narrow terminal."""
    shared = os.path.commonprefix(list(map(_path, reports)))  # noqa: RUF071  # cut right below
    return "".join(shared.rpartition("/")[:2])


def _row(report: Report, shared: str) -> tuple[Text | str, ...]:
    digest = report.digest
    status = Text(report.status, COLOURS[report.status])
    file = _path(report).removeprefix(shared)
    if digest is None:
        return status, "", "", file, ""
    day, items = digest.day.isoformat(), str(len(digest.items))
    return status, day, items, file, harmless(digest.title)


def _path(report: Report) -> str:
    return harmless(report.path).replace("\n", "\\n")
