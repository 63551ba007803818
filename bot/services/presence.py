"""Whether an archive's folder is there: what merely cannot be seen is not taken as gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import structlog

from bot.digests.library import ROOT, ArchiveFile
from bot.digests.problems import Code

log = structlog.get_logger()


class Presence:
    """Notices when the folder is away, and says so once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._held_files: tuple[int, int] | None = None
        self._problem = ""

    def identity(self) -> tuple[int, int] | None:
        """Tell the folder from another one of its name; None where there is none."""
        try:
            status = self._root.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def is_away(self, files: Mapping[str, ArchiveFile], *, had_files: bool) -> bool:
        """Tell whether the folder cannot be listed, or is an empty one in place of one with files.

        An empty one is what is left where a disk is not mounted.
        """
        folder, problem = self.identity(), ""
        if ROOT in files and (fault := files[ROOT].fault):
            problem = fault.message
        elif had_files and not files and folder != self._held_files:
            problem = "the folder is empty"
        elif files:
            self._held_files = folder
        self._say_once(problem)
        return bool(problem)

    def _say_once(self, problem: str) -> None:
        if problem and not self._problem:
            log.warning("archive is away, the last state stays", problem=problem)
        elif self._problem and not problem:
            log.info("archive is back")
        self._problem = problem


def hidden(paths: Iterable[str], files: Mapping[str, ArchiveFile]) -> set[str]:
    """Give what lies in folders that cannot be listed now."""
    folders = tuple(
        f"{file.path}/"
        for file in files.values()
        if file.fault and file.fault.code == Code.UNREADABLE
    )
    return {path for path in paths if path.startswith(folders)}
