"""Answers from when they are heard until they are written down in the outbox.

That waits for the disk, so each is noted in the journal first: a crash loses none that was heard.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import structlog

from bot.services.settling import Answer
from bot.storage.journal import Journal

_log = structlog.get_logger(__name__)

_encode = msgspec.json.Encoder().encode
_decode: Callable[[bytes], Answer] = msgspec.json.Decoder(Answer).decode


class Answers:
    """What was heard, the oldest first."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._heard: list[Answer] = []

    def of_former_process(self) -> list[Answer]:
        """Give what one before us heard, among it what it wrote down."""
        entries = self._journal.read()
        noted = [answer for answer in map(_read, entries) if answer is not None]
        if torn := len(entries) - len(noted):
            _log.warning("torn notes of answers, may be sent again", count=torn)
        return noted

    def add(self, answer: Answer) -> None:
        """Hear one more."""
        self._heard.append(answer)
        self._journal.add(_encode(answer))

    def all(self) -> list[Answer]:
        """Give what is to be written down."""
        return self._heard[:]

    def drop(self, count: int) -> None:
        """Forget so many of the oldest, which are written down."""
        del self._heard[:count]
        self._journal.keep([_encode(answer) for answer in self._heard])


def _read(entry: bytes) -> Answer | None:
    try:
        return _decode(entry)
    except ValueError:  # of JSON, or of what is no text
        return None
