"""Whether an archive's folder is there: what merely cannot be seen is not taken as gone."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

import structlog

from bot.digests.library import ROOT, ArchiveFile, source_of
from bot.digests.problems import Code

log = structlog.get_logger()


class Presence:
    """Notices when the archive's folder or a source's is away, and says so once of the former.

    An empty one in place of one with files is what is left where a disk is not mounted.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._held_files: dict[str, tuple[int, int] | None] = {}
        self._problem = ""

    def identity(self, source: str = "") -> tuple[int, int] | None:
        """Tell a folder from another one of its name; None where there is none."""
        try:
            status = (self._root / source).stat()
        except OSError:
            return None
        return _identity(status)

    def is_away(self, files: Mapping[str, ArchiveFile], *, had_files: bool) -> bool:
        """Tell whether the archive cannot be listed, or is empty in place of one with files."""
        problem = ""
        if ROOT in files and (fault := files[ROOT].fault):
            problem = fault.message
        elif had_files and not files and self.identity() != self._held_files.get(""):
            problem = "the folder is empty"
        elif files:
            held = {"", *map(source_of, files)}
            self._held_files |= {source: self.identity(source) for source in held}
        self._say_once(problem)
        return bool(problem)

    def hidden(self, paths: Collection[str], files: Mapping[str, ArchiveFile]) -> set[str]:
        """Give what lies in folders that cannot be listed now, or of sources that are away."""
        emptied = set(map(source_of, paths)) - set(map(source_of, files)) - {""}
        away = [source for source in emptied if self._is_elsewhere(source)]
        closed = [file.path for file in files.values() if _is_closed(file)]
        folders = tuple(f"{folder}/" for folder in (*away, *closed))
        return {path for path in paths if path.startswith(folders)}

    def _is_elsewhere(self, source: str) -> bool:
        """Tell whether a folder is empty and not the one that held files, or does not answer."""
        folder = self._root / source
        try:
            status = folder.stat()
            if not stat.S_ISDIR(status.st_mode):
                return False
            is_another = _identity(status) != self._held_files.get(source)
            return is_another and not any(folder.iterdir())
        except FileNotFoundError:
            return False
        except OSError:
            return True

    def _say_once(self, problem: str) -> None:
        if problem and not self._problem:
            log.warning("archive is away, the last state stays", problem=problem)
        elif self._problem and not problem:
            log.info("archive is back")
        self._problem = problem


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _is_closed(file: ArchiveFile) -> bool:
    return file.fault is not None and file.fault.code == Code.UNREADABLE
