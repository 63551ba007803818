"""The table of topics while the bot runs: read again whenever its file changes."""

from __future__ import annotations

from pathlib import Path

import structlog

from bot.digests.topics import Topics, TopicsError

log = structlog.get_logger()


class LiveTopics:
    """Keeps *topics* equal to its file; a broken file changes nothing."""

    def __init__(self, path: Path, topics: Topics) -> None:
        self._path = path
        self._topics = topics
        self._seen = self._mark()

    def reload(self) -> bool:
        """Read the file again where it was written since; tell whether the table changed."""
        mark = self._mark()
        if mark == self._seen:
            return False
        self._seen = mark
        try:
            table = Topics.load(self._path)
        except TopicsError as error:
            log.warning("topics not read, the old ones stay", problem=str(error))
            return False
        if table.digest == self._topics.digest:
            return False
        self._topics.become(table)
        log.info("topics read again", topics=len(table.names))
        return True

    def _mark(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size
