"""Have Telegram send updates to an address of ours, and watch that it can."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

import structlog
from telegram import WebhookInfo
from telegram.error import BadRequest, TelegramError

from bot.telegram_api.client import Client
from bot.telegram_api.inbox import Inbox
from bot.telegram_api.patience import Patience
from bot.telegram_api.stopping import Stop

log = structlog.get_logger()

WATCH_SECONDS = 60.0
# Telegram's default: each connection is free again as soon as its update is in hand.
CONNECTIONS = 40


class WebhookRefused(Exception):  # noqa: N818 - named for what it says
    """Telegram does not take the address; the message is its own."""


class Webhook:
    """Lets updates come into *inbox* by HTTP, as long as Telegram's word holds."""

    def __init__(
        self,
        client: Client,
        inbox: Inbox,
        url: str,
        secret: str,
        allowed: Sequence[str],
        patience: Patience,
        watch_seconds: float = WATCH_SECONDS,
    ) -> None:
        self._client = client
        self._inbox = inbox
        self._url = url
        self._secret = secret
        self._allowed = allowed
        self._patience = patience
        self._watch_seconds = watch_seconds
        self._stop = Stop()
        self._last_error: datetime | None = None

    def stop(self) -> None:
        """Ask `run` to end; updates come again once the bot is back, for a day."""
        self._stop.ask()

    async def run(self) -> None:
        """Give Telegram the address, and again whenever it has another, until stopped.

        Raises:
            WebhookRefused: it does not take that at the start.
        """
        self._inbox.open()
        try:
            await self._stop.cutting(self._set)
        except BadRequest as error:
            raise WebhookRefused(error.message) from error
        while not self._stop.is_asked:
            await self._stop.cutting(lambda: asyncio.sleep(self._watch_seconds))
            await self._stop.cutting(self._watch)
        self._inbox.close()

    async def _set(self) -> None:
        await self._patience(
            lambda: self._client.set_webhook(
                self._url,
                allowed_updates=self._allowed,
                max_connections=CONNECTIONS,
                secret_token=self._secret,
            )
        )
        log.info("webhook set", url=self._url)

    async def _watch(self) -> None:
        try:
            info = await self._client.get_webhook_info()
            self._say_trouble(info)
            if info.url != self._url:
                log.warning("the webhook is another's now; set again", url=info.url)
                await self._set()
        except BadRequest as error:
            # It was taken once: a name that cannot be found now can be found again.
            log.warning("webhook refused; tried again soon", why=error.message)
        except TelegramError as error:
            log.debug("webhook not looked at; tried again soon", why=error.message)

    def _say_trouble(self, info: WebhookInfo) -> None:
        """Say why Telegram could not bring an update, once for each time."""
        if info.last_error_date and info.last_error_date != self._last_error:
            waiting = info.pending_update_count
            log.warning("webhook not reached", why=info.last_error_message, waiting=waiting)
            self._last_error = info.last_error_date
