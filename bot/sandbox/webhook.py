"""Updates by webhook: sent one after another, again and again until they are taken."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from bot.sandbox import errors
from bot.sandbox.nouns import Json

# docs, setWebhook
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
CONNECTIONS = 40


class Webhook:
    """Where updates go, and how that went."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self.url = ""
        self.secret = ""
        self.connections = CONNECTIONS
        self.error: tuple[int, str] | None = None
        self.active = asyncio.Event()

    def set(self, url: str, params: Json) -> None:
        """Take a new address."""
        parts = urlsplit(url)
        # Telegram wants HTTPS; the sandbox speaks plain HTTP to this machine as well.
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            # server, WebhookActor
            raise errors.bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        secret = str(params.get("secret_token", ""))
        if secret and not SECRET.fullmatch(secret):
            # server, get_webhook_secret_token
            raise errors.bad_request("secret token contains unallowed characters")
        self.url, self.secret, self.error = url, secret, None
        self.connections = int(params.get("max_connections", CONNECTIONS))
        self.active.set()

    def remove(self) -> None:
        """Forget the address."""
        self.url, self.secret, self.error = "", "", None
        self.active.clear()

    def failed(self, why: str) -> None:
        """Remember what went wrong last."""
        self.error = (int(self._now()), why)

    def info(self) -> Json:
        """Show the state as getWebhookInfo does, the updates left out."""
        info: Json = {"url": self.url, "has_custom_certificate": False}
        if self.url:
            info["max_connections"] = self.connections
        if self.error is not None:
            info |= {"last_error_date": self.error[0], "last_error_message": self.error[1]}
        return info
