"""Try a call until the network lets it through; say once that it is gone, once that it is back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from telegram.error import BadRequest, Conflict, NetworkError, RetryAfter

from bot.telegram_api.errors import seconds_of

log = structlog.get_logger()
T = TypeVar("T")

FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0


class Patience:
    """Keeps calling Telegram while it cannot be reached, with growing waits."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._trouble = ""

    async def __call__(self, call: Callable[[], Awaitable[T]]) -> T:
        """Return what *call* returns, however long that takes.

        Raises:
            telegram.error.TelegramError: where trying again cannot help, such as a wrong token.
        """
        wait = FIRST_WAIT
        while True:
            try:
                result = await call()
            except BadRequest:  # a NetworkError in PTB's tree, but a fault of ours
                raise
            except RetryAfter as error:
                await self._sleep(seconds_of(error))
            except (NetworkError, Conflict) as error:
                self._say_trouble(error)
                await self._sleep(wait)
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                self._say_well()
                return result

    def _say_trouble(self, error: NetworkError | Conflict) -> None:
        trouble = _trouble(error)
        if trouble != self._trouble:
            log.warning(trouble, error=str(error))
            self._trouble = trouble

    def _say_well(self) -> None:
        if self._trouble:
            log.info("Telegram answers again")
            self._trouble = ""


def _trouble(error: NetworkError | Conflict) -> str:
    if not isinstance(error, Conflict):
        return "Telegram cannot be reached; trying on"
    # Both of Telegram's sentences name it: while it is set, and to who polls when it is being set.
    if "webhook" in error.message.lower():
        return "another process set a webhook for this token; stop it and start this one again"
    return "another process polls with this token; stop it"
