"""The only reader of the archive's files: lists them, and makes a report of each."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from bot.digests import norms, source_file
from bot.digests.identity import told_apart
from bot.digests.parser import MAX_BYTES, parse
from bot.digests.problems import Code, added, problem
from bot.digests.topics import Topics
from bot.model import Problem, Report, Source, Status

ROOT = "."
"""The path of the archive's own folder, where that cannot be listed."""
LOST_AND_FOUND = "lost+found"
"""A folder that file systems keep for themselves, and that root alone may list."""
# Other texts lie in archives, too: these are digests only where they begin with front matter.
_PLAIN_SUFFIX = ".txt"
_SUFFIXES = (".md", ".markdown", _PLAIN_SUFFIX)
_FENCES = ("---\n", "---\r\n", "+++\n", "+++\r\n")


class ArchiveFile(NamedTuple):
    """A file of the archive, or a fault in it; *path* is relative, with forward slashes.

    *held* is why nothing of its source may be pushed: nobody knows where to. *ruled_ns* is when
    that file was written which describes its source.
    """

    path: str
    size: int
    mtime_ns: int
    source: Source
    fault: Problem | None = None
    held: Problem | None = None
    ruled_ns: int = 0


class Library:
    """An archive: files directly in *root*, and a folder for each further source.

    It keeps no state between calls, so it may be used from several threads and processes.
    """

    def __init__(self, root: Path, topics: Topics, today: Callable[[], date] | None = None) -> None:
        # Not resolved: a link may come to lead to another folder.
        self._root = root.absolute()
        self._topics = topics
        self._today = today

    @property
    def today(self) -> date | None:
        """Tell the day after which days lie in the future, if any do."""
        return self._today() if self._today else None

    def as_of_today(self) -> Library:
        """Give a library that can be sent to another process; its day does not change."""
        today = self.today
        fixed = partial(date.fromordinal, today.toordinal()) if today else None
        return Library(self._root, self._topics, fixed)

    def sources(self) -> tuple[Source, ...]:
        """List the sources that have files, by name."""
        return tuple(dict.fromkeys(file.source for file in self.files()))

    def files(self) -> Iterator[ArchiveFile]:
        """List digests, in order of their paths; hidden files and other suffixes are no digests."""
        found = sorted(self._walk(), key=lambda file: file.path)
        described = self._describe(found)
        written = {file.path: file.mtime_ns for file in found}
        for file in found:
            source, fault = described[file.source.name]
            known = file._replace(source=source, ruled_ns=written.get(rules_of(source.name), 0))
            if not file.path.endswith(source_file.NAME):
                yield known._replace(held=_referred(fault, rules_of(source.name), written))
            elif fault:
                yield known._replace(fault=fault)

    def read(self, file: ArchiveFile) -> Report:
        """Make a report of a file; its id is not yet told apart from those of its day."""
        if file.fault:
            return Report(file.path, Status.INVALID, None, (file.fault,))
        if file.size > MAX_BYTES:
            limit = f"{MAX_BYTES // 1_000_000} MB"
            return _invalid(file.path, problem(Code.TOO_LARGE, limit=limit))
        try:
            data = self._bytes(file.path, MAX_BYTES + 1)
        except OSError as error:
            return _invalid(file.path, problem(Code.UNREADABLE, detail=error.strerror or ""))
        report = parse(data, file.path, file.source, self._topics, today=self.today)
        return added(report, file.held) if file.held else report

    def load(self) -> Iterator[Report]:
        """Read all files, in order of their paths, ids told apart."""
        return told_apart(self.read(file) for file in self.files())

    def _walk(self) -> Iterator[ArchiveFile]:
        faults: list[OSError] = []
        for folder, folders, names in os.walk(self._root, onerror=faults.append):
            folders[:] = [name for name in folders if not _is_hidden(name)]
            yield from self._linked_elsewhere(f"{folder}/{name}" for name in folders)
            for name in names:
                if _is_wanted(name) and (file := self._file(f"{folder}/{name}")):
                    yield file
        for fault in faults:
            yield self._faulty(str(fault.filename), Code.UNREADABLE, fault.strerror or "")

    def _linked_elsewhere(self, locations: Iterable[str]) -> Iterator[ArchiveFile]:
        """Name links to folders outside; what those within lead to is read at its own place."""
        root = self._root.resolve()
        for location in map(Path, locations):
            if location.is_symlink() and not location.resolve().is_relative_to(root):
                yield self._faulty(str(location), Code.OUTSIDE)

    def _file(self, location: str) -> ArchiveFile | None:
        try:
            status, is_ours = os.lstat(location), True
            if stat.S_ISLNK(status.st_mode):
                linked = Path(location).resolve(strict=True)
                status, is_ours = linked.stat(), linked.is_relative_to(self._root.resolve())
        except (OSError, RuntimeError) as error:
            # Links in a circle are a RuntimeError.
            detail = error.strerror or "" if isinstance(error, OSError) else "it leads to itself"
            return self._faulty(location, Code.UNREADABLE, detail)
        if not stat.S_ISREG(status.st_mode):
            return None
        return self._regular(location, status) if is_ours else self._faulty(location, Code.OUTSIDE)

    def _regular(self, location: str, status: os.stat_result) -> ArchiveFile | None:
        path = self._path(location)
        if not _is_utf8(path):
            return self._faulty(location, Code.BAD_NAME)
        if path.lower().endswith(_PLAIN_SUFFIX) and not self._has_matter(path):
            return None
        return ArchiveFile(path, status.st_size, status.st_mtime_ns, Source(source_of(path)))

    def _has_matter(self, path: str) -> bool:
        return self._head(path).removeprefix("\ufeff").startswith(_FENCES)

    def _faulty(self, location: str, code: Code, detail: str = "") -> ArchiveFile:
        path = os.fsencode(self._path(location)).decode("utf-8", "replace")
        return ArchiveFile(path, 0, 0, Source(source_of(path)), problem(code, detail=detail))

    def _path(self, location: str) -> str:
        """Give the path within the archive."""
        return location[len(str(self._root)) + 1 :] or ROOT

    def _describe(self, files: list[ArchiveFile]) -> dict[str, source_file.Described]:
        paths: dict[str, list[str]] = {file.source.name: [] for file in files}
        for file in files:
            if not file.fault:
                paths[file.source.name].append(file.path)
        return {name: self._described(name, own) for name, own in paths.items()}

    def _described(self, name: str, paths: list[str]) -> source_file.Described:
        found = source_file.describe(name, self._source_file(name))
        heads = list(map(self._head, norms.sample(paths)))
        source = norms.completed(found.source, heads)
        topical = norms.are_topical(heads, self._topics)
        return found._replace(source=replace(source, is_topical=topical))

    def _source_file(self, name: str) -> bytes | None:
        try:
            return self._bytes(rules_of(name), source_file.MAX_BYTES)
        except FileNotFoundError:
            return None
        except OSError:
            return source_file.UNREADABLE

    def _head(self, path: str) -> str:
        try:
            return self._bytes(path, norms.HEAD).decode("utf-8", "ignore")
        except OSError:
            return ""

    def _bytes(self, path: str, most: int) -> bytes:
        # Not waiting: a pipe that nobody writes to would be waited for without end.
        number = os.open(f"{self._root}/{path}", os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(number, "rb") as stream:
            status = os.fstat(number)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(errno.EINVAL, "it is no file")
            # Room is made for as much as is asked for.
            return stream.read(min(most, status.st_size))


def is_text(path: str) -> bool:
    """Tell whether a path within the archive may be a digest; what is hidden holds none."""
    return path.lower().endswith(_SUFFIXES) and not any(map(_is_hidden, path.split("/")))


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == LOST_AND_FOUND


def _is_wanted(name: str) -> bool:
    return name == source_file.NAME or is_text(name)


def source_of(path: str) -> str:
    """Give the source of a path within the archive; "" for what lies directly there."""
    folder, slash, _ = path.partition("/")
    return folder if slash else ""


def rules_of(source: str) -> str:
    """Give the path of the file that describes a source."""
    return f"{source}/{source_file.NAME}" if source else source_file.NAME


def _referred(fault: Problem | None, rules: str, listed: Mapping[str, int]) -> Problem | None:
    """What is said of a source's own file is not said again of each of its digests."""
    if fault is None or rules not in listed:
        return fault
    return problem(Code.BAD_SOURCE_FILE, about=fault.about, detail=f"see {rules}")


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _invalid(path: str, fault: Problem) -> Report:
    return Report(path, Status.INVALID, None, (fault,))
