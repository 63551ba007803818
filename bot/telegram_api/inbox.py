"""Where updates come in, however they come: each is read and handed on once."""

from __future__ import annotations

from typing import Any

import structlog
from telegram import Update
from telegram.ext import Application

from bot.telegram_api.client import RawUpdate

log = structlog.get_logger()

# Telegram repeats what it thinks was not taken within minutes; so many come in hours.
REMEMBERED = 10_000
LONGEST_REASON = 200


class Inbox:
    """Hands updates to the handlers while it is open and they keep up."""

    def __init__(self, app: Application[Any, Any, Any, Any, Any, Any]) -> None:
        self._app = app
        self._is_open = False
        # A dict for its order: the oldest number is forgotten first.
        self._taken: dict[int, None] = {}

    def open(self) -> None:
        """Take updates from now on."""
        self._is_open = True

    def close(self) -> None:
        """Take no more: what is refused from now on comes again at the next start."""
        self._is_open = False

    def take(self, update: RawUpdate) -> bool:
        """Tell whether *update* is in hand, so that Telegram may forget it."""
        number: int = update["update_id"]
        if number in self._taken:
            return True
        if not self._is_open or self._is_full():
            return False
        self._remember(number)
        if (read := self._read(update)) is not None:
            self._app.update_queue.put_nowait(read)
        return True

    def _is_full(self) -> bool:
        processor = self._app.update_processor
        in_hand = processor.current_concurrent_updates + self._app.update_queue.qsize()
        return in_hand >= processor.max_concurrent_updates

    def _remember(self, number: int) -> None:
        self._taken[number] = None
        if len(self._taken) > REMEMBERED:
            del self._taken[next(iter(self._taken))]

    def _read(self, update: RawUpdate) -> Update | None:
        try:
            return Update.de_json(update, self._app.bot)
        except Exception as error:  # noqa: BLE001 - it may be anything; the next ones can be read
            reason = f"{type(error).__name__}: {error}"[:LONGEST_REASON]
            log.warning(
                "update not understood, passed over", update=update["update_id"], why=reason
            )
            return None
